"""The cells of XLSX workbooks: shared texts, dates that are numbers with a format, results of formulas."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from desktop_agent.sandbox.readers.elements import Event
from desktop_agent.sandbox.readers.grid import column_of

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.', re.IGNORECASE)
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{1,3}")


class Book(NamedTuple):
    """What the sheets share: texts, the formats that show dates, and the day that days are counted from."""

    texts: list[str]
    dates: frozenset[int]
    day: datetime


class Cell:
    """The cell that is being read; `column` counts from 1."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._type = self._format = self._inside = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self.column = 0

    def take(self, event: Event) -> str:
        """Return the cell's text at its end: the value that was computed last, or the formula when there is none."""
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
        self.column = column_of(found[0]) if found else self.column + 1

    def _shown(self, value: str) -> str:
        if self._type == "s":
            index = whole(value, -1)
            return self._book.texts[index] if 0 <= index < len(self._book.texts) else ""
        if self._type == "b":
            return "TRUE" if value == "1" else "FALSE"
        if self._type == "n" and whole(self._format, 0) in self._book.dates:
            return _date(value, self._book.day)
        return _plain(value) if self._type == "n" else value


def texts(events: Iterable[Event]) -> list[str]:
    """Return the texts that the cells of all sheets refer to; how they are read aloud (`rPh`) is left out."""
    found: list[str] = []
    pieces: list[str] = []
    inside = aloud = False
    for kind, name, _, text in events:
        if kind == "text":
            if inside and not aloud:
                pieces.append(text)
        elif name == "t":
            inside = kind == "start"
        elif name == "rPh":
            aloud = kind == "start"
        elif name == "si" and kind == "end":
            found.append("".join(pieces))
            pieces = []
    return found


def dates(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of the cell formats that show a date or a time."""
    own: dict[str, bool] = {}
    formats: list[bool] = []
    inside = False
    for event in events:
        if event.name == "cellXfs":
            inside = event.kind == "start"
        elif event.kind == "start" and event.name == "numFmt":
            code = _LITERAL.sub("", event.attributes.get("formatCode", ""))
            own[event.attributes.get("numFmtId", "")] = bool(_DATE.search(code)) and code.lower() != "general"
        elif event.kind == "start" and event.name == "xf" and inside:
            number = event.attributes.get("numFmtId", "0")
            formats.append(own.get(number, whole(number, 0) in _BUILT_IN_DATES))
    return frozenset(index for index, is_date in enumerate(formats) if is_date)


def whole(text: str, otherwise: int) -> int:
    """Return a number of nine digits at most."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


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
