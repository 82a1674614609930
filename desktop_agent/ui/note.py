"""A sentence about a turn, with at most one thing to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.icon_label import IconLabel


class Note(QFrame):
    """`look` is "quiet" or "failure"; `pressed` is emitted when the button is."""

    pressed = Signal()

    def __init__(self, look: str, text: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, look)
        failed = look == "failure"
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*((14, 10, 10, 10) if failed else (0, 0, 0, 0)))
        layout.setSpacing(9)
        layout.addWidget(IconLabel("warning" if failed else "info", "danger" if failed else "muted"))
        self.label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_look(self.label, "" if failed else "muted")
        layout.addWidget(self.label, 1)
        if action:
            self.button = push_button(action, "link" if not failed else "")
            self.button.clicked.connect(self.pressed)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
