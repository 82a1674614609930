"""A program text with its language, its colours and a Copy button."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.ui import highlight
from desktop_agent.ui.buttons import CopyButton, set_look
from desktop_agent.ui.text_view import TextView


class CodeBlock(QFrame):
    """Grows while the text streams in; colours come when it is finished."""

    def __init__(self, language: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "code")
        self.language = language
        self.text = ""
        self.view = TextView("code", wraps=False)
        self.view.setAccessibleName(self.tr("Code"))
        self._highlighter = highlight.Highlighter(self.view.document())
        self.copy_button = CopyButton(lambda: self.text, self.tr("Copy this code"))
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 5, 6, 0)
        label = QLabel(self.language or self.tr("text"))
        set_look(label, "small")
        head.addWidget(label)
        head.addStretch()
        head.addWidget(self.copy_button)
        body = QVBoxLayout()
        body.setContentsMargins(14, 2, 14, 10)
        body.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addLayout(body)

    def show_code(self, text: str, *, finished: bool) -> None:
        """Show the text; only what was added is laid out anew."""
        if text.startswith(self.text) and self.text:
            self._append(text[len(self.text) :])
        else:
            self.view.show_plain(text)
        self.text = text
        if finished:
            self._highlighter.show_spans(highlight.spans(text, self.language))

    def _append(self, text: str) -> None:
        cursor = self.view.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(text)
