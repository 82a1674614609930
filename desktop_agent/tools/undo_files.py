"""How changes of files are taken back: only where the file is as the change left it, so nothing is lost."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePosixPath

from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.tools import atomic, beneath, renaming
from desktop_agent.tools.changes import status_of, with_folders
from desktop_agent.tools.moved import Moved
from desktop_agent.tools.place import Place
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.refusals import sentences
from desktop_agent.tools.scope import Root
from desktop_agent.tools.shown import shown, size

_NOTHING = "Nothing was undone."


def undo_file(copy: UndoCopy) -> str:
    """Take the change of a file back and say so. Raises UserFacingError when the file is not as the change left it."""
    with _root(copy) as root:
        place = _place(root, copy.path)
        with sentences(place.label):
            return _WAYS[copy.kind](copy, place)


def _created(copy: UndoCopy, place: Place) -> str:
    if status_of(place) is None:
        return f"'{place.label}' is gone already."
    held = _as_left(copy, place)
    with place.folder() as folder:
        atomic.remove(folder, place.name, held)
    _remove_made(place, copy.other)
    return f"'{place.label}' is removed again."


def _edited(copy: UndoCopy, place: Place) -> str:
    before = copy.before or b""
    held = _current(place)
    if held.data == before:
        return f"'{place.label}' is as it was before."
    with place.folder() as folder:
        atomic.replace(folder, place.name, before, _as_left(copy, place))
    return f"'{place.label}' is as it was before."


def _deleted(copy: UndoCopy, place: Place) -> str:
    if (there := status_of(place)) is not None:
        if _is_back(copy, place, there):
            return f"'{place.label}' is there again."
        raise _differs(f"There is a new '{place.label}' in its place.")
    with with_folders(place) as folder:
        if copy.before is None:
            os.mkdir(place.name, copy.mode & 0o777, dir_fd=folder)
        else:
            atomic.create(folder, place.name, copy.before, copy.mode)
    return f"'{place.label}' is there again."


def _moved(copy: UndoCopy, place: Place) -> str:
    moved = Moved.from_bytes(copy.before or b"")
    now = _place(place.root, copy.other)
    status, there = status_of(now), status_of(place)
    in_place = there is not None and status is not None and os.path.samestat(there, status)
    if status is None and moved.is_at(place, there):
        return f"'{place.label}' is where it was."
    if status is None:
        raise _differs(f"'{now.label}' is not there any more.")
    if not moved.is_at(now, status):
        raise _differs(f"'{now.label}' was changed or replaced since.")
    if there is not None and not in_place:
        raise _differs(f"There is a new '{place.label}' where it was.")
    _back(now, place, in_place=in_place)
    _remove_made(now, moved.made)
    return f"'{place.label}' is where it was."


def _back(now: Place, place: Place, *, in_place: bool) -> None:
    with now.folder() as folder, with_folders(place) as to_folder:
        if in_place:
            renaming.respell(folder, now.name, place.name)
        else:
            renaming.move(folder, now.name, to_folder, place.name)
        atomic.sync(folder)
        atomic.sync(to_folder)


_WAYS = {"create": _created, "edit": _edited, "delete": _deleted, "move": _moved}


@contextmanager
def _root(copy: UndoCopy) -> Iterator[Root]:
    """Hold the granted folder open. It need not be granted any more: it is the user who takes the change back."""
    try:
        fd = beneath.open_root(copy.root, copy.device, copy.inode)
    except (OSError, ValueError) as error:
        raise _differs(f"The folder '{shown(copy.root)}' was moved, replaced or closed to this account.") from error
    try:
        yield Root(PurePosixPath(copy.root), fd)
    finally:
        os.close(fd)


def _place(root: Root, path: str) -> Place:
    return Place(root, tuple(path.split("/")), shown(f"{root.name}/{path}"))


def _as_left(copy: UndoCopy, place: Place) -> atomic.Held:
    """Return the file, if it is as the change left it; else raise UserFacingError that says what is different."""
    held = _current(place)
    if sha256(held.data).hexdigest() != copy.after:
        raise _differs(f"'{place.label}' was changed since: it has {size(len(held.data))} now.")
    return held


def _current(place: Place) -> atomic.Held:
    status = status_of(place)
    if status is None:
        raise _differs(f"'{place.label}' is not there any more.")
    if not stat.S_ISREG(status.st_mode):
        raise _differs(f"'{place.label}' is no regular file any more.")
    if status.st_size > LARGEST:
        raise _differs(f"'{place.label}' was changed since: it has {size(status.st_size)} now.")
    with place.folder() as folder:
        return atomic.hold(folder, place.name, LARGEST)


def _is_back(copy: UndoCopy, place: Place, there: os.stat_result) -> bool:
    if copy.before is None:
        return stat.S_ISDIR(there.st_mode)
    return stat.S_ISREG(there.st_mode) and there.st_size <= LARGEST and _current(place).data == copy.before


def _remove_made(place: Place, made: str) -> None:
    """Remove the folders that were made for a file, from the inside out to `made`, as far as they are empty."""
    for count in range(len(place.parts) - 1, made.count("/") if made else len(place.parts), -1):
        each = replace(place, parts=place.parts[:count])
        with suppress(OSError), each.folder() as folder:
            os.rmdir(each.name, dir_fd=folder)


def _differs(said: str) -> UserFacingError:
    return UserFacingError(said, _NOTHING)
