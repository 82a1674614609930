"""Plain text, Markdown and everything else that people write in an editor."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from desktop_agent.decoding import encoding_of
from desktop_agent.sandbox.readers.parts import PART, Document, Line, gathered, span

_SAMPLE = 1 << 18
_MARKDOWN = (".md", ".markdown")


def read(file: BinaryIO, name: str) -> Document:
    """Return the lines."""
    kind = "Markdown text" if name.lower().endswith(_MARKDOWN) else "text"
    return Document(
        kind, "", gathered(_lines(opened(file)), lambda first, last: span("line", first.number, last.number))
    )


def opened(file: BinaryIO) -> io.TextIOWrapper:
    """Return a file as text in the encoding that its beginning tells; damaged characters are replaced."""
    encoding, mark = encoding_of(file.read(_SAMPLE), cut=True)
    file.seek(mark)
    return io.TextIOWrapper(file, encoding, errors="replace")


def _lines(text: io.TextIOWrapper) -> Iterator[Line]:
    """Yield lines without their ends; a long one comes in pieces of the same number."""
    number = 1
    while line := text.readline(PART):
        yield Line(number, line.removesuffix("\n"))
        number += line.endswith("\n")
