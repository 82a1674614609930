"""One recalled note, unfolded: its words, where they are from, and what can be done about them."""

from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from desktop_agent.events import RecalledMemory
from desktop_agent.ui import formats
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.composer import TextField
from desktop_agent.ui.fields import line, say
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.speakers import spoken
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

Mode = Literal["reading", "fixing", "confirming"]


class RecalledCard(QFrame):
    """Each signal says what the user wants; `corrected` carries the new words, `closed` means to fold the card."""

    opened = Signal()
    corrected = Signal(str)
    forgotten = Signal()
    dismissed = Signal()
    closed = Signal()

    def __init__(self, memory: RecalledMemory, *, can_dismiss: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "sunken")
        self.memory = memory
        self._text = TextView("ui")
        self._text.show_plain(visible(spoken(memory.text) if memory.origin == "chat" else memory.text))
        self.field = TextField(self.tr("What is right instead"), visible(memory.text) if memory.memory_id else "")
        self.field.edit.submitted.connect(self._correct)
        self._question = line(_question(memory))
        self.problem = line("", "danger")
        self._rows: dict[Mode, QWidget] = {
            "reading": self._reading(can_dismiss),
            "fixing": self._fixing(),
            "confirming": self._confirming(),
        }
        self._lay_out()
        self.show_mode("reading")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 8)
        layout.setSpacing(6)
        layout.addWidget(line(source(self.memory), "small"))
        for widget in (self._text, self.field, self._question, self.problem, *self._rows.values()):
            layout.addWidget(widget)

    def _reading(self, can_dismiss: bool) -> QWidget:
        self.open_button = push_button(_open_label(self.memory), "link")
        self.open_button.clicked.connect(self.opened)
        self.fix_button = push_button(self.tr("Fix…"), "link")
        self.fix_button.clicked.connect(lambda: self.show_mode("fixing"))
        self.dismiss_button = push_button(self.tr("Not relevant"), "link")
        self.dismiss_button.clicked.connect(self.dismissed)
        self.dismiss_button.setVisible(can_dismiss)
        self.forget_button = push_button(self.tr("Forget…"), "link")
        self.forget_button.clicked.connect(lambda: self.show_mode("confirming"))
        return _row(self.open_button, self.fix_button, self.dismiss_button, self.forget_button)

    def _fixing(self) -> QWidget:
        self.save_button = push_button(self.tr("Save"), "primary")
        self.save_button.clicked.connect(self._correct)
        return _row(self.save_button, self._cancel())

    def _confirming(self) -> QWidget:
        self.confirm_button = push_button(self.tr("Forget for good"), "danger")
        self.confirm_button.clicked.connect(self._forget)
        return _row(self.confirm_button, self._cancel())

    def _cancel(self) -> QPushButton:
        cancel = push_button(self.tr("Cancel"))
        cancel.clicked.connect(lambda: self.show_mode("reading"))
        return cancel

    def show_mode(self, mode: Mode) -> None:
        """Show the note to read it, to fix it, or to confirm that it goes."""
        self._mode = mode
        self._text.setVisible(mode != "fixing" or not self.memory.memory_id)
        self.field.setVisible(mode == "fixing")
        self._question.setVisible(mode == "confirming")
        self.problem.hide()
        for name, row in self._rows.items():
            row.setVisible(name == mode)
        if mode == "fixing":
            self.field.setFocus()
        elif mode == "confirming":
            self._rows[mode].findChildren(QPushButton)[-1].setFocus()  # Cancel: nothing goes by a stray Enter

    def show_problem(self, text: str) -> None:
        """Say why something could not be done."""
        say(self.problem, text, "danger")
        self.confirm_button.setEnabled(True)
        self.confirm_button.setText(self.tr("Forget for good"))

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the card while it has the focus, not to the window."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._mode == "reading":
            self.closed.emit()
        else:
            self.show_mode("reading")
            self.fix_button.setFocus()

    def _forget(self) -> None:
        """It takes a moment: what is forgotten goes from the backups too."""
        self.confirm_button.setEnabled(False)
        self.confirm_button.setText(self.tr("Forgetting…"))
        self.forgotten.emit()

    def _correct(self) -> None:
        text = self.field.edit.toPlainText().strip()
        if text and text != self.memory.text:
            self.corrected.emit(text)
        else:
            self.show_mode("reading")


def source(memory: RecalledMemory) -> str:
    """Return where a note is from, in a sentence's part."""
    title = visible(memory.conversation_title, kept="") or translate("RecalledView", "Untitled chat")
    pattern = {
        "chat": translate("RecalledCard", 'Said in "{title}", {date}'),
        "said": translate("RecalledCard", "You asked to remember this, {date}"),
        "suggested": translate("RecalledCard", "Suggested, and you accepted it, {date}"),
        "written": translate("RecalledCard", "You wrote this, {date}"),
    }[memory.origin]
    return pattern.format(title=title, date=formats.day(memory.date))


def _open_label(memory: RecalledMemory) -> str:
    if memory.conversation_id:
        return translate("RecalledCard", "Open this chat")
    return translate("RecalledCard", "Show in Memory")


def _question(memory: RecalledMemory) -> str:
    if memory.memory_id:
        return translate("RecalledCard", "Forget this? It goes from the disk and cannot be brought back.")
    return translate(
        "RecalledCard",
        "Forget this? What was said is emptied in its chat, goes from the disk, and cannot be brought back.",
    )


def _row(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    flow = Flow(row, spacing=4)
    for button in buttons:
        flow.addWidget(button)
    return row


translate = QCoreApplication.translate
