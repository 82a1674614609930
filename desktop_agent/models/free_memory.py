"""How much memory a new model may take on this computer without others being thrown out of it."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_CGROUPS = Path("/sys/fs/cgroup")
_UNLIMITED = 1 << 62


def free_memory() -> int:
    """Return the bytes that can be taken now; a size that nothing exceeds where the system does not say."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _macos()
    return min([_available(Path("/proc/meminfo")), *left_in_groups(Path("/proc/self/cgroup"), _CGROUPS)])


def _available(meminfo: Path) -> int:
    """Return what Linux thinks can be had without swapping, from bytes of files that can be read again among it."""
    return _fields(meminfo).get("MemAvailable:", _UNLIMITED >> 10) << 10


def left_in_groups(mine: Path, root: Path) -> Iterator[int]:
    """Yield what each control group around this process leaves to it; containers and services have such limits."""
    for line in _text(mine).splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers == "":
            folder, limit, used = root, "memory.max", "memory.current"
        elif "memory" in controllers.split(","):
            folder, limit, used = root / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        group = PurePosixPath(path.lstrip("/"))
        for part in (group, *group.parents):
            yield _left(folder / part, limit, used)


def _left(group: Path, limit: str, used: str) -> int:
    most, now = _number(group / limit), _number(group / used)
    if most >= _UNLIMITED:  # version 2 says "max", version 1 a number near 2**63
        return _UNLIMITED
    kept = _fields(group / "memory.stat")
    files = kept.get("inactive_file", 0) + kept.get("active_file", 0)
    return max(0, most - now + files)


def _number(path: Path) -> int:
    text = _text(path).strip()
    return int(text) if text.isdigit() else _UNLIMITED


def _fields(path: Path) -> dict[str, int]:
    words = (line.split() for line in _text(path).splitlines())
    return {each[0]: int(each[1]) for each in words if len(each) > 1 and each[1].isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _macos() -> int:
    """Return the pages that `vm_stat` calls free, inactive, speculative or purgeable."""
    try:
        told = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return _UNLIMITED
    return macos_pages(told) * os.sysconf("SC_PAGE_SIZE")


def macos_pages(told: str) -> int:
    """Return how many pages can be had, from the words of `vm_stat`."""
    counts = dict(line.rsplit(":", 1) for line in told.splitlines() if ":" in line)
    names = ("Pages free", "Pages inactive", "Pages speculative", "Pages purgeable")
    return sum(int(counts.get(name, "0").strip(" .") or 0) for name in names)


class _MemoryStatus(ctypes.Structure):
    """Windows' MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 5),
    )


def _windows() -> int:
    if sys.platform != "win32":
        raise OSError("this is not Windows")
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    told = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available) if told else _UNLIMITED
