"""The links between the parts of an Office document."""

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from desktop_agent.sandbox.readers.archive import Archive, target
from desktop_agent.sandbox.readers.elements import elements


class Relation(NamedTuple):
    """A link to another entry of the archive; `kind` is the last word of its type."""

    id: str
    kind: str
    target: str


def relations(archive: Archive, name: str) -> Iterator[Relation]:
    """Yield the links of an entry; those that lead out of the document are left out."""
    folder, file = posixpath.split(name)
    links = f"{folder}/_rels/{file}.rels"
    if links not in archive:
        return
    with archive.open(links) as stream:
        for event in elements(stream):
            at = event.attributes
            if event.kind == "start" and event.name == "Relationship" and at.get("TargetMode") != "External":
                kind = at.get("Type", "").rpartition("/")[2]
                yield Relation(at.get("Id", ""), kind, target(name, at.get("Target", "")))
