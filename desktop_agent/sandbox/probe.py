"""A worker that tries to get out, before it is locked and after each layer, and tells how far it came."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from desktop_agent.messages import Json
from desktop_agent.sandbox import child
from desktop_agent.sandbox.limits import Limits

MEMORY_MB = 64
UNLOCKED = "unlocked"
CHILD = 7


def main(path: str) -> None:
    """Try everything at every stage, then answer any message with {stage: {attempt: what it got}}."""
    got: dict[str, Json] = {UNLOCKED: _attempts(path)}
    most = Limits(cpu_seconds=10, memory_mb=MEMORY_MB)
    child.serve(lambda message: got, "document", most, lambda layer: got.update({layer: _attempts(path)}))


def _attempts(path: str) -> dict[str, Json]:
    attempts: dict[str, Callable[[], Json]] = {
        "file": lambda: Path(path).read_text("utf-8"),
        "look": lambda: Path(path).stat().st_size,
        "socket": _makes_socket,
        "process": _starts_process,
        "memory": lambda: len(bytes(2 * MEMORY_MB << 20)),
    }
    return {name: _result(attempt) for name, attempt in attempts.items()}


def _result(attempt: Callable[[], Json]) -> Json:
    try:
        return attempt()
    except (OSError, MemoryError):
        return None


def _makes_socket() -> bool:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    return True


def _starts_process() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(CHILD)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    main(sys.argv[1])
