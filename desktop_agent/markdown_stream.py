"""Splits markdown into segments while it streams in: text chunks go in, prose, code, tables and formulas come out."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["prose", "code", "table", "math"]

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$")
_RULE_ROW = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_FENCE_BEGINNING = re.compile(r"^[ \t]*(`{1,}[^`]*|~{2,}[^~]*|\$\$?|\\\[?)$")
_MATH_ENDS = {"$$": "$$", "\\[": "\\]"}


@dataclass(frozen=True)
class Segment:
    """A part of a text that is shown in one way. `language` is what a code fence names, in lower case."""

    kind: Kind
    text: str
    language: str = ""


class MarkdownStream:
    """An incremental splitter.

    A segment comes out once, when nothing that follows can change it; what is not finished yet is `tail`. Prose comes
    out paragraph by paragraph.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._lines: list[str] = []
        self._kind: Kind = "prose"
        self._fence = ""
        self._indent = 0
        self._language = ""
        self._finished: list[Segment] = []

    def feed(self, chunk: str) -> list[Segment]:
        """Add text and return the segments that it finished."""
        *lines, self._rest = (self._rest + chunk).split("\n")
        for line in lines:
            self._take(line.removesuffix("\r"))
        if self._kind == "prose" and self._begins_paragraph(self._rest):
            self._close()
        return self._drain()

    def finish(self) -> list[Segment]:
        """Return what is left; an open fence counts as closed. The stream can be fed anew afterwards."""
        if self._rest:
            self._take(self._rest)
            self._rest = ""
        self._close()
        return self._drain()

    @property
    def tail(self) -> Segment | None:
        """The unfinished segment, without a last line that may still turn into a fence."""
        lines = list(self._lines)
        if self._rest and not self._may_be_fence(self._rest):
            lines.append(self._dedent(self._rest))
        text = "\n".join(lines)
        if self._kind != "prose":
            return Segment(self._kind, text, self._language)
        return Segment("prose", text.rstrip()) if text.strip() else None

    def _may_be_fence(self, line: str) -> bool:
        if self._kind == "code":
            return not line.strip(f" {self._fence[0]}")
        return bool(_FENCE_BEGINNING.match(line))

    def _drain(self) -> list[Segment]:
        finished, self._finished = self._finished, []
        return finished

    def _take(self, line: str) -> None:
        {"prose": self._prose, "code": self._code, "table": self._table, "math": self._math}[self._kind](line)

    def _prose(self, line: str) -> None:
        if self._opens(line):
            return
        if not line.strip() and not self._lines:
            return
        if self._begins_paragraph(line):
            self._close()
        self._lines.append(line)

    def _opens(self, line: str) -> bool:
        """Begin a block of another kind, if this line does."""
        fence = _FENCE.match(line)
        if fence:
            self._begin("code", fence[2], fence[3].strip().lower().split(" ")[0].split("{")[0])
            self._indent = len(fence[1].expandtabs(4))
        elif self._lines and "|" in line and "|" in self._lines[-1] and _RULE_ROW.match(line):
            header = self._lines.pop()
            self._begin("table")
            self._lines = [header, line]
        elif line.strip()[:2] in _MATH_ENDS:
            self._begin("math", _MATH_ENDS[line.strip()[:2]])
            self._math(line.strip()[2:])
        else:
            return False
        return True

    def _begin(self, kind: Kind, fence: str = "", language: str = "") -> None:
        self._close()
        self._kind, self._fence, self._language = kind, fence, language

    def _begins_paragraph(self, line: str) -> bool:
        """Say whether what stands before this line can be shown for good.

        Indented lines belong to the list item before them. A line at the margin ends a block that began indented.
        """
        if not self._lines or not line.strip() or line[0] in " \t":
            return False
        return not self._lines[-1].strip() or self._lines[0][0] in " \t"

    def _code(self, line: str) -> None:
        if self._ends_fence(line):
            self._close()
        else:
            self._lines.append(self._dedent(line))

    def _ends_fence(self, line: str) -> bool:
        mark = line.strip()
        return self._kind == "code" and mark.startswith(self._fence) and not mark.strip(self._fence[0])

    def _dedent(self, line: str) -> str:
        """Take away the fence's own indentation, as far as the line has it."""
        blank = len(line) - len(line.lstrip(" "))
        return line[min(blank, self._indent) :] if self._kind == "code" else line

    def _table(self, line: str) -> None:
        if "|" in line:
            self._lines.append(line)
        else:
            self._close()
            self._prose(line)

    def _math(self, line: str) -> None:
        before, end, after = line.partition(self._fence)
        if before.strip():
            self._lines.append(before.strip())
        if end:
            self._close()
            self._prose(after.strip())

    def _close(self) -> None:
        """Finish the open segment and go back to prose."""
        text = "\n".join(self._lines)
        if self._kind == "prose":
            text = text.rstrip()
        if text or self._kind == "code":
            self._finished.append(Segment(self._kind, text, self._language))
        self._lines, self._kind, self._fence, self._indent, self._language = [], "prose", "", 0, ""


def split(text: str) -> list[Segment]:
    """Return the segments of a whole text."""
    stream = MarkdownStream()
    return stream.feed(text) + stream.finish()
