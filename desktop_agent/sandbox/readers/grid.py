"""Rows of sheets, whose cells stand in columns with gaps between them."""

from collections.abc import Iterable, Iterator

from desktop_agent.sandbox.readers.parts import Line, Part, gathered, row, span

_GAP = 3
"""Empty cells in a row that are shown; after more the next cell says where it is."""
_LONGEST_NAME = 60


class Row:
    """A row that is being read; `number` and columns count from 1."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._cells: list[str] = []
        self._last = 0

    def put(self, column: int, text: str) -> None:
        """Add the next cell."""
        gap = column - self._last - 1
        self._cells += [f"[{letters(column)}] {text}"] if gap > _GAP else [*[""] * gap, text]
        self._last = column

    def lines(self) -> Iterator[Line]:
        """Yield the row as a line, if there is anything in it."""
        if self._cells:
            yield Line(self.number, row([f"{self.number}: {self._cells[0]}", *self._cells[1:]]))


def sheet(name: str, lines: Iterable[Line], hidden: bool = False) -> Iterator[Part]:
    """Yield the parts of a sheet; an empty one has one that says so."""
    where = f"sheet '{name[:_LONGEST_NAME]}'{' (hidden)' if hidden else ''}"
    found = False
    for part in gathered(lines, lambda first, last: f"{where}, {span('row', first.number, last.number)}", repeat=True):
        found = True
        yield part
    if not found:
        yield Part(where, lambda: "[This sheet is empty.]")


def column_of(name: str) -> int:
    """Return the number of a column that is named by letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column: int) -> str:
    """Return the letters that name a column."""
    name = ""
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name
