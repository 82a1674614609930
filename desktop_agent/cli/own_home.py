"""What commands need that work on the key: a home to themselves, hidden questions, a last note."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from desktop_agent.errors import Cancelled
from desktop_agent.paths import Paths
from desktop_agent.storage.profile_lock import ProfileLock


@contextmanager
def own_home() -> Iterator[Paths]:
    """Yield the paths while no other program makes or moves the key."""
    paths = Paths.from_environment().create()
    lock = ProfileLock.take(paths.lock)
    try:
        yield paths
    finally:
        lock.release()


def ask(prompt: str) -> str:
    """Return what is typed, unseen; raises Cancelled at the end of the input."""
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise Cancelled from None


def done(notice: str) -> int:
    """Print a notice, if there is one, and return the exit code."""
    if notice:
        print(f"Note: {notice}", file=sys.stderr)
    return 0
