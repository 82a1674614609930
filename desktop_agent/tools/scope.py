"""What one tool call may reach: the granted folders, opened, and the user's Stop."""

import errno
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import PurePosixPath

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.tools.beneath import open_beneath
from desktop_agent.tools.quota import Quota
from desktop_agent.tools.seen import Seen
from desktop_agent.tools.shown import shown

NO_FOLDER = "No folder is granted."
HOW_TO_GRANT = "The user can grant one under 'Folders' or with --allow FOLDER."
READ_LIMIT = 16_000
"""Bytes of a file, about 4,000 tokens."""
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_NAMES = 8
_WHOLE = 100_000
"""Characters, more than any path has that is taken: what is agreed to must not end out of sight."""
_SCANNED = 2000
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Root:
    """A granted folder, held open by `fd`."""

    path: PurePosixPath
    fd: int

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.path.name


@dataclass(frozen=True)
class Opened:
    """Something below a root. `label` is its path, safe to show."""

    fd: int
    label: str


@dataclass(frozen=True)
class Scope:
    """The granted folders of one call. `limit` is the most bytes of a file that the model gets to see.

    `suspended` says of each grant that cannot be used why that is. `seen` and `quota` are the conversation's: which
    files it read, and how much it changed.
    """

    roots: tuple[Root, ...]
    suspended: tuple[str, ...] = ()
    cancel: threading.Event = field(default_factory=threading.Event)
    limit: int = READ_LIMIT
    seen: Seen = field(default_factory=Seen)
    quota: Quota = field(default_factory=Quota)

    def check(self) -> None:
        """Raise Cancelled when the user stopped the turn."""
        if self.cancel.is_set():
            raise Cancelled

    @contextmanager
    def open(self, path: str) -> Iterator[Opened]:
        """Open a path as a model writes it: relative to a root, beginning with a root's name, or absolute.

        Raises UserFacingError when there is no such file, or it lies outside, or several folders have it.
        """
        self.require_roots()
        opened, errors = self._open_everywhere(parse(path))
        try:
            if not opened:
                raise self._refusal(path, errors)
            if len(opened) > 1:
                labels = ", ".join(place.label for place in opened)
                raise UserFacingError(f"'{shown(path)}' is in several granted folders: {labels}.", "Name one of them.")
            yield opened[0]
        finally:
            for place in opened:
                os.close(place.fd)

    def require_roots(self) -> None:
        """Raise UserFacingError when no granted folder can be used."""
        if not self.roots:
            raise UserFacingError(" ".join(self.suspended) or NO_FOLDER, HOW_TO_GRANT)

    def _open_everywhere(self, path: PurePosixPath) -> tuple[list[Opened], list[OSError]]:
        opened: list[Opened] = []
        errors: list[OSError] = []
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC  # a fifo must not make the turn wait
        for root in self.roots:
            for parts in below(root, path):
                try:
                    fd = open_beneath(root.fd, parts, flags)
                except OSError as error:
                    errors.append(error)
                    continue
                if _is_open(fd, opened):  # one granted folder holds another
                    os.close(fd)
                else:
                    opened.append(Opened(fd, self.label(root, parts)))
                break
        return opened, errors

    def label(self, root: Root, parts: tuple[str, ...]) -> str:
        """Return a path that leads here again, never cut: full where two granted folders have the same name."""
        alike = sum(other.name == root.name for other in self.roots) > 1
        return shown(str((root.path if alike else PurePosixPath(root.name)).joinpath(*parts)), _WHOLE)

    def _refusal(self, path: str, errors: list[OSError]) -> UserFacingError:
        name, folders = shown(path), self.names()
        codes = {error.errno for error in errors}
        if not codes or errno.EXDEV in codes:
            return UserFacingError(f"'{name}' is outside {folders}.", "Give a path inside, without '..'.")
        if errno.ELOOP in codes:
            return UserFacingError(f"'{name}' is a link that is not followed.")
        if codes <= set(_ABSENT):
            return UserFacingError(f"There is no '{name}' in {folders}.", self._names_near(path))
        if errno.ENXIO in codes:
            return UserFacingError(f"'{name}' is not a regular file.")
        reason = next(error for error in errors if error.errno not in _ABSENT)
        return UserFacingError(f"'{name}' cannot be opened: {os.strerror(reason.errno or 0)}.")

    def names(self) -> str:
        """Return the granted folders in words."""
        names = ", ".join(f"'{shown(root.name)}'" for root in self.roots)
        return f"the granted folder{'s' if len(self.roots) > 1 else ''} {names}"

    def _names_near(self, path: str) -> str:
        """Return a sentence with the names that a model may have meant: a small one seldom lists the folder first."""
        wanted = parse(path)
        there = sorted({name for root in self.roots for name in _names(root, wanted.parent)})
        near = get_close_matches(wanted.name[:255], there, _NAMES, cutoff=0.5)
        names = (near + [name for name in there if name not in near])[:_NAMES]
        more = ", …" if len(there) > len(names) else ""
        return f"Names there: {', '.join(map(shown, names))}{more}" if names else "Nothing is there."


def _is_open(fd: int, opened: list[Opened]) -> bool:
    return any(os.path.sameopenfile(fd, place.fd) for place in opened)


def parse(path: str) -> PurePosixPath:
    """Return the path; raises UserFacingError for what no file name can hold."""
    if "\0" in path:
        raise UserFacingError("A path cannot hold a NUL character.")
    if _URL.match(path):
        raise UserFacingError(f"'{shown(path)}' is an address outside the granted folder.", "Only paths can be opened.")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise UserFacingError(f"No file can be called '{shown(path)}'.") from error
    return PurePosixPath(os.path.expanduser(path) if path.startswith("~/") else path)  # noqa: PTH111 -- keeps "//"


def below(root: Root, path: PurePosixPath) -> Iterator[tuple[str, ...]]:
    """Yield what the path may mean below the root, likeliest first."""
    if not path.is_absolute():
        yield path.parts
        if path.parts and path.parts[0] == root.name:
            yield path.parts[1:]
    elif path.is_relative_to(root.path):
        yield path.relative_to(root.path).parts
    elif (real := PurePosixPath(os.path.realpath(path))).is_relative_to(root.path):
        # /home may be a link to /var/home; what is opened is still resolved beneath the root.
        yield real.relative_to(root.path).parts


def _names(root: Root, folder: PurePosixPath) -> Iterable[str]:
    """Return visible names in a folder, or in the root itself when there is no such folder."""
    for parts in (*below(root, folder), ()):
        try:
            fd = open_beneath(root.fd, parts, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            with os.scandir(fd) as entries:
                return [entry.name for entry in islice(entries, _SCANNED) if not entry.name.startswith(".")]
        finally:
            os.close(fd)
    return []
