"""What is in a granted folder."""

import os
import stat
from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.scope import Opened, Scope
from desktop_agent.tools.shown import day, shown, size
from desktop_agent.tools.tool import tool

_ENTRIES = 200  # about 3,000 tokens


@tool(
    "read",
    group="files",
    title="List files",
    icon="list",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
)
def list_files(scope: Scope, folder: Annotated[str, "path inside a granted folder"] = ".") -> str:
    """List the names, sizes and dates of the files in a folder that the user granted."""
    scope.require_roots()
    if len(scope.roots) > 1 and folder in ("", ".", "./"):
        names = (f"{shown(root.name)}/ ({shown(str(root.path))})" for root in scope.roots)
        return "\n".join(("Granted folders:", *names))
    with scope.open(folder or ".") as opened:
        if not stat.S_ISDIR(os.fstat(opened.fd).st_mode):
            raise UserFacingError(f"'{opened.label}' is not a folder.", "read_file reads a file.")
        return _listing(scope, opened)


def _listing(scope: Scope, opened: Opened) -> str:
    """Return one line for each visible entry, by name, as many as are shown at once."""
    names = _names(scope, opened.fd)
    visible = sorted((name for name in names if not name.startswith(".")), key=lambda name: (name.casefold(), name))
    lines = [f"Folder {opened.label}:" if names else f"Folder {opened.label} is empty."]
    lines += [_line(opened.fd, name) for name in visible[:_ENTRIES]]
    if len(visible) > _ENTRIES:
        lines.append(f"… and {len(visible) - _ENTRIES:,} more")
    if hidden := len(names) - len(visible):
        lines.append(f"({hidden:,} hidden not shown)")
    return "\n".join(lines)


def _names(scope: Scope, folder: int) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            scope.check()
            names.append(entry.name)
    return names


def _line(folder: int, name: str) -> str:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:  # removed meanwhile
        return shown(name)
    if stat.S_ISDIR(status.st_mode):
        return f"{shown(name)}/"
    if not stat.S_ISREG(status.st_mode):
        return f"{shown(name)} ({'link' if stat.S_ISLNK(status.st_mode) else 'not a regular file'})"
    return f"{shown(name)} ({size(status.st_size)}, {day(status.st_mtime)})"
