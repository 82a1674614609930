"""How much a conversation may change, as long as the program runs: a model that goes in circles fills no disk."""

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.shown import size

PER_CALL = 200_000
"""Bytes of text that one call may write."""
LARGEST = 16 * 2**20
"""Bytes of a file that is overwritten or deleted: its content goes into the undo history."""
CHANGES = 500
"""Changes of one conversation."""
BYTES = 128 * 2**20
"""Bytes that one conversation may write, and delete."""


class Quota:
    """What one conversation changed so far."""

    def __init__(self) -> None:
        self._changes = 0
        self._bytes = 0

    def check(self, count: int) -> None:
        """Raise UserFacingError when one more change of `count` bytes is too much."""
        if self._changes >= CHANGES:
            raise UserFacingError(f"This chat made {CHANGES} changes, and may make no more.", _NEW_CHAT)
        if self._bytes + count > BYTES:
            raise UserFacingError(f"This chat changed {size(BYTES)} of files, and may change no more.", _NEW_CHAT)

    def spend(self, count: int) -> None:
        """Count a change of so many bytes."""
        self._changes += 1
        self._bytes += count


def check_text(data: bytes) -> None:
    """Raise UserFacingError for more than one call may write."""
    if len(data) > PER_CALL:
        said = f"One call may write {size(PER_CALL)} at most, and this is {size(len(data))}."
        raise UserFacingError(said, "Write less, or several files.")


_NEW_CHAT = "The user can go on in a new chat."
