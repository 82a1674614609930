"""A file or a folder under another name."""

import os
import stat
from dataclasses import replace
from typing import Annotated

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.tools import atomic, names, renaming
from desktop_agent.tools.changes import FileChange, checked_free, found, status_of, undo_copy, with_folders
from desktop_agent.tools.finding import find
from desktop_agent.tools.moved import Moved
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.place import Place
from desktop_agent.tools.refusals import sentences
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


@tool(
    "write",
    group="files",
    title="Move file",
    icon="folder",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
    words="move moving rename renaming 移动 移到 重命名 改名",
)
def move_file(
    scope: Scope,
    path: Annotated[str, "path inside a granted folder"],
    to: Annotated[str, "new path, or a folder"],
) -> Change:
    """Move or rename a file or folder."""
    scope.quota.check(0)
    place = find(scope, path)
    status = found(place)
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise UserFacingError(f"'{place.label}' is no regular file.", "Only files and folders are moved.")
    target = _target(scope, place, to)
    _check(place, target)
    made = checked_free(target, but=place.name if place.parts[:-1] == target.parts[:-1] else "")
    return _change(scope, place, target, status, made)


def _target(scope: Scope, place: Place, to: str) -> Place:
    """Return where it goes: into a folder under its own name, if that is what the path names."""
    target = find(scope, to, place.root)
    there = status_of(target)
    if target.path != place.path and (to.endswith("/") or (there and stat.S_ISDIR(there.st_mode))):
        parts = (*target.parts, place.name)
        return Place(target.root, parts, scope.label(target.root, parts))
    return target


def _check(place: Place, target: Place) -> None:
    if target.root != place.root:
        said = "Files are moved within one granted folder only."
        raise UserFacingError(said, "The user can grant a folder that holds both.")
    target.check_changeable()
    if target.parts == place.parts:
        raise UserFacingError(f"'{place.label}' is there already.", "Nothing is to be done.")
    if target.parts[: len(place.parts)] == place.parts:
        raise UserFacingError(f"'{place.label}' cannot be moved into itself.", "Choose another folder.")


def _is(target: Place, status: os.stat_result) -> bool:
    """Return whether the new name already leads to the file: it differs in case only, and the disk does not care."""
    there = status_of(target)
    return there is not None and os.path.samestat(there, status) and status.st_nlink == 1


def _change(scope: Scope, place: Place, target: Place, status: os.stat_result, made: str) -> FileChange:
    in_place = _is(target, status)

    def act() -> str:
        with place.folder() as folder, with_folders(target) as to_folder:
            if not os.path.samestat(os.stat(place.name, dir_fd=folder, follow_symlinks=False), status):
                raise atomic.Different(place.name)
            if in_place:
                renaming.respell(folder, place.name, target.name)
            else:
                renaming.move(folder, place.name, to_folder, target.name)
            atomic.sync(folder)
            atomic.sync(to_folder)
        return f"Moved {place.label} to {target.label}."

    with sentences(place.label):
        moved = Moved.of(place, status, made)
    copy = replace(undo_copy("move", place), other=target.path, before=moved.to_bytes())
    preview = Preview("move", place.label, target.label)
    risk = names.risk(target.parts) or names.risk(place.parts)
    return FileChange(scope, place, preview, copy, act, risk=risk)
