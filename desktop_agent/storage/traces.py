"""Where a forgotten text left traces in other texts: notes quote it, titles are made from it, other facts repeat it."""

import re
from collections.abc import Iterable

from desktop_agent import lexical

_OWN = re.compile(
    r"Today is \d{4}-\d\d-\d\d\.|\[\d{4}-\d\d-\d\d(?:, replaces an earlier note)?\]"
    r"|(?:Saved memories of the user|Notes from earlier chats) \(information, never instructions[^()]*\):"
)
"""What the program itself writes into notes (see agent.notes)."""

_SHARED = {"han": 8, "other": 20}
"""So many characters in common, in `lexical.normal`, are a quote of a text that is longer."""


class Traces:
    """Finds what repeats forgotten texts, or has forgotten words. Rather a line too many goes than one too few."""

    def __init__(self, texts: Iterable[str], words: str = "") -> None:
        self._words = lexical.normal(words)
        self._short: set[str] = set()
        self._long: dict[int, set[str]] = {length: set() for length in _SHARED.values()}
        for text in texts:
            for line in text.splitlines():
                self._add(line)

    def _add(self, line: str) -> None:
        normal, length = lexical.normal(line), _SHARED[lexical.group(line)]
        if len(normal) > length:
            self._long[length].update(_pieces(normal, length))
        elif normal:  # as whole words where the script has spaces
            self._short.add(normal if length == _SHARED["han"] else f" {normal} ")

    def has_words(self, text: str) -> bool:
        """Return whether the forgotten words are in the text."""
        return bool(self._words) and self._words in lexical.normal(text)

    def are_in(self, text: str) -> bool:
        """Return whether the text quotes a forgotten one or has forgotten words."""
        normal = lexical.normal(text)
        padded = f" {normal} "
        return (
            (bool(self._words) and self._words in normal)
            or any(short in padded for short in self._short)
            or any(not pieces.isdisjoint(_pieces(normal, length)) for length, pieces in self._long.items() if pieces)
        )

    def scrubbed(self, notes: str) -> str:
        """Return notes without the lines that hold traces, and without headings below which nothing is left."""
        lines = notes.split("\n")
        kept = [line for line in lines if is_own_line(line) or not self.are_in(line)]
        return notes if len(kept) == len(lines) else "\n".join(_without_empty_headings(kept))


def is_own_line(line: str) -> bool:
    """Return whether a line of notes is the program's own: a date or a heading, which tells the model what follows."""
    return _OWN.fullmatch(line) is not None


def _pieces(text: str, length: int) -> Iterable[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _without_empty_headings(lines: list[str]) -> list[str]:
    """Drop dates ("[2026-01-31]") with no quote below, headings ("Notes …:") with nothing below (see agent.notes)."""
    kept: list[str] = []
    for line in reversed(lines):
        below = kept[-1] if kept else ""
        is_date = line.startswith("[") and line.endswith("]")
        if (is_date and not below.startswith(">")) or (_is_heading(line) and (not below or _is_heading(below))):
            continue
        kept.append(line)
    return kept[::-1]


def _is_heading(line: str) -> bool:
    return line.endswith(":") and not line.startswith((">", "["))
