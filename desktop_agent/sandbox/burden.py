"""What a process and all that it started take of the machine."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psutil import Process


@dataclass(frozen=True)
class Burden:
    """How many processes, and the bytes of memory they hold together."""

    processes: int
    memory: int


def burden(pid: int) -> Burden:
    """Return what a process and all its descendants take; nothing when it is gone."""
    import psutil

    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return Burden(0, 0)
    return Burden(len(family), sum(map(_resident, family)))


def _resident(process: "Process") -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
