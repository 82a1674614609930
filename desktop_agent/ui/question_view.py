"""What a tool asks the user: choices, own words, or no answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_agent.approvals import Question
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.composer import TextField
from desktop_agent.ui.flow import Flow
from desktop_agent.visible import visible


class QuestionView(QWidget):
    """`answered` carries the user's words, once; empty ones when they gave none."""

    answered = Signal(str)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: list[QPushButton] = []
        words = QLabel(visible(question.text), wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(words)
        if question.choices:
            layout.addLayout(self._offer(question.choices))
        self.field = TextField(self.tr("In your own words") if question.choices else self.tr("Your answer"))
        self.field.edit.submitted.connect(self._send)
        self.field.edit.textChanged.connect(self._show_button)
        self.send = push_button(self.tr("Answer"), "primary")
        self.send.clicked.connect(self._send)
        self.skip = push_button(self.tr("No answer"))
        self.skip.clicked.connect(lambda: self.answered.emit(""))
        buttons = Flow(spacing=8)
        buttons.addWidget(self.send)
        buttons.addWidget(self.skip)
        layout.addWidget(self.field)
        layout.addLayout(buttons)
        self._show_button()

    def take_focus(self) -> None:
        """Let the keyboard answer."""
        (self.choices[0] if self.choices else self.field.edit).setFocus()

    def _offer(self, choices: tuple[str, ...]) -> Flow:
        offer = Flow(spacing=8)
        for choice in choices:
            shown = visible(choice, kept="")
            button = push_button(shown.replace("&", "&&"))
            button.setAccessibleName(shown)
            button.setToolTip(shown)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked=False, choice=choice: self.answered.emit(choice))
            self.choices.append(button)
            offer.addWidget(button)
        return offer

    def _show_button(self) -> None:
        self.send.setEnabled(bool(self.field.edit.toPlainText().strip()))

    def _send(self) -> None:
        if words := self.field.edit.toPlainText().strip():
            self.answered.emit(words)
