"""Where a change takes place: a path below one granted folder, reached through no link at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from desktop_agent.errors import UserFacingError
from desktop_agent.tools import beneath, names
from desktop_agent.tools.scope import Root
from desktop_agent.tools.shown import shown

_FOLDER = os.O_RDONLY | os.O_DIRECTORY


@dataclass(frozen=True)
class Place:
    """A name in a folder below a granted one, be there a file or not. `label` is its path, safe to show."""

    root: Root
    parts: tuple[str, ...]
    label: str

    @property
    def name(self) -> str:
        """The name in its folder."""
        return self.parts[-1]

    @property
    def path(self) -> str:
        """The path below the granted folder, as the undo history keeps it."""
        return "/".join(self.parts)

    @property
    def absolute(self) -> PurePosixPath:
        """The whole path."""
        return self.root.path.joinpath(*self.parts)

    @contextmanager
    def folder(self) -> Iterator[int]:
        """Hold the folder of the place open. Raises OSError: ENOENT for none, ELOOP or ENOTDIR for a link."""
        with _held(self.root, self.parts[:-1]) as fd:
            yield fd

    @contextmanager
    def below(self) -> Iterator[int]:
        """Hold the place itself open, where it is a folder. Raises OSError like `folder`."""
        with _held(self.root, self.parts) as fd:
            yield fd

    def status(self) -> os.stat_result | None:
        """Return what is there, links as such; None for nothing. Raises OSError when the way there is barred."""
        try:
            with self.folder() as folder:
                return os.stat(self.name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def missing_folders(self) -> tuple[str, ...]:
        """Return the folders on the way that do not exist yet, as paths below the root, the outermost first."""
        paths = tuple(self.parts[:count] for count in range(1, len(self.parts)))
        there = 0
        for parts in paths:
            try:
                os.close(beneath.by_walk(self.root.fd, parts, _FOLDER))
            except FileNotFoundError:
                break
            there += 1
        return tuple("/".join(parts) for parts in paths[there:])

    def check_changeable(self) -> None:
        """Raise UserFacingError for protected names."""
        if part := names.protected((*self.root.path.parts[1:], *self.parts)):
            said = f"'{self.label}' is protected: programs obey what is in '{shown(part)}'."
            raise UserFacingError(said, "Only the user can change it, outside this program.")

    def check_writable(self) -> None:
        """Raise OSError when this account may not change what is in the folder, or is to make folders in."""
        with self._first(self.missing_folders()).folder() as folder:
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=folder):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.label)

    def check_free(self, but: str = "") -> None:
        """Raise UserFacingError when something new cannot be called this, or is taken for something else there.

        `but` is a name in the folder that does not count: the one that the file has so far.
        """
        missing = self.missing_folders()
        for path in (*missing, self.path):
            names.check_new(path.rpartition("/")[2])
        first = self._first(missing)
        with first.folder() as folder, os.scandir(folder) as entries:
            for entry in entries:
                if entry.name != but and names.same(entry.name, first.name):
                    raise _taken(first, entry.name)

    def _first(self, missing: tuple[str, ...]) -> "Place":
        """Return the place of the first folder that is to be made, or this one when there is none."""
        return replace(self, parts=tuple(missing[0].split("/"))) if missing else self


@contextmanager
def _held(root: Root, parts: tuple[str, ...]) -> Iterator[int]:
    fd = beneath.by_walk(root.fd, parts, _FOLDER)
    try:
        yield fd
    finally:
        os.close(fd)


def _taken(place: Place, name: str) -> UserFacingError:
    if name == place.name:
        return UserFacingError(f"There is '{place.label}' already.", "Choose another name.")
    said = f"'{shown(name)}' is there already, and cannot be told from '{shown(place.name)}' everywhere."
    return UserFacingError(said, "Use that name, or a different one.")
