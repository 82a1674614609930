"""What stays as it is in a folder that a server may change: files and folders that run, or say what runs."""

import os
from collections.abc import Iterator
from pathlib import Path

from desktop_agent.tools.names import protected

_LOOKED_AT = 5000
_DEEPEST = 4


def shielded(folder: str) -> tuple[str, ...]:
    """Return the protected files and folders that are there (see `names`), as far down as people keep projects.

    One that is not there yet cannot be shielded: a server that may change a folder may make everything in it anew.
    """
    looked_at, found = 0, []
    waiting = [(folder, 0)]
    for place, depth in waiting:
        for entry in _entries(place):
            looked_at += 1
            if protected((entry.name,)):
                found.append(entry.path)
            elif depth < _DEEPEST and entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, depth + 1))
        if looked_at > _LOOKED_AT:
            break
    return tuple(path for path in found if not Path(path).is_symlink())


def _entries(place: str) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(place) as entries:
            yield from entries
    except OSError:
        return
