"""A memory's words, folded while they are long."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import push_button, set_look
from desktop_agent.ui.memory_marks import marked
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

CHARACTERS, LINES = 420, 7
"""What is shown of a long text at first."""


class MemoryText(QWidget):
    """Selectable text with the words that were searched for in bold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = self._words = ""
        self.view = TextView("ui")
        self._more: QPushButton | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.view)

    def fill(self, text: str, words: str = "") -> None:
        """Show another text."""
        self.text, self._words = visible(text), words
        folded = _folded(self.text)
        if folded != self.text and self._more is None:
            self._more = push_button(self.tr("Show all"), "link")
            self._more.clicked.connect(self._unfold)
            self.layout().addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        if self._more:
            self._more.setVisible(folded != self.text)
        self._show(folded)

    def show_past(self, *, on: bool) -> None:
        """Show the words as something that holds no more."""
        look = "past" if on else ""
        if self.view.property("look") != look:
            set_look(self.view, look)

    def _unfold(self) -> None:
        self._more.hide()
        self._show(self.text)

    def _show(self, text: str) -> None:
        self.view.setHtml(marked(text, self._words))
        self.setAccessibleName(text)


def _folded(text: str) -> str:
    lines = text.splitlines()
    if len(text) <= CHARACTERS * 1.3 and len(lines) <= LINES * 1.3:
        return text
    return "\n".join(lines[:LINES])[:CHARACTERS].rstrip() + "…"
