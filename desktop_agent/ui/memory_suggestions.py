"""The tray of facts that a model suggests to keep."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.memory_editor import MemoryEditor
from desktop_agent.ui.memory_frame import MemoryFrame
from desktop_agent.ui.memory_latest import Latest
from desktop_agent.ui.memory_shelf import Shelf
from desktop_agent.ui.memory_text import MemoryText
from desktop_agent.ui.memory_words import chat_title, short
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.suggestions import Suggestion


class SuggestionCard(MemoryFrame):
    """`opened` carries a conversation and a message, `accepted` the text to keep, `rejected` that it is not wanted."""

    opened = Signal(str, str)
    accepted = Signal(str)
    rejected = Signal()

    def __init__(self, suggestion: "Suggestion", parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.suggestion = suggestion
        self.text = MemoryText()
        self.text.fill(suggestion.text)
        self.editor = MemoryEditor(self.tr("The memory"), self.tr("Accept"))
        self.editor.saved.connect(self.accepted)
        self.editor.cancelled.connect(self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.text)
        layout.addWidget(self._source())
        layout.addWidget(self._buttons())
        layout.addWidget(self.editor)
        self.show_editing(on=False)
        self.setAccessibleName(short(suggestion.text))

    def _source(self) -> QFrame:
        suggestion = self.suggestion
        frame = QFrame()
        set_look(frame, "sunken")
        quote = MemoryText()
        quote.fill(suggestion.quote)
        title = short(chat_title(suggestion.conversation_title), 60)
        where = QLabel(f"{title} · {formats.day(suggestion.created_at)}", wordWrap=True)
        where.setTextFormat(Qt.TextFormat.PlainText)
        set_look(where, "small")
        self.open_button = push_button(self.tr("Open the message"), "link")
        self.open_button.clicked.connect(lambda: self.opened.emit(suggestion.conversation_id, suggestion.message_id))
        below = QHBoxLayout()
        below.addWidget(where, 1)
        below.addWidget(self.open_button)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(quote)
        words.addLayout(below)
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(12, 10, 10, 6)
        layout.setSpacing(10)
        layout.addWidget(IconLabel("quote"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        return frame

    def _buttons(self) -> QWidget:
        self.accept_button = push_button(self.tr("Accept"), "primary")
        self.accept_button.clicked.connect(lambda: self.accepted.emit(self.suggestion.text))
        self.edit_button = push_button(self.tr("Edit and accept"))
        self.edit_button.clicked.connect(lambda: self.show_editing(on=True))
        self.reject_button = push_button(self.tr("Reject"), "quiet")
        self.reject_button.clicked.connect(self.rejected)
        self._row = QWidget()
        row = Flow(self._row, spacing=8)
        for button in (self.accept_button, self.edit_button, self.reject_button):
            button.setAccessibleName(f"{button.text()}: {short(self.suggestion.text)}")
            row.addWidget(button)
        return self._row

    def show_editing(self, *, on: bool) -> None:
        """Let the user change the words before they are kept."""
        self.text.setVisible(not on)
        self._row.setVisible(not on)
        self.editor.setVisible(on)
        if on:
            self.editor.open(self.suggestion.text)

    @property
    def is_asking(self) -> bool:
        """Whether the words are being edited."""
        return not self.editor.isHidden()

    def leave(self) -> None:
        """Leave the words as they were suggested."""
        self.show_editing(on=False)
        self.edit_button.setFocus()


class SuggestionsSection(QWidget):
    """`counted` carries how many there are; `opened` and `said` as in SavedSection."""

    opened = Signal(str, str)
    said = Signal(str, str, object)
    counted = Signal(int)

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._latest = Latest(background)
        self.shelf = Shelf(self._make, "sparkle", self.tr("Suggestions"))
        self.shelf.say(self.tr("Reading…"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.shelf)

    def refresh(self) -> None:
        """Read the suggestions again."""
        self._latest.run(self._app.desk.suggestions, self._show, self._fail)

    def _show(self, suggestions: "list[Suggestion]") -> None:
        self.counted.emit(len(suggestions))
        if suggestions:
            self.shelf.show_items({each.id: each for each in suggestions})
        else:
            about = self.tr(
                "While the computer is idle, a model of 7B or more looks for facts worth keeping and puts them here. "
                "Nothing is kept until you accept it."
            )
            self.shelf.say(self.tr("No suggestions"), about)

    def _make(self, suggestion: "Suggestion") -> SuggestionCard:
        card = SuggestionCard(suggestion)
        card.opened.connect(self.opened)
        card.accepted.connect(lambda text: self._accept(card, text))
        card.rejected.connect(lambda: self._reject(card))
        return card

    def _accept(self, card: SuggestionCard, text: str) -> None:
        desk, suggestion = self._app.desk, card.suggestion

        def work() -> None:
            saved = desk.accept(suggestion.id)
            if text != suggestion.text:
                desk.edit(saved.id, text)

        self._do(card, work, self.tr("Remembered."))

    def _reject(self, card: SuggestionCard) -> None:
        self._do(card, lambda: self._app.desk.reject(card.suggestion.id), self.tr("It will not be suggested again."))

    def _do(self, card: SuggestionCard, work: Callable[[], Any], words: str) -> None:
        self.shelf.setFocus()  # the card takes the focus with it otherwise
        card.setEnabled(False)
        self._background.run(work, done=lambda _: self._done(words), failed=self._fail)

    def _done(self, words: str) -> None:
        self.said.emit(words, "", None)
        self.refresh()

    def _fail(self, error: Exception) -> None:
        for card in self.shelf.cards.values():
            card.setEnabled(True)
        self.shelf.show_failure(told(error), self.tr("Read again"), self.refresh)
