"""Word documents (DOCX)."""

import re
from collections.abc import Iterator
from functools import partial

from desktop_agent.sandbox.readers.archive import Archive
from desktop_agent.sandbox.readers.elements import attribute, elements
from desktop_agent.sandbox.readers.paragraphs import paragraphs
from desktop_agent.sandbox.readers.parts import Document, Line, Part, gathered, headed, numbered, section, span

MAIN = "word/document.xml"
_AFTER = {"word/footnotes.xml": "footnote", "word/endnotes.xml": "endnote", "word/comments.xml": "comment"}
_HEADING = re.compile(r"heading ([1-9])")


def read(archive: Archive) -> Document:
    """Return the text by headings, then notes and comments."""
    return Document("Word document", title(archive), _parts(archive))


def title(archive: Archive) -> str:
    """Return the title among an Office document's properties."""
    if "docProps/core.xml" not in archive:
        return ""
    inside = False
    with archive.open("docProps/core.xml") as stream:
        for event in elements(stream):
            if inside:
                return event.text.strip()
            inside = event.kind == "start" and event.name == "title"
    return ""


def _parts(archive: Archive) -> Iterator[Part]:
    yield from gathered(_lines(archive), section)
    for name, what in _AFTER.items():
        if name in archive:
            with archive.open(name) as stream:
                yield from gathered(numbered(paragraphs(stream)), partial(_span, what))


def _lines(archive: Archive) -> Iterator[Line]:
    marks = _marks(archive)
    with archive.open(MAIN) as stream:
        yield from headed(paragraphs(stream, lambda style: marks.get(style, "")))


def _span(what: str, first: Line, last: Line) -> str:
    return span(what, first.number, last.number)


def _marks(archive: Archive) -> dict[str, str]:
    """Return what goes before headings and items of lists, by style: their names are English in every language."""
    marks: dict[str, str] = {}
    if "word/styles.xml" not in archive:
        return marks
    style = ""
    with archive.open("word/styles.xml") as stream:
        for event in elements(stream):
            if event.kind == "start" and event.name == "style":
                style = attribute(event, "styleId")
            elif event.kind == "start" and event.name == "name" and style:
                marks[style] = _mark(attribute(event, "val").casefold())
    return marks


def _mark(style: str) -> str:
    if found := _HEADING.fullmatch(style):
        return "#" * int(found[1]) + " "
    return "# " if style == "title" else "- " if style.startswith(("list bullet", "list number")) else ""
