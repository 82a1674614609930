"""Workbooks (XLSX)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from desktop_agent.sandbox.readers.archive import Archive
from desktop_agent.sandbox.readers.elements import Event, attribute, elements
from desktop_agent.sandbox.readers.parts import Document, Line, Part, gathered, row, span
from desktop_agent.sandbox.readers.relations import relations
from desktop_agent.sandbox.readers.word import title

MAIN = "xl/workbook.xml"
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.', re.IGNORECASE)
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_DAY_OF_1904 = datetime(1904, 1, 1)
_GAP = 3
"""Empty cells in a row that are shown; after more the next cell says where it is."""
_LETTERS = re.compile(r"[A-Z]{1,3}")


class _Sheet(NamedTuple):
    name: str
    entry: str
    hidden: bool


class _Book(NamedTuple):
    """What the sheets share: texts, the formats that show dates, and the day that days are counted from."""

    texts: list[str]
    dates: frozenset[int]
    day: datetime


def read(archive: Archive) -> Document:
    """Return the sheets as rows; a cell shows the value that was computed last, or its formula when there is none."""
    return Document("workbook", title(archive), _parts(archive))


def _parts(archive: Archive) -> Iterator[Part]:
    sheets, day = _sheets(archive)
    links = {link.kind: link.target for link in relations(archive, MAIN)}
    book = _Book(_texts(archive, links.get("sharedStrings", "")), _dates(archive, links.get("styles", "")), day)
    for sheet in sheets:
        if sheet.entry in archive:
            yield from _rows_of(archive, sheet, book)


def _rows_of(archive: Archive, sheet: _Sheet, book: _Book) -> Iterator[Part]:
    name = f"sheet '{sheet.name[:60]}'{' (hidden)' if sheet.hidden else ''}"
    found = False
    for part in gathered(
        _lines(archive, sheet, book), lambda first, last: f"{name}, {span('row', first.number, last.number)}", True
    ):
        found = True
        yield part
    if not found:
        yield Part(name, lambda: "[This sheet is empty.]")


def _sheets(archive: Archive) -> tuple[list[_Sheet], datetime]:
    links = {link.id: link.target for link in relations(archive, MAIN)}
    sheets, day = [], _FIRST_DAY
    with archive.open(MAIN) as stream:
        for event in elements(stream):
            if (
                event.kind == "start"
                and event.name == "workbookPr"
                and event.attributes.get("date1904") in ("1", "true")
            ):
                day = _FIRST_DAY_OF_1904
            if event.kind == "start" and event.name == "sheet":
                hidden = event.attributes.get("state", "visible") != "visible"
                sheets.append(_Sheet(event.attributes.get("name", ""), links.get(attribute(event, "id"), ""), hidden))
    return sheets, day


def _texts(archive: Archive, entry: str) -> list[str]:
    """Return the shared texts; how they are read aloud (`rPh`) is left out."""
    texts: list[str] = []
    if entry not in archive:
        return texts
    pieces: list[str] = []
    inside = aloud = False
    with archive.open(entry) as stream:
        for kind, name, _, text in elements(stream):
            if kind == "text":
                if inside and not aloud:
                    pieces.append(text)
            elif name == "t":
                inside = kind == "start"
            elif name == "rPh":
                aloud = kind == "start"
            elif name == "si" and kind == "end":
                texts.append("".join(pieces))
                pieces = []
    return texts


def _dates(archive: Archive, entry: str) -> frozenset[int]:
    """Return the numbers of the cell formats that show a date or a time."""
    if entry not in archive:
        return frozenset()
    own: dict[str, bool] = {}
    formats: list[bool] = []
    inside = False
    with archive.open(entry) as stream:
        for event in elements(stream):
            if event.name == "cellXfs":
                inside = event.kind == "start"
            elif event.kind == "start" and event.name == "numFmt":
                code = _LITERAL.sub("", event.attributes.get("formatCode", ""))
                own[event.attributes.get("numFmtId", "")] = bool(_DATE.search(code)) and code.lower() != "general"
            elif event.kind == "start" and event.name == "xf" and inside:
                number = event.attributes.get("numFmtId", "0")
                formats.append(own.get(number, number.isdigit() and int(number[:4]) in _BUILT_IN_DATES))
    return frozenset(index for index, is_date in enumerate(formats) if is_date)


def _lines(archive: Archive, sheet: _Sheet, book: _Book) -> Iterator[Line]:
    cell = _Cell(book)
    cells: list[str] = []
    number = last = 0
    with archive.open(sheet.entry) as stream:
        for event in elements(stream):
            if event.name == "row" and event.kind == "start":
                cells, last, cell.column = [], 0, 0
                number = _number(event.attributes.get("r", ""), number + 1)
            elif event.name == "row" and cells:
                yield Line(number, row([f"{number}: {cells[0]}", *cells[1:]]))
            elif text := cell.take(event):
                gap = cell.column - last - 1
                cells += [f"[{cell.letters}] {text}"] if gap > _GAP else [*[""] * gap, text]
                last = cell.column


class _Cell:
    """The cell that is being read; `column` counts from 1."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._type = self._format = self._inside = self.letters = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self.column = 0

    def take(self, event: Event) -> str:
        """Return the cell's text at its end."""
        if event.kind == "text":
            if self._inside:
                (self._formula if self._inside == "f" else self._value).append(event.text)
        elif event.name in ("v", "t", "f"):
            self._inside = event.name if event.kind == "start" else ""
        elif event.name == "c" and event.kind == "start":
            self._begin(event)
        elif event.name == "c":
            value = "".join(self._value)
            return self._shown(value) if value else "=" + "".join(self._formula) if self._formula else ""
        return ""

    def _begin(self, event: Event) -> None:
        self._type, self._format = event.attributes.get("t", "n"), event.attributes.get("s", "0")
        self._value, self._formula = [], []
        found = _LETTERS.match(event.attributes.get("r", ""))
        self.letters = found[0] if found else ""
        self.column = _column(self.letters) if found else self.column + 1

    def _shown(self, value: str) -> str:
        if self._type == "s":
            index = _number(value, -1)
            return self._book.texts[index] if 0 <= index < len(self._book.texts) else ""
        if self._type == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self._type == "n" and _number(self._format, 0) in self._book.dates:
            return _date(value, self._book.day)
        return _plain(value) if self._type == "n" else value


def _date(value: str, day: datetime) -> str:
    """Return a day or a time as ISO 8601 has it."""
    try:
        moment = day + timedelta(days=round(float(value) * 86400) / 86400)
    except (ValueError, OverflowError):
        return value
    if float(value) < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if float(value).is_integer() else f"{moment:%Y-%m-%d %H:%M:%S}"


def _plain(value: str) -> str:
    """Return a number without what binary fractions add to it: 0.1 + 0.2 is 0.3 in the window of a spreadsheet."""
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number:.15g}" if "." in value or "E" in value.upper() else value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
