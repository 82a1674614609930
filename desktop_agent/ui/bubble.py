"""What the user said."""

import math

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.text_view import TextView

WIDEST = 0.84
"""Of the column."""
FOLDED_CHARACTERS = 800
FOLDED_LINES = 12


class Bubble(QWidget):
    """The user's words as they were typed; a very long text is folded."""

    def __init__(self, text: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(width, 0)
        self.text = text
        self._frame = QFrame(self)
        set_look(self._frame, "bubble")
        self.view = TextView("body")
        self.view.setAccessibleName(self.tr("Your message"))
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(16, 10, 16, 11)
        inner.setSpacing(4)
        inner.addWidget(self.view)
        folded = _folded(text)
        if folded != text:
            self._more = push_button(self.tr("Show all"), "link")
            self._more.clicked.connect(self._unfold)
            inner.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._fit(width)
        self.view.show_plain(folded)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(self._frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit(self.width())

    def _fit(self, width: int) -> None:
        """Make the bubble as wide as its longest line, within limits."""
        metrics = QFontMetricsF(self.view.font())
        longest = max(
            (metrics.horizontalAdvance(line.expandtabs(8)) for line in self.text.splitlines()[:200]), default=0
        )
        padding = 32 + 4
        self._frame.setFixedWidth(int(min(math.ceil(longest) + padding, max(width * WIDEST, 80))))

    def _unfold(self) -> None:
        self._more.hide()
        self.view.show_plain(self.text)


def _folded(text: str) -> str:
    lines = text.splitlines()
    if len(text) <= FOLDED_CHARACTERS * 1.3 and len(lines) <= FOLDED_LINES * 1.3:
        return text
    return "\n".join(lines[:FOLDED_LINES])[:FOLDED_CHARACTERS].rstrip() + "…"
