"""What a worker may take of the machine."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most a worker may take in its life; 0 is no limit.

    `memory_mb` is address space beyond what it has when it is locked: not for what reserves much and uses little, as
    WebAssembly does.
    """

    cpu_seconds: int = 0
    memory_mb: int = 0
    open_files: int = 64


def apply(limits: Limits) -> None:
    """Limit this process, for good. No file of it can grow. Raises OSError where the system refuses.

    The number of processes is not limited here: the system does not count root's. Their start is refused instead.
    """
    import resource

    hard = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NOFILE: limits.open_files,
    }
    if limits.cpu_seconds:
        hard[resource.RLIMIT_CPU] = limits.cpu_seconds
    if limits.memory_mb:
        hard[resource.RLIMIT_AS] = _address_space() + (limits.memory_mb << 20)
    for kind, most in hard.items():
        lowest = _least(most, *resource.getrlimit(kind))
        resource.setrlimit(kind, (lowest, lowest))


def _least(*limits: int) -> int:
    return min(limit for limit in limits if limit >= 0)


def _address_space() -> int:
    """Return the bytes of address space that this process has."""
    if sys.platform != "linux":
        return 0
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- runs in a worker: no more imports than needed
        return int(file.read().split()[0]) * resource.getpagesize()
