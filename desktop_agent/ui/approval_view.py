"""The question whether a tool may do what the model wants: what exactly it would do, and the possible answers."""

import time

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_agent.approvals import ApprovalRequest, Decision
from desktop_agent.ui import tool_names
from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.change_view import ChangeView
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.long_text import LINES, LongText
from desktop_agent.ui.sentences import told
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

LONGEST_NAME = 24
GUARD_SECONDS = 0.5
"""Clicks and keys that come sooner were meant for something else."""


class ApprovalView(QWidget):
    """`decided` carries a Decision. Deny is the default, and what is risky is said right above the buttons."""

    decided = Signal(str)

    def __init__(self, request: ApprovalRequest, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.request = request
        self.shown_at = time.monotonic()
        self.buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        if request.preview:
            layout.addWidget(ChangeView(request.preview))
        if rows := self._rows():
            layout.addWidget(self._arguments(rows))
        for line in self._warnings():
            layout.addWidget(line)
        layout.addLayout(self._answers())

    @property
    def deny_button(self) -> QPushButton:
        """The button that has the focus when nobody is interrupted by that."""
        return self.buttons["deny"]

    def decide(self, decision: Decision) -> None:
        """Answer, unless the question was only just put."""
        if time.monotonic() - self.shown_at >= GUARD_SECONDS:
            self.decided.emit(decision)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A held key is no decision, and Enter presses the button that has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.isAutoRepeat():
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def _rows(self) -> list[tuple[str, str]]:
        """Return the exact arguments, after the name of a tool that is not one of the program's own."""
        rows, name = tool_names.rows(self.request.call), self.request.call.name
        return rows if tool_names.is_built_in(name) else [(self.tr("Tool"), tool_names.title(name)), *rows]

    def _arguments(self, rows: list[tuple[str, str]]) -> QWidget:
        """Return the exact arguments; they are folded where a preview says better what they come to."""
        box = _arguments(rows)
        if not self.request.preview:
            return box
        box.hide()
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        button = push_button(self.tr("Show the exact arguments"), "link")
        button.setCheckable(True)
        button.toggled.connect(box.setVisible)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(box)
        return page

    def _warnings(self) -> list[QWidget]:
        lines = []
        if self.request.effect == "act":
            lines.append(_line("info", self.tr("What this tool does cannot be foreseen or undone here."), "quiet"))
        if self.request.tainted and self.request.effect in ("write", "act"):
            words = self.tr(
                "There is text from outside in this chat, which may have told the assistant to do this. "
                "Allow it only if it is what you asked for."
            )
            lines.append(_line("shield", words, "caution"))
        if self.request.risk:
            lines.append(_line("warning", told(self.request.risk), "failure"))
        return lines

    def _answers(self) -> Flow:
        words = {
            "once": self.tr("Allow once"),
            "chat": self.tr("Allow in this chat"),
            "folder": self.tr("Allow in this folder"),
            "always": self.tr("Always allow"),
            "deny": self.tr("Deny"),
        }
        offered = ("once", *self.request.scopes, "deny")
        answers = Flow(spacing=8)
        for decision in (each for each in words if each in offered):
            main = decision == "once" and self.request.effect == "read"
            button = self.buttons[decision] = push_button(words[decision], "primary" if main else "")
            button.setObjectName(decision)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.installEventFilter(self)
            button.clicked.connect(lambda _checked=False, decision=decision: self.decide(decision))
            answers.addWidget(button)
        if "folder" in self.buttons:
            self.buttons["folder"].setToolTip(visible(self.request.folder, kept=""))
        return answers


def _arguments(rows: list[tuple[str, str]]) -> QFrame:
    box = QFrame()
    set_look(box, "sunken")
    grid = QGridLayout(box)
    grid.setContentsMargins(12, 9, 12, 9)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(rows):
        is_long = len(name) > LONGEST_NAME
        grid.addWidget(_name(name), 2 * number, 0, 1, 2 if is_long else 1, Qt.AlignmentFlag.AlignTop)
        if is_long:
            grid.addWidget(_value(name, value), 2 * number + 1, 0, 1, 2)
        else:
            grid.addWidget(_value(name, value), 2 * number, 1)
    return box


def _name(name: str) -> QWidget:
    if len(name) > LONGEST_NAME:
        view = TextView("ui")
        view.show_plain(name)
        return view
    label = QLabel(name, textFormat=Qt.TextFormat.PlainText)
    set_look(label, "muted")
    return label


def _value(name: str, value: str) -> QWidget:
    """Return all of a value: a long one in a view of its own, which says how it ends."""
    if value.count("\n") or len(value) > LINES * 40:
        return LongText(value, name)
    view = TextView("code")
    view.setAccessibleName(name)
    view.show_plain(value)
    return view


def _line(icon: str, words: str, look: str) -> QFrame:
    colours = {"quiet": "muted", "caution": "warning", "failure": "danger"}
    frame = QFrame()
    set_look(frame, look)
    label = TextView("ui")  # it breaks what a label cannot, such as a path
    set_look(label, "past" if look == "quiet" else "")
    label.show_plain(words)
    layout = QHBoxLayout(frame)
    layout.setContentsMargins(*((0, 0, 0, 0) if look == "quiet" else (12, 8, 12, 8)))
    layout.setSpacing(9)
    layout.addWidget(IconLabel(icon, colours[look]), 0, Qt.AlignmentFlag.AlignTop)
    layout.addWidget(label, 1)
    return frame
