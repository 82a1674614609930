"""Presentations (PPTX)."""

from collections.abc import Iterator
from functools import partial

from desktop_agent.sandbox.readers.archive import Archive
from desktop_agent.sandbox.readers.elements import attribute, elements
from desktop_agent.sandbox.readers.paragraphs import paragraphs
from desktop_agent.sandbox.readers.parts import Document, Part
from desktop_agent.sandbox.readers.relations import relations
from desktop_agent.sandbox.readers.word import title

MAIN = "ppt/presentation.xml"


def read(archive: Archive) -> Document:
    """Return the slides in the order in which they are shown, each with its notes."""
    return Document("presentation", title(archive), _parts(archive))


def _parts(archive: Archive) -> Iterator[Part]:
    names = [name for name in _slides(archive) if name in archive]
    for number, name in enumerate(names, 1):
        yield Part(f"slide {number} of {len(names)}", partial(_text, archive, name))


def _slides(archive: Archive) -> Iterator[str]:
    found = {link.id: link.target for link in relations(archive, MAIN)}
    with archive.open(MAIN) as stream:
        for event in elements(stream):
            if event.kind == "start" and event.name == "sldId":
                yield found.get(attribute(event, "id"), "")


def _text(archive: Archive, name: str) -> str:
    with archive.open(name) as stream:
        lines = list(paragraphs(stream))
    for link in relations(archive, name):
        if link.kind == "notesSlide" and link.target in archive:
            with archive.open(link.target) as stream:
                notes = list(paragraphs(stream))
            lines += ["Notes:", *notes] if notes else []
    return "\n".join(lines) or "[No text on this slide.]"
