"""The paragraphs and tables of WordprocessingML and DrawingML, which name them alike."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from desktop_agent.sandbox.readers.elements import Event, attribute, elements
from desktop_agent.sandbox.readers.parts import row

_SKIPPED = frozenset(("Fallback", "moveFrom", "fld"))
"""A second rendering of the same, text that was moved away, and a slide's own number and date."""
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def paragraphs(stream: BinaryIO, mark: Callable[[str], str] = lambda style: "") -> Iterator[str]:
    """Yield each paragraph, and each row of a table as one line. `mark` returns what goes before one of a style."""
    body = _Body(mark)
    for event in elements(stream):
        body.take(event)
        yield from body.lines
        body.lines.clear()


class _Body:
    """What is open at the moment: paragraphs in text boxes in paragraphs, tables in cells of tables."""

    def __init__(self, mark: Callable[[str], str]) -> None:
        self.lines: list[str] = []
        self._mark = mark
        self._open: list[list[str]] = []
        self._cells: list[list[str]] = []
        self._rows: list[list[str]] = []
        self._skipped = 0
        self._in_text = False

    def take(self, event: Event) -> None:
        if event.name in _SKIPPED and event.kind != "text":
            self._skipped += 1 if event.kind == "start" else -1
        elif self._skipped:
            return
        elif event.kind == "text":
            if self._in_text and self._open:
                self._open[-1].append(event.text)
        elif event.kind == "start":
            self._start(event)
        else:
            self._end(event.name)

    def _start(self, event: Event) -> None:
        if event.name == "t":
            self._in_text = True
        elif event.name == "p":
            self._open.append([])
        elif event.name == "tr":
            self._rows.append([])
        elif event.name == "tc":
            self._cells.append([])
        elif self._open and event.name in _BREAKS:
            self._open[-1].append(_BREAKS[event.name])
        elif self._open and event.name == "pStyle":
            self._open[-1].append(self._mark(attribute(event, "val")))
        elif self._open and event.name == "numPr" and not "".join(self._open[-1]):
            self._open[-1].append("- ")

    def _end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name == "p" and self._open:
            self._add("".join(self._open.pop()).rstrip())
        elif name == "tc" and self._cells and self._rows:
            self._rows[-1].append(" ".join(self._cells.pop()))
        elif name == "tr" and self._rows:
            self._add(row(self._rows.pop()))

    def _add(self, text: str) -> None:
        """Keep a paragraph, or a row, where it belongs: in the cell that is open, else in the document."""
        if text.strip():
            (self._cells[-1] if self._cells else self.lines).append(text)
