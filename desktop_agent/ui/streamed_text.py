"""A text that is rendered while it streams in: finished parts once, the unfinished rest a few times a second."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.markdown_stream import MarkdownStream, Segment
from desktop_agent.ui.code_block import CodeBlock
from desktop_agent.ui.prose_view import ProseView

FRAME_MS = 33
REST = 4
"""Pause at least this many times as long as the last rendering took, so that the window stays quick."""
PROSE_LIMIT = 1500
"""Characters after which a new paragraph gets a view of its own: what stands before is not rendered again."""


class StreamedText(QWidget):
    """One column of prose, code, tables and formulas. `text` is the source."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(width, 0)
        self.text = ""
        self._stream = MarkdownStream()
        self._finished: list[Segment] = []
        self._settled = ""
        self._prose: ProseView | None = None
        self._block: CodeBlock | ProseView | None = None
        self._timer = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._timer.timeout.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)

    def feed(self, text: str) -> None:
        """Add text; it appears within a frame."""
        self.text += text
        self._finished += self._stream.feed(text)
        if not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Render what is left, now."""
        self._timer.stop()
        self._finished += self._stream.finish()
        self._show()

    def _show(self) -> None:
        began = time.perf_counter()
        for segment in self._finished:
            self._settle(segment)
        self._finished.clear()
        self._show_tail(self._stream.tail)
        self._timer.setInterval(max(FRAME_MS, round((time.perf_counter() - began) * 1000 * REST)))

    def _settle(self, segment: Segment) -> None:
        if segment.kind != "prose":
            self._show_block(segment, finished=True)
            self._block = None
            return
        self._settled = f"{self._settled}\n\n{segment.text}" if self._settled else segment.text
        self._show_prose(self._settled)
        if len(self._settled) > PROSE_LIMIT:
            self._end_prose()

    def _show_tail(self, tail: Segment | None) -> None:
        if tail is None:
            return
        if tail.kind == "prose":
            self._show_prose(f"{self._settled}\n\n{tail.text}" if self._settled else tail.text)
        else:
            self._show_block(tail, finished=False)

    def _show_prose(self, source: str) -> None:
        if self._prose is None:
            self._prose = self._add(ProseView())
        self._prose.show_markdown(source)

    def _end_prose(self) -> None:
        self._prose, self._settled = None, ""

    def _show_block(self, segment: Segment, *, finished: bool) -> None:
        if self._block is None:
            self._take_back_tail()
            self._end_prose()
            self._block = self._add(self._new_block(segment))
        if isinstance(self._block, CodeBlock):
            self._block.show_code(segment.text, finished=finished)
        else:
            self._block.show_markdown(segment.text)

    def _take_back_tail(self) -> None:
        """The block's first line was shown as prose until now."""
        if self._prose is not None and self._settled:
            self._prose.show_markdown(self._settled)
        elif self._prose is not None:
            self._prose.hide()
            self._prose.deleteLater()

    def _new_block(self, segment: Segment) -> CodeBlock | ProseView:
        if segment.kind == "table":
            return ProseView(wraps=False)
        return CodeBlock(self.tr("formula") if segment.kind == "math" else segment.language)

    def _add(self, view):
        view.resize(self.width(), view.height())
        self.layout().addWidget(view)
        return view
