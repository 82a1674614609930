"""Renaming without ever replacing anything; see renameat2(2)."""

import ctypes
import errno
import os
import stat
from contextlib import suppress
from functools import cache

UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What a system or a file system answers that cannot do it."""
_NOREPLACE, _EXCHANGE = 1, 2


def move(from_folder: int, name: str, to_folder: int, to: str) -> None:
    """Rename a file or folder; raises FileExistsError when there is something."""
    try:
        _renameat2(from_folder, name, to_folder, to, _NOREPLACE)
    except OSError as error:
        if error.errno not in UNSUPPORTED:
            raise
        _move_in_steps(from_folder, name, to_folder, to)


def respell(folder: int, name: str, to: str) -> None:
    """Rename a file to a name that its file system takes for the same."""
    os.rename(name, to, src_dir_fd=folder, dst_dir_fd=folder)


def exchange(folder: int, name: str, other: str) -> None:
    """Swap two names in one step; raises OSError: FileNotFoundError, or one of UNSUPPORTED."""
    _renameat2(folder, name, folder, other, _EXCHANGE)


def _move_in_steps(from_folder: int, name: str, to_folder: int, to: str) -> None:
    """Without the system call: a hard link never replaces anything; a folder can only replace an empty one."""
    if stat.S_ISDIR(os.stat(name, dir_fd=from_folder, follow_symlinks=False).st_mode):
        with suppress(FileNotFoundError):
            os.stat(to, dir_fd=to_folder, follow_symlinks=False)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), to)
        os.rename(name, to, src_dir_fd=from_folder, dst_dir_fd=to_folder)
        return
    os.link(name, to, src_dir_fd=from_folder, dst_dir_fd=to_folder, follow_symlinks=False)
    os.unlink(name, dir_fd=from_folder)


def _renameat2(from_folder: int, name: str, to_folder: int, to: str, flags: int) -> None:
    libc = _libc()
    if not hasattr(libc, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if libc.renameat2(from_folder, os.fsencode(name), to_folder, os.fsencode(to), flags):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
