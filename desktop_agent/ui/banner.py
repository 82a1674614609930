"""Something the user should know, at the top of the window, until it is dismissed."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QWidget

from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.icon_label import IconLabel

ROOMY_EMS = 36


class Banner(QFrame):
    """A sentence with what can be done about it; hides itself when it is dismissed.

    `buttons` are those of the actions, which are given with the words on them.
    """

    def __init__(
        self, text: str, actions: Mapping[str, Callable[[], None]], icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(IconLabel(icon or ("shield" if actions else "warning"), "warning"))
        self.label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._inside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._inside.addWidget(self.label, 1)
        self._inside.addLayout(self._actions(actions))
        layout.addLayout(self._inside, 1)
        close = IconButton("close", self.tr("Dismiss"))
        close.clicked.connect(self.hide)
        layout.addWidget(close)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Several buttons stand below the words where these would have little room beside them."""
        super().resizeEvent(event)
        narrow = len(self.buttons) > 1 and event.size().width() < ROOMY_EMS * self.fontMetrics().height()
        below, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._inside.setDirection(below if narrow else beside)

    def _actions(self, actions: Mapping[str, Callable[[], None]]) -> QHBoxLayout:
        self.buttons = [push_button(words) for words in actions]
        layout = QHBoxLayout()
        layout.setSpacing(8)
        for button, press in zip(self.buttons, actions.values(), strict=True):
            button.clicked.connect(lambda _checked=False, press=press: press())
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        return layout
