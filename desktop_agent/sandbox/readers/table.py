"""Tables as text (CSV, TSV). Formulas are text like everything else here."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from desktop_agent.sandbox.readers.parts import Document, Line, gathered, row, span
from desktop_agent.sandbox.readers.plain import opened

_LONGEST_LINE = 4 << 20
_SAMPLE = 64
"""Lines that decide what separates the columns."""


def read(file: BinaryIO, name: str) -> Document:
    """Return the rows, each with its number."""
    csv.field_size_limit(_LONGEST_LINE)
    text = opened(file)
    separator = "\t" if name.lower().endswith(".tsv") else _separator(text)
    return Document("table", "", gathered(_rows(text, separator), _label, repeat=True))


def _rows(text: io.TextIOWrapper, separator: str) -> Iterator[Line]:
    rows = csv.reader(_lines(text), delimiter=separator)
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            cells = ["[This row is damaged.]"]
        number += 1
        if cells:
            yield Line(number, row([f"{number}: {cells[0]}", *cells[1:]]))


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines; the end of one that is longer than any table needs is left out."""
    while line := text.readline(_LONGEST_LINE):
        more = line
        while len(more) == _LONGEST_LINE and not more.endswith("\n"):
            more = text.readline(_LONGEST_LINE)
        yield line.replace("\0", "")


def _separator(text: io.TextIOWrapper) -> str:
    """Return the character that separates the columns: the likely one that the first lines have most often."""
    start = text.tell()
    sample = "".join(text.readline(1 << 14) for _ in range(_SAMPLE))
    text.seek(start)
    return max(",;\t|", key=sample.count)


def _label(first: Line, last: Line) -> str:
    return span("row", first.number, last.number)
