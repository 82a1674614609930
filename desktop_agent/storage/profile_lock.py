"""One program per home: two would write the same index."""

from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from desktop_agent.errors import UserFacingError


class ProfileLock:
    """A lock that the operating system drops when the process dies."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take the lock at once. Raises UserFacingError when another program holds it."""
        lock = FileLock(path, timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise UserFacingError(
                "Desktop Agent is already running with this home folder.",
                "Close the other window or terminal, or set DESKTOP_AGENT_HOME to another folder.",
            ) from None
        return cls(lock)

    def release(self) -> None:
        """Let the next program in. Safe to call twice."""
        self._lock.release()
