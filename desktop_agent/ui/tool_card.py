"""One tool call: what the model wants to do, the user's decision, and what came of it."""

import time

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui import theme, tool_names
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

GUARD_SECONDS = 0.5
"""Clicks and keys that come sooner were meant for something else."""
LONGEST_RESULT = 8_000
RESULT_LINES = 12


class ToolCard(QFrame):
    """`decided` carries "once", "chat" or "deny"."""

    decided = Signal(str)

    def __init__(self, call: ToolCall, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.call = call
        self.state = "running"
        self._shown_at = 0.0
        self._decision = ""
        self._question: QWidget | None = None
        self._result: QPlainTextEdit | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 7, 10, 7)
        self._layout.setSpacing(8)
        self._layout.addLayout(self._head())
        self._note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, visible=False)
        set_look(self._note, "small")
        self._layout.addWidget(self._note)
        self._show_state("running", self.tr("Running…"))

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(IconLabel(tool_names.icon(self.call.name), "muted"))
        title = QLabel(tool_names.title(self.call.name), textFormat=Qt.TextFormat.PlainText)
        set_look(title, "strong")
        head.addWidget(title)
        self._summary = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._summary.setFont(theme.current().font("code"))
        rows = tool_names.rows(self.call)
        shortest = self.fontMetrics().elidedText(rows[0][1], Qt.TextElideMode.ElideMiddle, 260) if rows else ""
        self._summary.setText(shortest)
        head.addWidget(self._summary)
        head.addStretch()
        self._status = QLabel(textFormat=Qt.TextFormat.PlainText)
        set_look(self._status, "small")
        head.addWidget(self._status)
        self._toggle = IconButton("chevron-right", self.tr("Show the result"))
        self._toggle.setCheckable(True)
        self._toggle.setVisible(False)
        self._toggle.toggled.connect(self._show_result)
        head.addWidget(self._toggle)
        return head

    def ask(self) -> None:
        """Ask the user whether the call may be carried out; deny is the default."""
        set_look(self, "asking")
        self._summary.hide()
        self._layout.setContentsMargins(16, 14, 16, 14)
        self._show_state("asking", self.tr("Waiting for you"))
        self._question = self._build_question()
        self._layout.addWidget(self._question)
        self._shown_at = time.monotonic()

    def _build_question(self) -> QWidget:
        question = QWidget()
        layout = QVBoxLayout(question)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        if rows := tool_names.rows(self.call):
            layout.addWidget(_arguments(rows))
        layout.addLayout(self._buttons())
        return question

    def _buttons(self) -> QHBoxLayout:
        once = push_button(self.tr("Allow once"), "primary")
        chat = push_button(self.tr("Allow in this chat"))
        self.deny_button = push_button(self.tr("Deny"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, decision in ((once, "once"), (chat, "chat"), (self.deny_button, "deny")):
            button.setObjectName(decision)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.installEventFilter(self)
            button.clicked.connect(lambda _checked=False, decision=decision: self._decide(decision))
            buttons.addWidget(button)
        buttons.addStretch()
        return buttons

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A held key is no decision, and Enter presses the button that has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.isAutoRepeat():
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def _decide(self, decision: str) -> None:
        if self.state != "asking" or time.monotonic() - self._shown_at < GUARD_SECONDS:
            return
        self._decision = decision
        self._end_question()
        self._show_state("running", self.tr("Not allowed") if decision == "deny" else self.tr("Running…"))
        self.decided.emit(decision)

    def _end_question(self) -> None:
        if self._question is None:
            return
        set_look(self, "card")
        self._layout.setContentsMargins(12, 7, 10, 7)
        self._question.hide()
        self._question.deleteLater()
        self._question = None
        self._summary.show()

    def finish(self, result: ToolResult) -> None:
        """Show what came of it."""
        self._end_question()
        self._text = visible(result.text[:LONGEST_RESULT])
        if len(result.text) > LONGEST_RESULT:
            self._text += "\n" + self.tr("… {count} more characters").format(count=len(result.text) - LONGEST_RESULT)
        if self._decision == "deny":
            self._show_state("refused", self.tr("Not allowed"))
        elif result.ok:
            self._show_state("done", self.tr("Done"))
            self._toggle.setVisible(bool(self._text))
        else:
            self._show_state("failed", self.tr("Not carried out"))
            self._note.setText(self._text)
            self._note.setVisible(bool(self._text))

    def end(self) -> None:
        """The turn ended before the tool did."""
        if self.state in ("running", "asking"):
            self._end_question()
            self._show_state("refused", self.tr("Not carried out"))

    def _show_state(self, state: str, text: str) -> None:
        self.state = state
        self._status.setText(text)
        self.setAccessibleName(f"{tool_names.title(self.call.name)}: {text}")

    def _show_result(self, shown: bool) -> None:
        self._toggle.show_icon("chevron-down" if shown else "chevron-right")
        if self._result is None:
            self._result = _result_view(self._text)
            self._layout.addWidget(self._result)
        self._result.setVisible(shown)


def _arguments(rows: list[tuple[str, str]]) -> QWidget:
    box = QFrame()
    set_look(box, "sunken")
    grid = QGridLayout(box)
    grid.setContentsMargins(12, 9, 12, 9)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(rows):
        label = QLabel(name, textFormat=Qt.TextFormat.PlainText)
        set_look(label, "muted")
        grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
        view = TextView("code")
        view.show_plain(value)
        grid.addWidget(view, number, 1)
    return box


def _result_view(text: str) -> QPlainTextEdit:
    view = QPlainTextEdit(text.rstrip(), readOnly=True)
    view.setFont(theme.current().font("code"))
    view.setFrameShape(QFrame.Shape.NoFrame)
    lines = min(text.rstrip().count("\n") + 1, RESULT_LINES)
    view.setFixedHeight(view.fontMetrics().lineSpacing() * lines + 36)
    set_look(view, "result")
    return view
