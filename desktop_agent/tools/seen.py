"""What a conversation has read of which files, so that nothing is overwritten that the model never saw."""

import os
from dataclasses import dataclass
from typing import TypeAlias

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""Which file it is, and when it last changed."""


def stamp(status: os.stat_result) -> Stamp:
    """Return what changes whenever the file does."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@dataclass
class _Extent:
    stamp: Stamp
    line: int = 0
    whole: bool = False


class Seen:
    """The files that one conversation read, as long as the program runs."""

    def __init__(self) -> None:
        self._extents: dict[tuple[int, int], _Extent] = {}

    def note(self, status: os.stat_result, first: int, last: int, *, end: bool) -> None:
        """Note that the lines from `first` to `last` were read, and with `end` that the file ends there.

        `status` is from before the reading. Parts add up when each begins where the one before ended, or earlier.
        """
        extent = self._extent(status)
        if first <= extent.line + 1:
            extent.line = max(extent.line, last)
            extent.whole = extent.whole or end

    def note_whole(self, status: os.stat_result) -> None:
        """Note that the model knows all of a file, since it wrote it."""
        self.note(status, 1, 0, end=True)

    def whole(self, status: os.stat_result) -> bool:
        """Return whether all of the file was read, and it is unchanged since."""
        known = self._extents.get((status.st_dev, status.st_ino))
        return known is not None and known.stamp == stamp(status) and known.whole

    def current(self, status: os.stat_result) -> bool:
        """Return whether something of the file was read, and it is unchanged since."""
        known = self._extents.get((status.st_dev, status.st_ino))
        return known is not None and known.stamp == stamp(status)

    def any(self, status: os.stat_result) -> bool:
        """Return whether something of the file was read, be it changed since or not."""
        return (status.st_dev, status.st_ino) in self._extents

    def _extent(self, status: os.stat_result) -> _Extent:
        key = (status.st_dev, status.st_ino)
        if key not in self._extents or self._extents[key].stamp != stamp(status):
            self._extents[key] = _Extent(stamp(status))
        return self._extents[key]
