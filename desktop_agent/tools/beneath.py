"""Opens what lies below a directory descriptor and never anything else, whatever links are in the way.

A check of the path before the opening loses the race against a link that is put there in between; here the kernel
resolves and opens in one step (`openat2`), or every component is opened by itself and links are refused (the walk).
"""

import ctypes
import errno
import os
import struct
import sys
from functools import cache

_OPENAT2 = 437  # the same number on every Linux architecture but Alpha
_NO_XDEV, _NO_MAGICLINKS, _BENEATH = 0x01, 0x02, 0x08
_TRIES = 50
_UNAVAILABLE = (errno.ENOSYS, errno.EPERM)  # an old kernel, or a container's system call filter


def available() -> bool:
    """Return whether this system can open files relative to a directory descriptor."""
    return os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")


def open_root(path: str, device: int, inode: int) -> int:
    """Return a descriptor of the folder at an absolute path, if it is the one with this device and inode.

    Raises OSError: ESTALE when another one stands in its place.
    """
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    status = os.fstat(fd)
    if (status.st_dev, status.st_ino) != (device, inode):
        os.close(fd)
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), path)
    return fd


def open_beneath(root: int, parts: tuple[str, ...], flags: int) -> int:
    """Return a descriptor of the file or folder at `parts` below the directory descriptor `root`; no parts mean root.

    Raises OSError: EXDEV for what leads out (links, "..", other mounts), ELOOP for links that are not followed.
    """
    if any("\0" in part or "/" in part or part in ("", ".", "..") for part in parts):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), "/".join(parts))
    if sys.platform == "linux":
        try:
            return by_openat2(root, parts, flags)
        except OSError as error:
            if error.errno not in _UNAVAILABLE:
                raise
    return by_walk(root, parts, flags)


def by_openat2(root: int, parts: tuple[str, ...], flags: int) -> int:
    """Let the kernel resolve the path; links that stay inside are followed. See openat2(2)."""
    path = "/".join(parts) or "."
    how = struct.pack("<QQQ", flags | os.O_CLOEXEC, 0, _BENEATH | _NO_MAGICLINKS | _NO_XDEV)
    code = errno.EAGAIN
    for _ in range(_TRIES):  # EAGAIN: something on the way was renamed meanwhile
        fd = _syscall(_OPENAT2, root, os.fsencode(path), how, len(how))
        if fd >= 0:
            return fd
        code = ctypes.get_errno()
        if code != errno.EAGAIN:
            break
    raise OSError(code, os.strerror(code), path)


def by_walk(root: int, parts: tuple[str, ...], flags: int) -> int:
    """Open one component after the other; no link is followed, even one that stays inside."""
    folder = os.dup(root)
    device = os.fstat(root).st_dev
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = below
            _same_device(folder, device)
        return _last(folder, parts[-1] if parts else ".", flags, device)
    finally:
        os.close(folder)


def _last(folder: int, name: str, flags: int, device: int) -> int:
    fd = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        _same_device(fd, device)
    except OSError:
        os.close(fd)
        raise
    return fd


def _same_device(fd: int, device: int) -> None:
    if os.fstat(fd).st_dev != device:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _syscall(number: int, root: int, path: bytes, how: bytes, size: int) -> int:
    call = _libc().syscall
    call.restype = ctypes.c_long
    arguments = (ctypes.c_long(root), ctypes.c_char_p(path), ctypes.c_char_p(how), ctypes.c_size_t(size))
    return int(call(ctypes.c_long(number), *arguments))
