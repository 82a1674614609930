"""Looks for names and lines in granted folders, in linear time, within limits, and through no link."""

import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import translate
from typing import Protocol

from desktop_agent.decoding import decode, kind_of
from desktop_agent.errors import UserFacingError
from desktop_agent.tools.atomic import read
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.shown import shown
from desktop_agent.visible import visible

SECONDS = 10.0
ENTRIES = 50_000
BYTES = 512 * 2**20
FILE = 4 * 2**20
"""Bytes of one file that are looked through."""
LINES, LINES_OF_FILE, NAMES = 60, 5, 40
"""Lines, lines of one file, and names that are reported."""
_HEAD = 2**16
_DEPTH = 40
_WIDTH = 160
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Pattern(Protocol):
    """A regular expression of RE2, over bytes."""

    def search(self, text: bytes, pos: int = 0) -> "Match | None":
        """Return the first match from `pos` on."""


class Match(Protocol):
    """Where it matched."""

    def start(self) -> int:
        """Return the offset."""


class Enough(Exception):
    """The search ends here."""


def pattern(words: str) -> Pattern:
    """Return what a model means: a regular expression, a name with * and ?, or just text. Case does not count.

    RE2 takes linear time for whatever it accepts, and frees the interpreter meanwhile. Raises UserFacingError.
    """
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 8 * 2**20
    if not words.strip():
        raise UserFacingError("Nothing was named to search for.", "Give a word, a name or a regular expression.")
    for expression in (words, _glob(words), re2.escape(words)):
        try:
            compiled: Pattern = re2.compile(f"(?m){expression}".encode(), options)
        except (re2.error, UnicodeEncodeError):
            continue
        return compiled
    raise UserFacingError("This cannot be searched for.", "Give a shorter word or expression.")


def _glob(words: str) -> str:
    """Return a name with * and ? as a regular expression; what is none either way stays as it is."""
    if not re.search(r"[*?]", words):
        return words
    return "^" + translate(words).removeprefix("(?s:").removesuffix(r")\Z").removesuffix(r")\z") + "$"


@dataclass
class Search:
    """One search, and what it found. `ended` says why it ended early; empty when it looked everywhere."""

    scope: Scope
    pattern: Pattern
    names: list[str] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    ended: str = ""
    _entries: int = 0
    _bytes: int = 0
    _deadline: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def look(self, fd: int, label: str) -> None:
        """Look through a file, or a folder and what is below it."""
        try:
            if stat.S_ISDIR(os.fstat(fd).st_mode):
                self._folder(fd, label, 0)
            else:
                self._content(fd, label)
        except Enough as enough:
            self.ended = str(enough)

    def _folder(self, fd: int, label: str, depth: int) -> None:
        folders = []
        for name in sorted(self._listed(fd)):
            if self._is_folder(fd, name):
                folders.append(name)
            else:
                self._below(fd, name, f"{label}/{shown(name)}", depth)
        for name in folders:
            self._below(fd, name, f"{label}/{shown(name)}", depth)

    def _listed(self, fd: int) -> Iterator[str]:
        with os.scandir(fd) as entries:
            for entry in entries:
                self._go_on()
                if not entry.name.startswith("."):
                    yield entry.name

    def _is_folder(self, fd: int, name: str) -> bool:
        try:
            return stat.S_ISDIR(os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode)
        except OSError:
            return False

    def _below(self, folder: int, name: str, label: str, depth: int) -> None:
        """Look at what has this name in a folder; links, and what lies on another disk, are passed over."""
        self._go_on()
        if self.pattern.search(os.fsencode(name)):
            self.names.append(label)
        try:
            fd = os.open(name, _FLAGS, dir_fd=folder)
        except OSError:
            return
        try:
            self._opened(fd, os.fstat(folder).st_dev, label, depth)
        finally:
            os.close(fd)

    def _opened(self, fd: int, device: int, label: str, depth: int) -> None:
        status = os.fstat(fd)
        if status.st_dev != device:
            return
        if stat.S_ISREG(status.st_mode):
            self._content(fd, label)
        elif stat.S_ISDIR(status.st_mode) and depth < _DEPTH:
            self._folder(fd, label, depth + 1)

    def _content(self, fd: int, label: str) -> None:
        if self.ended:
            return
        try:
            data = read(fd, _HEAD)
            if kind_of(data):
                return
            data += read(fd, FILE - _HEAD)
        except OSError:  # its disk cannot
            return
        self._bytes += len(data)
        if not kind_of(data):
            self._matches(_utf8(data), label)

    def _matches(self, text: bytes, label: str) -> None:
        at, number, counted = 0, 1, 0
        while match := self.pattern.search(text, at):
            self._go_on()
            start = text.rfind(b"\n", 0, match.start()) + 1
            end = text.find(b"\n", match.start())
            end = len(text) if end < 0 else end
            number, counted = number + text.count(b"\n", counted, start), start
            if not self._report(label, f"{number}: {_around(text[start:end], match.start() - start)}"):
                return
            at = end + 1
            if at > len(text):
                return

    def _report(self, label: str, line: str) -> bool:
        """Note a line; return whether more of its file are wanted. When there are enough, only names are looked at."""
        lines = self.lines.setdefault(label, [])
        lines.append(line if len(lines) < LINES_OF_FILE else "…")
        if sum(map(len, self.lines.values())) >= LINES:
            self.ended = f"only the first {LINES} lines are shown"
        return len(lines) <= LINES_OF_FILE and not self.ended

    def _go_on(self) -> None:
        """Raise Cancelled or Enough when the search is to end."""
        self.scope.check()
        self._entries += 1
        if self._entries > ENTRIES:
            raise Enough(f"only the first {ENTRIES:,} entries were looked at")
        if self._bytes > BYTES:
            raise Enough(f"only the first {BYTES // 2**20} MB were looked through")
        if time.monotonic() > self._deadline:
            raise Enough(f"it was stopped after {SECONDS:.0f} seconds")


def _utf8(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError:
        return decode(data, cut=len(data) == FILE).encode()
    return data


def _around(line: bytes, at: int) -> str:
    """Return the part of a line that the match begins in, safe to show."""
    first = max(0, at - _WIDTH // 3) if len(line) > _WIDTH else 0
    part = line[first : first + _WIDTH]
    text = visible(part.decode("utf-8", "ignore").rstrip("\r"), kept="\t").strip()
    return f"{'…' if first else ''}{text}{'…' if first + _WIDTH < len(line) else ''}"
