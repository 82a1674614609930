"""Files written, replaced and taken away whole or not at all, by name in an open folder, and never the wrong one.

A file that is replaced or removed is first swapped for the new one, or set aside, in one step; then it is looked at. If
it is not the one that was meant, it goes back: what another program wrote in between is never lost.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from desktop_agent.tools.renaming import UNSUPPORTED, exchange, move

_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW | os.O_CLOEXEC


class Different(OSError):
    """The file is not, or no more, the one that was meant."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.ESTALE, "It was changed by another program", name)


@dataclass(frozen=True)
class Held:
    """A file as it was found. `data` is its whole content."""

    data: bytes
    status: os.stat_result


def hold(folder: int, name: str, limit: int) -> Held:
    """Return a file; raises OSError: EINVAL for what is no regular file, EFBIG for more than `limit` bytes."""
    fd = os.open(name, _READ, dir_fd=folder)
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
        data = read(fd, limit + 1)
        if len(data) > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), name)
        return Held(data, status)
    finally:
        os.close(fd)


def read(fd: int, limit: int) -> bytes:
    """Return the next `limit` bytes, or all that there are, however large the file is or becomes meanwhile."""
    pieces = []
    while limit > 0 and (piece := os.read(fd, min(limit, 2**20))):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def sync(folder: int) -> None:
    """Make new names in a folder durable. The change is made by now, so a disk that cannot do it is no fault of it."""
    with suppress(OSError):
        os.fsync(folder)


def create(folder: int, name: str, data: bytes, mode: int | None = None) -> None:
    """Write a new file; raises FileExistsError when there is one."""
    with _written(folder, data, 0o666 if mode is None else 0o600) as (temporary, fd):
        if mode is not None:
            os.fchmod(fd, mode & 0o777)
        move(folder, temporary, folder, name)
    sync(folder)


def replace(folder: int, name: str, data: bytes, before: Held) -> None:
    """Write a file anew, with the rights of the one before; raises Different when that is not there as it was."""
    with _written(folder, data, 0o600) as (temporary, fd):
        _like(fd, folder, name, before.status)
        try:
            exchange(folder, temporary, name)
        except FileNotFoundError as error:
            raise Different(name) from error
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
            _check(folder, name, before)
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        else:
            _settle(folder, temporary, name, before)
    sync(folder)


def remove(folder: int, name: str, before: Held) -> None:
    """Remove a file; raises Different when it is not there as it was."""
    aside = _temporary()
    try:
        move(folder, name, folder, aside)
    except FileNotFoundError as error:
        raise Different(name) from error
    try:
        _check(folder, aside, before)
    except OSError:
        move(folder, aside, folder, name)
        raise
    os.unlink(aside, dir_fd=folder)
    sync(folder)


@contextmanager
def _written(folder: int, data: bytes, mode: int) -> Iterator[tuple[str, int]]:
    """Yield the name and descriptor of a new file with this content on disk; what is left under the name goes."""
    name = _temporary()
    fd = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode, dir_fd=folder)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
        yield name, fd
    finally:
        ours = os.fstat(fd)
        os.close(fd)
        _drop(folder, name, ours)


def _drop(folder: int, name: str, ours: os.stat_result) -> None:
    with suppress(FileNotFoundError):
        if os.path.samestat(os.stat(name, dir_fd=folder, follow_symlinks=False), ours):
            os.unlink(name, dir_fd=folder)


def _settle(folder: int, aside: str, name: str, before: Held) -> None:
    """Let go of what was swapped out, if it is the one that was meant; else swap back."""
    try:
        _check(folder, aside, before)
    except OSError:
        exchange(folder, aside, name)
        raise
    os.unlink(aside, dir_fd=folder)


def _check(folder: int, name: str, before: Held) -> None:
    try:
        now = hold(folder, name, len(before.data))
    except OSError as error:
        raise Different(name) from error
    if now.data != before.data or not os.path.samestat(now.status, before.status):
        raise Different(name)


def _like(fd: int, folder: int, name: str, status: os.stat_result) -> None:
    """Give a new file the owner, extended attributes and rights of the old one, as far as this account may."""
    with suppress(PermissionError):
        os.fchown(fd, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            _copy_attributes(fd, folder, name)
    os.fchmod(fd, status.st_mode & 0o777)


def _copy_attributes(fd: int, folder: int, name: str) -> None:
    old = os.open(name, _READ, dir_fd=folder)
    try:
        for attribute in os.listxattr(old):
            with suppress(OSError):
                os.setxattr(fd, attribute, os.getxattr(old, attribute))
    finally:
        os.close(old)


def _temporary() -> str:
    return f".desktop-agent-{secrets.token_hex(8)}"
