"""What a model's way onto this disk has in common, whatever its source."""

import contextlib
import errno
import os
import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from desktop_agent.errors import Cancelled, DesktopAgentError, UserFacingError

CHUNK = 1 << 20
MORE_ROOM = "Free some space, or set DESKTOP_AGENT_MODELS to a folder on another disk."
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TELL_SECONDS = 0.5

Step: TypeAlias = Literal["moving", "checking", "waiting"]


@dataclass(frozen=True)
class Progress:
    """How far a long job is: `done` of `total` bytes, and what is being done, in words.

    "checking" reads what is here already. "waiting" tries again in `wait` seconds, for the `reason`, a clause.
    """

    done: int
    total: int
    what: str
    step: Step = "moving"
    wait: float = 0.0
    reason: str = ""


Tell: TypeAlias = Callable[[Progress], None]


class SourceFailed(DesktopAgentError):
    """A source could not deliver. The text is a clause that fits after a colon, `hint` a sentence or empty."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True)
class Transfer:
    """What a source may use while it delivers.

    `workspace` is an empty folder on the models' disk, deleted afterwards. `arriving` is told how many bytes of the
    file are on their way but not handed over yet, `waiting` for how many seconds nothing is tried, and why.
    """

    workspace: Path
    arriving: Callable[[int], None]
    waiting: Callable[[float, str], None]
    cancel: threading.Event

    def check(self) -> None:
        """Raise Cancelled when the user does not want it any more."""
        if self.cancel.is_set():
            raise Cancelled("The download was stopped.")

    def wait(self, seconds: float, reason: str) -> None:
        """Do nothing for so long; raises Cancelled at once when the user stops it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.waiting(left, reason)
            self.cancel.wait(min(left, TELL_SECONDS))
            self.check()


Piece: TypeAlias = tuple[int, bytes]
"""Where in the file some bytes belong, and the bytes."""


class Delivery(Protocol):
    """A source at work."""

    def resume_at(self, have: int) -> int:
        """Return how many of the `have` bytes that are already here can be kept."""

    def pieces(self, offset: int, transfer: Transfer) -> Generator[Piece]:
        """Yield the file without a gap from `offset` on, or from before it; raise SourceFailed."""


def read_chunks(path: Path, limit: int | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file, the first `limit` when given, at most CHUNK at a time."""
    left = path.stat().st_size if limit is None else limit
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Put into words what the operating system says when `folder` cannot be written to."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise disk_full(folder) from error
        message = f"The models folder {folder} cannot be used: {error.strerror or error}."
        raise UserFacingError(message, "Set DESKTOP_AGENT_MODELS to a folder that you may write to.") from error


def size_text(count: int) -> str:
    """Return a number of bytes as people say it, such as 98 MB or 1.1 GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def check_free(folder: Path, need: int, name: str) -> None:
    """Raise UserFacingError when the disk of `folder` has less than `need` bytes left for `name`."""
    if (free := shutil.disk_usage(folder).free) < need:
        message = f"{name} needs {size_text(need)} of disk, but {folder} has only {size_text(free)} free."
        raise UserFacingError(message, MORE_ROOM)


def disk_full(folder: Path) -> UserFacingError:
    """Return the error that says the disk of `folder` has no room left."""
    return UserFacingError(
        f"The disk that holds {folder} is full; the unfinished file was deleted.",
        MORE_ROOM,
    )


@contextlib.contextmanager
def locked(lock: Path) -> Iterator[None]:
    """Hold `lock` against every other process; raise UserFacingError at once when one of them has it."""
    with lock.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            message = "Another Desktop Agent on this computer is fetching this model right now."
            raise UserFacingError(message, "Wait until it is done, then try again.") from error
        yield


def _lock(descriptor: int) -> None:
    """Take the operating system's lock, which ends with the process however that ends."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
