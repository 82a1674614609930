"""OpenDocument files: text (ODT), sheets (ODS) and slides (ODP), as LibreOffice saves them."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import takewhile
from typing import BinaryIO, TypeAlias

from desktop_agent.sandbox.readers import grid
from desktop_agent.sandbox.readers.archive import Archive, locked
from desktop_agent.sandbox.readers.cells import whole
from desktop_agent.sandbox.readers.elements import Event, attribute, elements
from desktop_agent.sandbox.readers.parts import Document, Line, Part, gathered, headed, numbered, row, section

MAIN = "content.xml"
_ENTRIES = "META-INF/manifest.xml"
_SKIPPED = frozenset(("tracked-changes", "annotation", "title", "desc", "ruby-text", "forms"))
"""What was deleted, comments, the names of pictures, how words are read aloud."""
_BREAKS = {"tab": "\t", "line-break": "\n"}
_MOST_SPACES = 100
_MOST_REPEATED = 64

Step: TypeAlias = tuple[Event, str]
"""A paragraph or heading with its text, or any other element without."""


def read(archive: Archive) -> Document:
    """Return paragraphs, sheets or slides. Raises UserFacingError when the file needs a password."""
    if _locked(archive):
        raise locked()
    kind = archive.read("mimetype", 100) if "mimetype" in archive else b""
    if b"spreadsheet" in kind:
        return Document("workbook", _title(archive), _parts(archive, _sheets))
    if b"presentation" in kind:
        return Document("presentation", _title(archive), _parts(archive, _slides))
    return Document("text document", _title(archive), _parts(archive, _chapters))


def _locked(archive: Archive) -> bool:
    if _ENTRIES not in archive:
        return False
    with archive.open(_ENTRIES) as stream:
        return any(event.name == "encryption-data" for event in elements(stream))


def _title(archive: Archive) -> str:
    if "meta.xml" not in archive:
        return ""
    with archive.open("meta.xml") as stream:
        events = elements(stream)
        found = any(event.kind == "start" and event.name == "title" for event in events)
        return next(events).text.strip() if found else ""


def _parts(archive: Archive, read_steps: Callable[[Iterator[Step]], Iterator[Part]]) -> Iterator[Part]:
    with archive.open(MAIN) as stream:
        yield from read_steps(_steps(stream))


def _steps(stream: BinaryIO) -> Iterator[Step]:
    """Yield elements, and instead of what is inside of paragraphs their text."""
    opened: list[Event] = []
    pieces: list[str] = []
    skipped = 0
    for event in elements(stream):
        if event.name in _SKIPPED:
            skipped += 1 if event.kind == "start" else -1
        elif skipped:
            continue
        elif event.name in ("p", "h"):
            if event.kind == "start":
                opened.append(event)
            elif len(opened) == 1:
                yield opened.pop(), "".join(pieces).strip()
                pieces = []
            else:
                opened.pop()
                pieces.append(" ")
        elif not opened:
            yield event, ""
        else:
            pieces.append(_piece(event))


def _piece(event: Event) -> str:
    if event.kind == "start" and event.name == "s":
        return " " * min(whole(attribute(event, "c"), 1), _MOST_SPACES)
    return _BREAKS.get(event.name, "") if event.kind == "start" else event.text


def _chapters(steps: Iterator[Step]) -> Iterator[Part]:
    return gathered(headed(_paragraphs(steps)), section)


def _paragraphs(steps: Iterator[Step]) -> Iterator[str]:
    rows: list[list[str]] = []
    cells: list[list[str]] = []
    item = False
    for event, text in steps:
        if text:
            level = min(whole(attribute(event, "outline-level"), 1), 9) if event.name == "h" else 0
            mark = "#" * level + " " if level else "- " if item else ""
            item = False
            if cells:
                cells[-1].append(text)
            else:
                yield mark + text
        elif event.name == "list-item":
            item = event.kind == "start"
        elif event.name == "table-row" and event.kind == "start":
            rows.append([])
        elif event.name == "table-row" and rows:
            found = row(rows.pop())
            if cells:
                cells[-1].append(found)
            elif found.strip(" |"):
                yield found
        elif event.name == "table-cell" and event.kind == "start":
            cells.append([])
        elif event.name == "table-cell" and cells and rows:
            rows[-1].append(" ".join(cells.pop()))


def _slides(steps: Iterator[Step]) -> Iterator[Part]:
    number = 0
    for event, _ in steps:
        if event.name == "page" and event.kind == "start":
            number += 1
            yield from gathered(numbered(_paragraphs(_page(steps))), partial(_slide, number))


def _page(steps: Iterator[Step]) -> Iterator[Step]:
    return takewhile(lambda step: step[0].name != "page", steps)


def _slide(number: int, _first: Line, _last: Line) -> str:
    return f"slide {number}"


def _sheets(steps: Iterator[Step]) -> Iterator[Part]:
    for event, _ in steps:
        if event.name == "table" and event.kind == "start":
            yield from grid.sheet(attribute(event, "name"), _rows(steps))


def _rows(steps: Iterator[Step]) -> Iterator[Line]:
    """Yield the rows up to the end of the sheet; a table inside of a cell is text of the cell."""
    place, depth = 1, 1
    found = grid.Row(1)
    column, repeated = 1, 1
    texts: list[str] = []
    for event, text in steps:
        if text:
            texts.append(text)
        elif event.name == "table":
            depth += 1 if event.kind == "start" else -1
            if not depth:
                return
        elif depth > 1:
            continue
        elif event.name == "table-row" and event.kind == "start":
            found, column = grid.Row(place), 1
            place += max(1, whole(attribute(event, "number-rows-repeated"), 1))
        elif event.name == "table-row":
            yield from found.lines()
        elif event.name in ("table-cell", "covered-table-cell") and event.kind == "start":
            repeated, texts = max(1, whole(attribute(event, "number-columns-repeated"), 1)), []
        elif event.name in ("table-cell", "covered-table-cell"):
            for copy in range(min(repeated, _MOST_REPEATED) if texts else 0):
                found.put(column + copy, " ".join(texts))
            column += repeated
