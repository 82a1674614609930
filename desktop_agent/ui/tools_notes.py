"""The user's notes, which the assistant may keep too."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_agent.records import Note
from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.composer import TextField
from desktop_agent.ui.fields import field, line, say
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.sentences import told
from desktop_agent.ui.tools_card import ToolsCard, words_view
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App

translate = QCoreApplication.translate
SEARCH_MS = 150


class NoteEditor(QFrame):
    """`saved` carries a title and a text, of which one may be empty."""

    saved = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.title = field(self.tr("Title"))
        self.text = TextField(self.tr("Text"))
        self.problem = line("", "danger")
        self.button = push_button(self.tr("Save"), "primary")
        self.button.clicked.connect(self._save)
        cancel = push_button(self.tr("Cancel"))
        cancel.clicked.connect(self.hide)
        self.text.edit.textChanged.connect(self._show_button)
        self.title.textChanged.connect(self._show_button)
        buttons = Flow(spacing=8)
        buttons.addWidget(self.button)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(8)
        for widget in (self.title, self.text, self.problem):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.hide()

    def open(self, title: str = "", text: str = "") -> None:
        """Begin with these."""
        self.title.setText(title)
        self.text.edit.setPlainText(text)
        say(self.problem, "")
        self._show_button()
        self.show()
        (self.text.edit if title else self.title).setFocus()

    def show_problem(self, error: Exception) -> None:
        """Say why it was not kept, and let the user go on."""
        say(self.problem, told(error), "danger")
        self._show_button()

    def _show_button(self) -> None:
        self.button.setEnabled(bool(self.title.text().strip() or self.text.edit.toPlainText().strip()))

    def _save(self) -> None:
        self.button.setEnabled(False)
        self.saved.emit(self.title.text().strip(), self.text.edit.toPlainText().strip())


class NoteCard(ToolsCard):
    """`edited` and `deleted` carry the Note."""

    edited = Signal(object)
    deleted = Signal(object)

    def __init__(self, note: Note, parent: QWidget | None = None) -> None:
        super().__init__("note", parent)
        self.edit, self.delete = IconButton("pencil", self.tr("Edit")), IconButton("trash", self.tr("Delete"))
        self.edit.clicked.connect(lambda: self.edited.emit(self.note))
        self.delete.clicked.connect(lambda: self.deleted.emit(self.note))
        self.head.addWidget(self.edit)
        self.head.addWidget(self.delete)
        self.date = self.mark()
        self.text: QWidget | None = None
        self.fill(note)

    def fill(self, note: Note) -> None:
        """Show how it is now."""
        self.note = note
        title = visible(note.title, kept="") or self.tr("Without a title")
        self.title.setText(title)
        self.edit.setAccessibleName(self.tr('Edit the note "{title}"').format(title=title))
        self.delete.setAccessibleName(self.tr('Delete the note "{title}"').format(title=title))
        say(self.date, formats.moment(note.updated_at), "small")
        if self.text:
            self.text.hide()
            self.text.deleteLater()
        self.text = words_view(visible(note.text), title) if note.text else None
        if self.text:
            self.body.addWidget(self.text)


class NotesSection(ToolsSection):
    """Notes are searched, written, changed and deleted; a deletion can be taken back."""

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "note", translate("NotesSection", "Notes"))
        self.search = QLineEdit(placeholderText=self.tr("Search notes"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.add = push_button(self.tr("New note"), "primary")
        self.editor = NoteEditor()
        self._edited: Note | None = None
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _words: self._later.start())
        self.add.clicked.connect(lambda: self._edit(None))
        self.editor.saved.connect(self._save)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(self.search, 1)
        across.addWidget(self.add)
        self.top.addLayout(across)
        self.top.addWidget(self.editor)

    def read(self) -> dict[str, Any]:
        return {note.id: note for note in self.app.tool_desk.notes(self.search.text().strip())}

    def make(self, item: Note) -> NoteCard:
        card = NoteCard(item)
        card.edited.connect(self._edit)
        card.deleted.connect(self._delete)
        return card

    def nothing(self) -> tuple[str, str]:
        if self.search.text().strip():
            return self.tr("No note fits"), self.tr("Try other words.")
        return self.tr("There are no notes"), self.tr("Write one here, or ask the assistant to note something down.")

    def _edit(self, note: Note | None) -> None:
        self._edited = note
        self.editor.open(note.title, note.text) if note else self.editor.open()

    def _save(self, title: str, text: str) -> None:
        desk, note = self.app.tool_desk, self._edited
        if note:
            changed = replace(note, title=title, text=text, updated_at=datetime.now(UTC).isoformat())
            self.do(lambda: desk.put_note(changed), lambda _: self.editor.hide(), self.editor.show_problem)
        else:
            self.do(lambda: desk.add_note(title, text), lambda _: self.editor.hide(), self.editor.show_problem)

    def _delete(self, note: Note) -> None:
        desk = self.app.tool_desk
        self.shelf.setFocus()  # the card takes the focus with it otherwise

        def undo() -> None:
            self.do(lambda: desk.put_note(note))

        self.do(
            lambda: desk.delete_note(note.id),
            lambda _: self.said.emit(self.tr("The note is deleted."), self.tr("Undo"), undo),
        )
