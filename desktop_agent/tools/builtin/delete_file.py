"""A file or an empty folder that goes."""

import os
import stat
from dataclasses import replace
from typing import Annotated

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.tools import atomic, names
from desktop_agent.tools.changes import FileChange, existing, found, undo_copy
from desktop_agent.tools.finding import find
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.place import Place
from desktop_agent.tools.refusals import sentences
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


@tool(
    "write",
    group="files",
    title="Delete file",
    icon="trash",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
    words="delete deleting remove removing trash erase 删除 删掉 移除",
)
def delete_file(scope: Scope, path: Annotated[str, "path inside a granted folder"]) -> Change:
    """Delete a file or an empty folder. The user can undo it."""
    place = find(scope, path)
    status = found(place)
    if stat.S_ISDIR(status.st_mode):
        return _folder(scope, place, stat.S_IMODE(status.st_mode))
    return _file(scope, place, existing(place))


def _file(scope: Scope, place: Place, held: atomic.Held) -> FileChange:
    scope.quota.check(len(held.data))

    def act() -> str:
        with place.folder() as folder:
            atomic.remove(folder, place.name, held)
        return f"Deleted {place.label}. The user can undo this."

    lines = held.data.count(b"\n") + (not held.data.endswith(b"\n") and bool(held.data))
    mode = stat.S_IMODE(held.status.st_mode)
    copy = replace(undo_copy("delete", place), before=held.data, mode=mode)
    preview = Preview("delete", place.label, removed=lines)
    return FileChange(scope, place, preview, copy, act, len(held.data), names.risk(place.parts))


def _folder(scope: Scope, place: Place, mode: int) -> FileChange:
    scope.quota.check(0)
    with sentences(place.label), place.below() as fd, os.scandir(fd) as entries:
        if any(entries):
            raise UserFacingError(f"The folder '{place.label}' is not empty.", "Delete what is in it first.")

    def act() -> str:
        with place.folder() as folder:
            os.rmdir(place.name, dir_fd=folder)
            atomic.sync(folder)
        return f"Deleted the empty folder {place.label}. The user can undo this."

    copy = replace(undo_copy("delete", place), mode=mode)
    return FileChange(scope, place, Preview("delete", place.label), copy, act)
