"""Rendered markdown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlock, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from desktop_agent.ui import markdown_html, theme
from desktop_agent.ui.text_view import TextView


class ProseView(TextView):
    """Paragraphs, lists, headings and quotes; with `wraps` false, a table that may be wider than the column."""

    def __init__(self, *, wraps: bool = True, parent: QWidget | None = None) -> None:
        super().__init__("body", wraps=wraps, parent=parent)
        self.source = ""
        self.document().setIndentWidth(24)
        theme.current().changed.connect(self._render)

    def show_markdown(self, source: str) -> None:
        """Show another text."""
        if source != self.source:
            self.source = source
            self._render()

    def _render(self) -> None:
        self.document().setDefaultStyleSheet(markdown_html.style())
        rendered = markdown_html.html(self.source)
        self.setHtml(rendered)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if "<a href" in rendered else Qt.FocusPolicy.ClickFocus)
        self._trim()
        self._fit()

    def _trim(self) -> None:
        """Take away the space around the text: who places the view decides about that."""
        last = self.document().lastBlock()
        if not last.text() and last != self.document().firstBlock():
            _collapse(last)  # Qt puts an empty line behind a table
        else:
            _set_margins(last, bottom=0)
        first = self.document().firstBlock()
        if not first.text() and first.next().isValid():
            _collapse(first)
        else:
            _set_margins(first, top=0)


def _set_margins(block: QTextBlock, **margins: int) -> None:
    form = block.blockFormat()
    if "top" in margins:
        form.setTopMargin(margins["top"])
    if "bottom" in margins:
        form.setBottomMargin(margins["bottom"])
    QTextCursor(block).setBlockFormat(form)


def _collapse(block: QTextBlock) -> None:
    form = QTextBlockFormat()
    form.setLineHeight(0, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    QTextCursor(block).setBlockFormat(form)
