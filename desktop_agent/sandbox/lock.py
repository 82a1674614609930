"""A process locks itself: afterwards it can compute and use what it has open, and nothing else. It cannot be undone."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox import landlock, limits, seccomp
from desktop_agent.sandbox.limits import Limits
from desktop_agent.sandbox.system_calls import drop_capabilities, prctl

Kind: TypeAlias = Literal["python", "document"]

_DUMPABLE, _NO_NEW_PRIVILEGES = 4, 38


class LockRefused(UserFacingError):
    """The system refuses a layer that must be there; nothing untrusted may run in this process."""


def lock(kind: Kind, most: Limits, after: Callable[[str], None] = lambda layer: None) -> tuple[str, ...]:
    """Confine this process, and return the names of the layers that hold; `after` hears of each as soon as it does.

    Descriptors are not closed: the process was started with none but those it needs. On systems other than Linux there
    is no layer, and only "python" may do without, since WebAssembly confines it. Raises LockRefused.
    """
    if sys.platform != "linux":
        if kind == "python":
            return ()
        raise LockRefused("This system cannot confine the process that reads documents.")
    applied = []
    try:
        for layer in _layers(kind, most):
            applied.append(layer)
            after(layer)
    except (OSError, ValueError, seccomp.WrongFilter) as error:  # ValueError: a limit cannot be set
        reason = getattr(error, "strerror", None) or str(error)
        raise LockRefused(f"The system refused to confine the process ({reason}), so nothing is run in it.") from error
    return tuple(applied)


def _layers(kind: Kind, most: Limits) -> Iterator[str]:
    """Apply one layer after the other, each time saying which."""
    program = seccomp.filter_program(kind)
    drop_capabilities()
    prctl(_DUMPABLE, 0)
    limits.apply(most)
    yield "rlimits"
    prctl(_NO_NEW_PRIVILEGES, 1)
    if landlock.version() and _threads() == 1:  # it confines the calling thread alone
        landlock.apply()
        yield "landlock"
    seccomp.apply(program)
    yield "seccomp"


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))
