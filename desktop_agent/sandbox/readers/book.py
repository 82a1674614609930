"""Electronic books (EPUB)."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.readers.archive import Archive, target
from desktop_agent.sandbox.readers.elements import elements
from desktop_agent.sandbox.readers.parts import Document, Line, Part, gathered
from desktop_agent.sandbox.readers.web import Page, blocks

MAIN = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"


class _Package(NamedTuple):
    title: str
    sections: list[str]


def read(archive: Archive) -> Document:
    """Return the sections in reading order. Raises UserFacingError when a shop's lock is on them."""
    package = _package(archive, _main(archive))
    if _locked(archive) & set(package.sections):
        raise UserFacingError("The book is locked by the shop that sold it (DRM).", "Only books without can be read.")
    return Document("book", package.title, _parts(archive, package.sections))


def _main(archive: Archive) -> str:
    with archive.open(MAIN) as stream:
        for event in elements(stream):
            if event.kind == "start" and event.name == "rootfile":
                return event.attributes.get("full-path", "")
    raise UserFacingError("The book is incomplete: it does not say where its contents are.")


def _package(archive: Archive, main: str) -> _Package:
    title = ""
    entries: dict[str, str] = {}
    order: list[str] = []
    in_title = False
    with archive.open(main) as stream:
        for event in elements(stream):
            if event.kind == "start" and event.name == "item":
                entry = target(main, unquote(event.attributes.get("href", "")))
                entries[event.attributes.get("id", "")] = entry
            elif event.kind == "start" and event.name == "itemref":
                order.append(event.attributes.get("idref", ""))
            elif in_title and event.kind == "text":
                title = title or event.text.strip()
            in_title = event.kind == "start" and event.name == "title"
    return _Package(title, [entries[key] for key in order if entries.get(key, "") in archive])


def _locked(archive: Archive) -> set[str]:
    """Return the entries that are encrypted; fonts often are, and do not matter."""
    if _LOCKS not in archive:
        return set()
    with archive.open(_LOCKS) as stream:
        return {
            unquote(event.attributes.get("URI", "")) for event in elements(stream) if event.name == "CipherReference"
        }


def _parts(archive: Archive, sections: list[str]) -> Iterator[Part]:
    for number, name in enumerate(sections, 1):
        yield from _section(archive, name, f"section {number} of {len(sections)}")


def _section(archive: Archive, name: str, where: str) -> Iterator[Part]:
    page = Page()

    def label(first: Line, _: Line) -> str:
        heading = first.under or page.title
        return f"{where}, '{heading}'" if heading else where

    with archive.open(name) as stream:
        yield from gathered(blocks(stream, page), label)
