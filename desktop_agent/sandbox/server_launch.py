"""Runs inside bubblewrap, just before a server: adds Landlock and limits to what confines it, then becomes it.

It is started by the bare interpreter without the program's libraries, so nothing but the standard library and
`landlock` is imported here. What it needs to know it reads from a descriptor: secrets have no place in a command line.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from desktop_agent.sandbox import landlock
from desktop_agent.sandbox.landlock import Grants
from desktop_agent.sandbox.system_calls import prctl

LANDLOCK = 3
"""The version it must have: before it, a file that may only be read can be emptied."""
NO_LANDLOCK, FAILED = 117, 118
"""Exit codes: the kernel has no Landlock; or it, a limit, or the server itself was refused."""
_NO_NEW_PRIVILEGES = 38
_FILE_BYTES = 1 << 30
_FILES, _PROCESSES = 1024, 256
_DATA_BYTES = 2 << 30
"""What one process may hold; its address space is not limited, of which some runtimes reserve much and use little."""


def main() -> None:
    """Confine this process and become the server. Exits with a code of ours and a line on stderr when it cannot."""
    told = _told(int(sys.argv[-1]))
    try:
        _limit()
        _lock(told)
        os.chdir(told["folder"])
        os.execve(told["command"][0], told["command"], told["environment"])  # noqa: S606 -- this is what it is for
    except (OSError, ValueError) as error:
        print(f"the server was not started: {error}", file=sys.stderr)
        sys.exit(FAILED)


def _told(descriptor: int) -> dict[str, Any]:
    with os.fdopen(descriptor, encoding="utf-8") as file:
        told: dict[str, Any] = json.load(file)
    os.closerange(3, 4096)
    return told


def _limit() -> None:
    """Bound what the kernel counts for one process; the program watches over their sum."""
    import resource  # not on Windows, where the codes above are known too

    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, _DATA_BYTES),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_NPROC, _PROCESSES),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    os.nice(5)
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")  # when memory runs out, this goes first


def _lock(told: dict[str, Any]) -> None:
    if landlock.version() < LANDLOCK:
        print("this kernel has no Landlock, or too old a one", file=sys.stderr)
        sys.exit(NO_LANDLOCK)
    prctl(_NO_NEW_PRIVILEGES, 1)
    landlock.apply(Grants(tuple(told["read"]), tuple(told["write"]), told["network"]))
