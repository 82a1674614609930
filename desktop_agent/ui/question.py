"""A question with a few answers; doing nothing is always one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.sheet import Sheet


@dataclass(frozen=True)
class Choice:
    """An answer: its words, its look, and what it does."""

    text: str
    look: str
    act: Callable[[], object]


class Question(Sheet):
    """Asks; `buttons` holds the answers in the order given, Cancel last, which has the focus."""

    def __init__(self, title: str, about: str, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(title, about, parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = QWidget()
        flow = Flow(row, spacing=8)
        self.buttons: list[QPushButton] = []
        for choice in choices:
            button = self._add(flow, choice.text, choice.look)
            button.clicked.connect(self.accept)
            button.clicked.connect(lambda _checked=False, choice=choice: choice.act())
        self._add(flow, self.tr("Cancel"), "").clicked.connect(self.reject)
        self.body.addSpacing(4)
        self.body.addWidget(row)
        self.buttons[-1].setFocus()

    def _add(self, flow: Flow, text: str, look: str) -> QPushButton:
        button = push_button(text, look)
        flow.addWidget(button)
        self.buttons.append(button)
        return button
