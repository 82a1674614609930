"""Runs a command as a user who is nobody in particular. Needs root.

    python in_account.py UID READABLE,… COMMAND…

The interpreter of the tests often lies in root's own home. What is named READABLE is put back in sight there, in a view
of the file system that only the command has.
"""

import ctypes
import os
import stat
import sys
from pathlib import Path

NEW_MOUNTS, BIND, RECURSIVE, PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount. Raises OSError."""
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), target)


def closed_folder(path: Path) -> Path | None:
    """Return the outermost folder above a path that others may not enter."""
    above = reversed(path.parents)
    return next((folder for folder in above if not folder.stat().st_mode & stat.S_IXOTH), None)


def put_in_sight(paths: list[Path]) -> None:
    """Cover the closed folders above the paths by empty ones in which only the paths are."""
    closed = {path: closed_folder(path) for path in paths}
    held = {path: os.open(path, os.O_PATH) for path, folder in closed.items() if folder}
    for folder in {folder for folder in closed.values() if folder}:
        mount("none", str(folder), "tmpfs", 0, "mode=755")
    for path, descriptor in held.items():
        path.mkdir(parents=True, exist_ok=True)
        mount(f"/proc/self/fd/{descriptor}", str(path), "", BIND | RECURSIVE)
        os.close(descriptor)


def main(uid: int, paths: list[Path], command: list[str]) -> None:
    """Become the user and then the command."""
    if libc.unshare(NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "there can be no view of the file system of its own")
    mount("none", "/", "", RECURSIVE | PRIVATE)
    put_in_sight(paths)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    os.execv(command[0], command)  # noqa: S606 -- there is no shell, and none is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(path).resolve() for path in sys.argv[2].split(",")], sys.argv[3:])
