"""What the cards of the Tools page have in common: an icon, a title, marks, buttons, and lines below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.fields import line
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.long_text import LINES, LongText
from desktop_agent.ui.text_view import TextView


class ToolsCard(QFrame):
    """`head` is the row of the title, `marks` the line of small words below it, `body` all that follows."""

    def __init__(self, icon: str, parent: QWidget | None = None, colour: str = "muted") -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.title = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_look(self.title, "strong")
        self.head = QHBoxLayout()
        self.head.setSpacing(9)
        self.head.addWidget(IconLabel(icon, colour), 0, Qt.AlignmentFlag.AlignVCenter)
        self.head.addWidget(self.title, 1, Qt.AlignmentFlag.AlignVCenter)
        self.marks = Flow(spacing=8)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(6)
        layout.addLayout(self.head)
        layout.addLayout(self.marks)
        layout.addLayout(self.body)

    def mark(self, look: str = "small") -> QLabel:
        """Return a new small word below the title, hidden until it says something."""
        label = line("", look)
        label.setWordWrap(False)
        self.marks.addWidget(label)
        return label

    def line(self, look: str = "") -> QLabel:
        """Return a new line of the body, hidden while it is empty."""
        label = line("", look)
        self.body.addWidget(label)
        return label


def words_view(text: str, name: str) -> QWidget:
    """Return a text of any length; a long one scrolls in a view of its own."""
    if text.count("\n") > LINES or len(text) > LINES * 80:
        return LongText(text, name)
    view = TextView("ui")
    view.setAccessibleName(name)
    view.show_plain(text)
    return view
