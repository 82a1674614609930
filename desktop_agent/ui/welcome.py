"""What a new chat shows before anything was said."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.icon_label import IconLabel

SPACING = 10
MARGINS = 80
"""Above, below, and between words and suggestions."""


class Welcome(QWidget):
    """`suggested` carries a text to begin with."""

    suggested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(SPACING)
        layout.addStretch(2)
        self._icon = IconLabel("app", size=56)
        self._words = [
            _centred(self.tr("What can I help you with?"), "display"),
            _centred(self.tr("Everything stays on this computer."), "muted"),
        ]
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(6)
        for words in self._words:
            layout.addWidget(words)
        layout.addSpacing(16)
        self._suggestions: list[QPushButton] = []
        for text in (
            self.tr("Explain how a heat pump works, in plain words"),
            self.tr("Write a short, friendly e-mail that moves a meeting to Friday"),
            self.tr("What is in the folder I shared with you?"),
        ):
            button = push_button(text, "suggestion")
            button.clicked.connect(lambda _checked=False, text=text: self.suggested.emit(text))
            self._suggestions.append(button)
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make all suggestions as wide as the widest; what does not fit goes, the icon first."""
        super().resizeEvent(event)
        room = event.size().height() - MARGINS - _height(self._words, event.size().width())
        suggestions = _height(self._suggestions)
        self._icon.setVisible(room >= suggestions + _height([self._icon]))
        for button in self._suggestions:
            button.setVisible(room >= suggestions)
        widest = max(button.sizeHint().width() for button in self._suggestions)
        for button in self._suggestions:
            button.setFixedWidth(min(widest, event.size().width() - 48))


def _height(widgets: Sequence[QWidget], width: int = 0) -> int:
    """Return how high widgets are that stand below each other."""
    return sum(max(it.sizeHint().height(), it.heightForWidth(width)) + SPACING for it in widgets)


def _centred(text: str, look: str) -> QLabel:
    label = QLabel(text, alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
    set_look(label, look)
    return label
