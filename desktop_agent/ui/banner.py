"""Something the user should know, at the top of the window, until it is dismissed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.icon_label import IconLabel


class Banner(QFrame):
    """A sentence with at most one thing to do about it; hides itself when it is dismissed."""

    pressed = Signal()

    def __init__(self, text: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(18, 8, 12, 8)
        layout.setSpacing(12)
        layout.addWidget(IconLabel("shield" if action else "warning", "warning"))
        self.label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        layout.addWidget(self.label, 1)
        if action:
            self.button = push_button(action)
            self.button.clicked.connect(self.pressed)
            layout.addWidget(self.button)
        close = IconButton("close", self.tr("Dismiss"))
        close.clicked.connect(self.hide)
        layout.addWidget(close)
