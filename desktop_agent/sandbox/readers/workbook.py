"""Workbooks (XLSX)."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from desktop_agent.sandbox.readers import cells, grid
from desktop_agent.sandbox.readers.archive import Archive
from desktop_agent.sandbox.readers.elements import Event, attribute, elements
from desktop_agent.sandbox.readers.parts import Document, Line, Part
from desktop_agent.sandbox.readers.relations import relations
from desktop_agent.sandbox.readers.word import title

MAIN = "xl/workbook.xml"
_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_DAY_OF_1904 = datetime(1904, 1, 1)


class _Sheet(NamedTuple):
    name: str
    entry: str
    hidden: bool


def read(archive: Archive) -> Document:
    """Return the sheets as rows."""
    return Document("workbook", title(archive), _parts(archive))


def _parts(archive: Archive) -> Iterator[Part]:
    links = {link.kind: link.target for link in relations(archive, MAIN)}
    texts = cells.texts(_elements(archive, links.get("sharedStrings", "")))
    dates = cells.dates(_elements(archive, links.get("styles", "")))
    book = cells.Book(texts, dates, _first_day(archive))
    for sheet in _sheets(archive):
        if sheet.entry in archive:
            yield from grid.sheet(sheet.name, _lines(archive, sheet, book), sheet.hidden)


def _elements(archive: Archive, entry: str) -> Iterator[Event]:
    if entry in archive:
        with archive.open(entry) as stream:
            yield from elements(stream)


def _first_day(archive: Archive) -> datetime:
    """Return the day 0 of the workbook's dates; that of old Macintoshes is another."""
    settings = (event.attributes for event in _elements(archive, MAIN) if event.name == "workbookPr")
    late = any(setting.get("date1904") in ("1", "true") for setting in settings)
    return _FIRST_DAY_OF_1904 if late else _FIRST_DAY


def _sheets(archive: Archive) -> Iterator[_Sheet]:
    links = {link.id: link.target for link in relations(archive, MAIN)}
    for event in _elements(archive, MAIN):
        if event.kind == "start" and event.name == "sheet":
            hidden = event.attributes.get("state", "visible") != "visible"
            yield _Sheet(event.attributes.get("name", ""), links.get(attribute(event, "id"), ""), hidden)


def _lines(archive: Archive, sheet: _Sheet, book: cells.Book) -> Iterator[Line]:
    cell = cells.Cell(book)
    row = grid.Row(0)
    for event in _elements(archive, sheet.entry):
        if event.name == "row" and event.kind == "start":
            row = grid.Row(cells.whole(event.attributes.get("r", ""), row.number + 1))
            cell.column = 0
        elif event.name == "row":
            yield from row.lines()
        elif text := cell.take(event):
            row.put(cell.column, text)
