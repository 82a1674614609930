"""The process that reads one document: it has the document's descriptor, and can open nothing else."""

import codecs
import os
import sys
from collections.abc import Iterator
from time import monotonic
from typing import BinaryIO

from desktop_agent.decoding import ENCODINGS
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.sandbox import child
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.limits import Limits
from desktop_agent.sandbox.readers import web
from desktop_agent.sandbox.readers.kinds import document
from desktop_agent.sandbox.readers.parts import Document, Part, size_of

MEMORY_MB = 512
CPU_SECONDS = 60
_PATIENCE = 0.5
"""Seconds that it goes on, once it has what was asked for, to learn how many parts there are."""
_CUT = "\n[Cut here: this part is longer than what can be shown at once.]"
_LONGEST_TITLE = 200


def main() -> None:
    """Answer one message about the document whose descriptor is the first argument."""
    load()
    file = os.fdopen(int(sys.argv[1]), "rb")
    child.serve(lambda message: answer(file, message), "document", Limits(CPU_SECONDS, MEMORY_MB))


def load() -> None:
    """Import all that a reader may need later, when no module can be found any more."""
    import encodings.cp437
    import html.entities

    import pypdfium2

    for encoding in (*ENCODINGS, *web.DECLARED):
        codecs.lookup(encoding)
    del encodings, html, pypdfium2


def answer(file: BinaryIO, message: Message) -> Message:
    """Return the parts asked for, or in `fault` and `hint` what is wrong with the document."""
    file.seek(0)
    try:
        found = document(file, str(message["name"]))
        return _collected(found, int(str(message["start"])), int(str(message["limit"])))
    except UserFacingError as error:
        return {"fault": error.message, "hint": error.hint}
    except MemoryError:
        return {"fault": f"The document needs more than {MEMORY_MB} MB of memory, so it was not read.", "hint": ""}
    except Exception:  # noqa: BLE001 -- a damaged document can make any parser raise anything
        return {"fault": "The document is damaged and cannot be read.", "hint": ""}


def _collected(found: Document, start: int, limit: int) -> Message:
    """Return parts from number `start`, as many as have `limit` bytes together but at least one."""
    parts: list[Json] = []
    room = limit
    number = 0
    counted = iter(enumerate(found.parts, 1))
    for number, part in counted:
        if number < start:
            continue
        text = _shown(part, limit)
        if parts and size_of(text) > room:
            break
        parts.append([part.label, text])
        room -= size_of(text)
    else:
        return _message(found, parts, number)
    return _message(found, parts, _count(counted, number))


def _message(found: Document, parts: list[Json], total: int) -> Message:
    return {"kind": found.kind, "title": found.title[:_LONGEST_TITLE], "parts": parts, "total": total}


def _shown(part: Part, limit: int) -> str:
    text = part.text()
    if size_of(text) <= limit:
        return text
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore") + _CUT


def _count(rest: Iterator[tuple[int, Part]], last: int) -> int:
    """Return the number of all parts, or 0 when counting would take too long."""
    until = monotonic() + _PATIENCE
    for last, _ in rest:  # noqa: B007, PLR1704 -- the number of the last one is what is asked for
        if monotonic() > until:
            return 0
    return last


if __name__ == "__main__":
    main()
