"""What every reader returns: a document as labelled parts of text, made one after the other as they are asked for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

PART = 4000
"""Bytes of text, about 1,000 tokens, that what has no pages of its own is divided into."""
_SHORT = PART // 4
_COLUMNS = 256
_LONGEST_REPEAT = 400
_LONGEST_HEADING = 80


@dataclass(frozen=True)
class Part:
    """A piece of a document. `label` says where it is; `text` makes the text, which may take a while."""

    label: str
    text: Callable[[], str]


@dataclass(frozen=True)
class Document:
    """What a reader made of a file; nothing of `parts` has been read before it is asked for."""

    kind: str
    title: str
    parts: Iterable[Part]


class Line(NamedTuple):
    """A line, row or paragraph with its number; `under` is the heading it stands under."""

    number: int
    text: str
    under: str = ""


def gathered(lines: Iterable[Line], label: Callable[[Line, Line], str], repeat: bool = False) -> Iterator[Part]:
    """Yield parts of about PART bytes, each labelled by its first and last line.

    A heading begins a new part unless little was gathered. With `repeat` later parts begin with the first line as well:
    the names of a table's columns.
    """
    group: list[Line] = []
    size, top = 0, ""
    for line in _short_enough(lines):
        length = size_of(line.text) + 1
        if group and (size + length > PART or (size > _SHORT and line.under != group[-1].under)):
            yield _part(group, label, top)
            top = top or (_repeated(group[0].text) if repeat else "")
            group, size = [], 0
        group.append(line)
        size += length
    if group:
        yield _part(group, label, top)


def row(cells: Iterable[str]) -> str:
    """Return a table's row as text; one that is too wide is cut."""
    texts = [" ".join(cell.split()) for cell in cells]
    more = len(texts) - _COLUMNS
    text = " | ".join(texts[:_COLUMNS])
    return f"{text} | … {more:,} more columns" if more > 0 else text


def section(first: Line, last: Line) -> str:
    """Return which paragraphs these are, and under which heading they begin."""
    where = span("paragraph", first.number, last.number)
    return f"{where}, under '{first.under}'" if first.under else where


def span(name: str, first: int, last: int) -> str:
    """Return "row 3" or "rows 3 to 9"."""
    return f"{name} {first}" if first == last else f"{name}s {first} to {last}"


def numbered(texts: Iterable[str], under: str = "") -> Iterator[Line]:
    """Yield lines, numbered from 1."""
    return (Line(number, text, under) for number, text in zip(count(1), texts, strict=False))


def size_of(text: str) -> int:
    """Return the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def headed(texts: Iterable[str]) -> Iterator[Line]:
    """Yield paragraphs, each with the heading that it stands under; those that begin with "# " are headings."""
    under = ""
    for line in numbered(texts):
        if line.text.startswith("#") and line.text.lstrip("#").startswith(" "):
            under = line.text.lstrip("# ")[:_LONGEST_HEADING]
        yield line._replace(under=under)


def _short_enough(lines: Iterable[Line]) -> Iterator[Line]:
    """Divide lines that do not fit into a part, at a space if there is one."""
    for line in lines:
        size = size_of(line.text)
        if size <= PART:
            yield line
            continue
        width = PART * len(line.text) // size
        start = 0
        while start < len(line.text):
            end = start + width
            space = line.text.rfind(" ", start + width // 2, end) if end < len(line.text) else -1
            end = space if space > 0 else end
            yield line._replace(text=line.text[start:end])
            start = end


def _part(group: list[Line], label: Callable[[Line, Line], str], top: str) -> Part:
    text = "\n".join(([top] if top else []) + [line.text for line in group])
    return Part(label(group[0], group[-1]), lambda: text)


def _repeated(text: str) -> str:
    return text if len(text) <= _LONGEST_REPEAT else f"{text[:_LONGEST_REPEAT]}…"
