"""Changes of files, planned: nothing happens before `apply`."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.tools import atomic, names
from desktop_agent.tools.diff import Diff, diff
from desktop_agent.tools.exact_text import ExactText
from desktop_agent.tools.place import Place
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.refusals import sentences
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.shown import size


@dataclass(frozen=True)
class FileChange:
    """Implements Change for a file. `act` makes it; `count` is how many bytes the quota is charged."""

    scope: Scope
    place: Place
    preview: Preview
    undo_copy: UndoCopy
    act: Callable[[], str]
    count: int = 0
    risk: str = ""

    @property
    def folder(self) -> str:
        """The granted folder that it lies in."""
        return str(self.place.root.path)

    def apply(self) -> str:
        """Make the change, whole or not at all; return what the model reads. Raises UserFacingError."""
        self.scope.check()
        self.scope.quota.check(self.count)
        with sentences(self.place.label):
            said = self.act()
        self.scope.quota.spend(self.count)
        return said


def existing(place: Place) -> atomic.Held:
    """Return the file that is to be changed; raises UserFacingError for what is none, or too much to be undone."""
    status = found(place)
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a link" if stat.S_ISLNK(status.st_mode) else "no file"
        raise UserFacingError(f"'{place.label}' is {kind}.", "Only regular files are changed.")
    if status.st_nlink > 1:
        said = f"'{place.label}' is one of {status.st_nlink} names of the same file (hard links)."
        raise UserFacingError(said, "It is not changed, since that would change the others too.")
    if status.st_size > LARGEST:
        said = f"'{place.label}' has {size(status.st_size)}, more than the {size(LARGEST)} that can be undone."
        raise UserFacingError(said, "The user can change it outside this program.")
    with sentences(place.label), place.folder() as folder:
        return atomic.hold(folder, place.name, LARGEST)


def found(place: Place) -> os.stat_result:
    """Return what is at a place that may be changed; raises UserFacingError where nothing is."""
    place.check_changeable()
    status = status_of(place)
    if status is None:
        raise UserFacingError(f"There is no '{place.label}'.", "list_files shows what is there.")
    with sentences(place.label):
        place.check_writable()
    return status


def status_of(place: Place) -> os.stat_result | None:
    """Return what is at a place, None for nothing; raises UserFacingError when the way there is barred."""
    with sentences(place.label):
        return place.status()


def checked_free(place: Place, but: str = "") -> str:
    """Return the outermost folder that is to be made for a place, empty for none.

    Raises UserFacingError like `Place.check_free`, and when the way there is barred.
    """
    with sentences(place.label):
        place.check_free(but)
        place.check_writable()
        return next(iter(place.missing_folders()), "")


def creation(scope: Scope, place: Place, data: bytes, text: str) -> FileChange:
    """Plan a new file, with the folders on the way to it."""
    scope.quota.check(len(data))
    place.check_changeable()
    made = checked_free(place)

    def act() -> str:
        with with_folders(place) as folder:
            atomic.create(folder, place.name, data)
            _note_known(scope, folder, place.name)
        return f"Created {place.label} ({size(len(data))})."

    shown = diff("", text)
    copy = replace(undo_copy("create", place), other=made, after=sha256(data).hexdigest())
    return FileChange(scope, place, _preview("create", place, shown), copy, act, len(data), _risk(place, shown))


def rewriting(scope: Scope, place: Place, held: atomic.Held, old: ExactText, text: str) -> FileChange:
    """Plan new content for a file; raises UserFacingError when it has this content."""
    data = old.bytes_of(text)
    if data == held.data:
        raise UserFacingError(f"'{place.label}' has this very content already.", "Nothing is to be done.")
    scope.quota.check(len(data))
    known = scope.seen.whole(held.status)
    shown = diff(old.text, text)

    def act() -> str:
        with place.folder() as folder:
            atomic.replace(folder, place.name, data, held)
            if known:
                _note_known(scope, folder, place.name)
        return f"Changed {place.label}: {shown.added} lines added, {shown.removed} removed."

    mode = stat.S_IMODE(held.status.st_mode)
    copy = replace(undo_copy("edit", place), before=held.data, after=sha256(data).hexdigest(), mode=mode)
    risk = _risk(place, shown, mode)
    return FileChange(scope, place, _preview("edit", place, shown), copy, act, len(data), risk)


def _note_known(scope: Scope, folder: int, name: str) -> None:
    with suppress(OSError):  # another program was faster, and has taken it away
        scope.seen.note_whole(os.stat(name, dir_fd=folder, follow_symlinks=False))


def undo_copy(kind: str, place: Place) -> UndoCopy:
    """Return where a change takes place, as the undo history keeps it."""
    status = os.fstat(place.root.fd)
    return UndoCopy(kind, place.path, str(place.root.path), status.st_dev, status.st_ino)


@contextmanager
def with_folders(place: Place) -> Iterator[int]:
    """Make the folders on the way to a place and hold the last one open; if the block fails they go again."""
    made: list[Place] = []
    try:
        for path in place.missing_folders():
            each = replace(place, parts=tuple(path.split("/")))
            with each.folder() as folder:
                os.mkdir(each.name, dir_fd=folder)
            made.append(each)
        with place.folder() as folder:
            yield folder
    except BaseException:
        for each in reversed(made):
            with suppress(OSError), each.folder() as folder:
                os.rmdir(each.name, dir_fd=folder)
        raise


def _preview(kind: Literal["create", "edit"], place: Place, shown: Diff) -> Preview:
    return Preview(kind, place.label, text=shown.text, added=shown.added, removed=shown.removed)


def _risk(place: Place, shown: Diff, mode: int = 0) -> str:
    if mode & 0o111:
        return "It is a program: the computer can run it."
    return names.risk(place.parts) or ("It is too long to be shown whole." if shown.cut else "")
