"""Where in an answer a tool call begins: a marker, or a JSON object that names an offered tool.

Small models leave their own template's marker out as often as not, and write a fenced or a bare JSON object instead.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARKER = "<tool_call>"

_FENCES = ("```json", "```tool_call", "```tool", "```xml", "```JSON", "```", "")
_WRAPPERS = (MARKER, "<function_call>", "<tools>", "<tool>", "")
_NAME_KEYS = ("name", "function", "tool", "tool_name")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "params", "input")
_SPACE: tuple[str, ...] = ()
_ANY_NAME = ("*",)

_MARKER_SHAPE = (_FENCES, _SPACE, (MARKER,))

_CANDIDATE = re.compile(r"^[ \t]*(?P<start>[`{\[<])|(?P<inline><)", re.MULTILINE)
_NAMED = re.compile(rf"""["'](?:{"|".join(_NAME_KEYS)})["']\s*:\s*["'](?P<name>[^"']*)["']""")
_BLANK = re.compile(r"\s*")
_QUOTED_NAME = re.compile(r"""(["'])[A-Za-z_][\w.-]*\1""")
_HALF_NAME = re.compile(r"""(["']([A-Za-z_][\w.-]*)?)?""")

_Parts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Opening:
    """A call begins at `start`; its JSON at `body` or later.

    `name` is empty where only a marker was seen so far. It may be a tool that nobody offered.
    """

    start: int
    body: int
    name: str = ""


PENDING = Opening(-1, -1)
"""More text is needed to tell."""


@dataclass(frozen=True)
class Search:
    """How far a search came: no call begins before `settled`; `in_fence` tells whether a code block is open there."""

    settled: int = 0
    in_fence: bool = False
    opening: Opening | None = None


class Openings:
    """Knows what the calls of the offered tools look like."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._shapes = (_MARKER_SHAPE, *_json_shapes(_quoted(names))) if names else ()
        self._first = (*self._shapes, *_json_shapes(_ANY_NAME)) if names else ()

    def search(self, text: str, since: Search) -> Search:
        """Return how far the text is settled, going on from an earlier search, and the first opening if it has one."""
        position, in_fence = since.settled, since.in_fence
        while self._shapes and (found := _CANDIDATE.search(text, position)):
            start = max(found.start("start"), found.start("inline"))
            is_fence = text.startswith("```", start)
            if in_fence:
                opening = PENDING if "```".startswith(text[start:]) and not is_fence else None
            else:
                opening = None if _in_code(text, start) else self.match(text, start)
            if opening is PENDING:
                return Search(found.start(), in_fence)
            if opening:
                return Search(start, in_fence, opening)
            in_fence ^= is_fence
            position = start + (3 if is_fence else 1)
        return Search(max(position, _last_indent(text)), in_fence)

    def match(self, text: str, start: int) -> Opening | None:
        """Return the opening at `start`, PENDING when it could still become one, None when there is none.

        Before any other text a call of an unknown tool is one too: the model made the tool up, and must be told.
        """
        undecided = False
        for parts in self._shapes if text[:start].strip() else self._first:
            for end in _ends(parts, text, start):
                if end is not None:
                    return _opening(text, start, end)
                undecided = True
        return PENDING if undecided else None


def _last_indent(text: str) -> int:
    """Return where the text ends, less the blanks with which its last line begins: they belong to what follows."""
    line = text.rfind("\n") + 1
    return len(text) if text[line:].strip() else line


def _opening(text: str, start: int, end: int) -> Opening:
    named = _NAMED.search(text, start, end)
    braces = re.compile(r"[{\[]").search(text, start, end)
    if not named or not braces:
        return Opening(start, end)
    return Opening(start, braces.start(), named["name"])


def _ends(parts: _Parts, text: str, at: int) -> Iterator[int | None]:
    """Yield where the parts, one after the other, end in the text; None for each way in which they still could."""
    if not parts:
        yield at
        return
    for end in _steps(parts[0], text, at):
        if end is None:
            yield None
        else:
            yield from _ends(parts[1:], text, end)


def _steps(part: tuple[str, ...], text: str, at: int) -> Iterator[int | None]:
    """Yield where one part may end that begins here; None for each way in which it still could."""
    if not part:  # _SPACE
        blank = _BLANK.match(text, at)
        yield blank.end() if blank else at
    elif part is _ANY_NAME:
        name = _QUOTED_NAME.match(text, at)
        if name:
            yield name.end()
        elif _HALF_NAME.fullmatch(text, at):
            yield None
    else:
        for option in part:
            if text.startswith(option, at):
                yield at + len(option)
            elif option.startswith(text[at : at + len(option)]):
                yield None


def _in_code(text: str, at: int) -> bool:
    """Tell whether the place lies in inline code or right behind a quotation mark: it is talked about, not meant."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.count("`") % 2 == 1 or line[-1:] in ("'", '"')


def _quoted(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{mark}{word}{mark}" for word in words for mark in "\"'")


def _json_shapes(names: tuple[str, ...]) -> Iterator[_Parts]:
    """Yield the shapes of `{"name": "a tool", "arguments":` with what may stand around it."""
    named = (_quoted(_NAME_KEYS), _SPACE, (":",), _SPACE, names, _SPACE)
    arguments = ((",",), _SPACE, _quoted(_ARGUMENT_KEYS), _SPACE, (":",))
    before = (_FENCES, _SPACE, _WRAPPERS, _SPACE)
    typed = (_quoted(["type"]), _SPACE, (":",), _SPACE, _quoted(["function"]), _SPACE, (",",), _SPACE)
    nested = (_quoted(["function", "tool_call"]), _SPACE, (":",), _SPACE, ("{",), _SPACE)
    for inside in ((), typed, nested, (*typed, *nested)):
        yield (*before, ("[", ""), _SPACE, ("{", "{{"), _SPACE, *inside, *named, *arguments)
        if names is not _ANY_NAME:
            yield (*before, ("{", "{{"), _SPACE, *inside, *named, ("}",))
