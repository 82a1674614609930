"""Reading JSON as small models write it: strictly where that works, forgivingly where the meaning is certain."""

import html
import json
import math
import re
from typing import Any

_DEEPEST = 64
_BLANK = re.compile(r"\s*")
_CHUNK = {mark: re.compile(rf"[^{mark}\\]*") for mark in "\"'"}
_WORD = re.compile(r"[-+\w.]+")
_NUMBER = re.compile(r"[-+]?\d{1,400}(\.\d+)?([eE][-+]?\d+)?", re.ASCII)
_HALF = re.compile(r"\\u[dD][89abAB]|\\u[dD][c-fC-F]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_CONSTANTS = {"true": True, "false": False, "null": None, "none": None}


class Unclosed(ValueError):
    """The text ends in the middle of a value."""


def read_json(text: str, start: int = 0, cut: bool = False) -> tuple[Any, int]:
    """Return the JSON value that begins at `start`, and where it ends.

    Mended are trailing commas, single quotes, Python's constants, raw line breaks in strings, HTML's escapes instead of
    quotation marks, and brackets left open at the end of the text unless the text was cut off there. Raises ValueError
    (Unclosed when the text just ends) for anything else, for repeated names and for more than 64 levels.
    """
    try:
        value, end = _STRICT.raw_decode(text, _skip(text, start))
        if _HALF.search(text, start, end):
            json.dumps(value, ensure_ascii=False).encode()  # half a character cannot be written anywhere
        return value, end
    except (ValueError, RecursionError) as error:
        if str(error) == _REPEATED:
            raise
    try:
        return _Reader(text, cut).read(start)
    except Unclosed:
        raise
    except ValueError:
        plain = html.unescape(text[start:])
        if plain == text[start:]:
            raise
        return _Reader(plain, cut).read(0)[0], len(text)


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


_REPEATED = "a name stands twice in one object"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError(_REPEATED)
    return members


def _finite(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise ValueError(f"{word[:20]} is no number")
    return number


_STRICT = json.JSONDecoder(strict=False, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_finite)


class _Reader:
    """A forgiving recursive-descent reader."""

    def __init__(self, text: str, cut: bool) -> None:
        self._text = text
        self._cut = cut
        self._at = 0

    def read(self, start: int) -> tuple[Any, int]:
        self._at = start
        return self._value(0), self._at

    def _value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("the brackets are nested too deeply")
        mark = self._peek()
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._array(depth)
        if mark in ('"', "'"):
            return self._string(mark)
        return self._word()

    def _peek(self) -> str:
        """Skip blanks and return the next character. Raises Unclosed at the end of the text."""
        self._at = _skip(self._text, self._at)
        if self._at >= len(self._text):
            raise Unclosed("the text ends in the middle of a value")
        return self._text[self._at]

    def _more(self, closing: str) -> bool:
        """Skip a comma, and tell whether another member follows; eat the closing bracket, which may be missing."""
        try:
            while self._peek() == ",":
                self._at += 1
        except Unclosed:
            if self._cut:
                raise
            return False
        mark = self._text[self._at]
        if mark == closing:
            self._at += 1
        return mark not in "]}"

    def _object(self, depth: int) -> dict[str, Any]:
        self._at += 1
        pairs = []
        while self._more("}"):
            mark = self._peek()
            name = self._string(mark) if mark in ('"', "'") else str(self._bare())
            if self._peek() != ":":
                raise ValueError(f"a colon is missing after {name[:40]!r}")
            self._at += 1
            pairs.append((name, self._value(depth + 1)))
        return _unique(pairs)

    def _array(self, depth: int) -> list[Any]:
        self._at += 1
        items = []
        while self._more("]"):
            items.append(self._value(depth + 1))
        return items

    def _string(self, mark: str) -> str:
        self._at += 1
        parts = []
        while True:
            chunk = _CHUNK[mark].match(self._text, self._at)
            parts.append(chunk.group() if chunk else "")
            self._at += len(parts[-1])
            if self._at >= len(self._text):
                raise Unclosed("the text ends in the middle of a string")
            self._at += 1
            if self._text[self._at - 1] == mark:
                return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16")  # joins the halves
            parts.append(self._escape())

    def _escape(self) -> str:
        """Return the character of an escape whose backslash was read; an unknown one stays as it is written."""
        following = self._text[self._at : self._at + 5]
        self._at += 1
        if re.fullmatch("u[0-9a-fA-F]{4}", following):
            self._at += 4
            return chr(int(following[1:], 16))
        known = _ESCAPES.get(following[:1])
        return known or (following[:1] if following[:1] in "\"'\\/" else "\\" + following[:1])

    def _word(self) -> Any:
        word = self._bare()
        if word.lower() in _CONSTANTS:
            return _CONSTANTS[word.lower()]
        if not _NUMBER.fullmatch(word):
            raise ValueError(f"{word[:40]!r} is no value")
        return int(word) if word.lstrip("-+").isdigit() else _finite(word)

    def _bare(self) -> str:
        word = _WORD.match(self._text, self._at)
        if not word:
            raise ValueError(f"{self._text[self._at : self._at + 20]!r} is no value")
        self._at = word.end()
        return word.group()
