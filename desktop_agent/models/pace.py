"""How fast a long job is, and how long it still takes."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from desktop_agent.models.transfer import Progress, Step

WINDOW_SECONDS = 6.0
"""The speed is an average over this long."""


@dataclass(frozen=True)
class Pace:
    """How far a job is. Bytes, bytes per second, seconds; `left` is None while nobody can know.

    While it waits to try again, `wait` is how many seconds are left of that.
    """

    done: int
    total: int
    rate: float
    left: float | None
    step: Step = "moving"
    wait: float = 0.0


class Meter:
    """Turns byte counts into a pace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self._what = ""

    def follow(self, progress: Progress, before: int = 0, total: int = 0) -> Pace:
        """Return the pace of a job, or of several with `total` bytes of which `before` are done.

        Another step is another job: what was read from the disk says nothing about the network.
        """
        what = f"{progress.what} {progress.step}"
        if what != self._what:
            self._what = what
            self._seen.clear()
        return self.measure(before + progress.done, total or progress.total, progress.step, progress.wait)

    def measure(self, done: int, total: int, step: Step = "moving", wait: float = 0.0) -> Pace:
        """Return the pace at `done` of `total` bytes."""
        now = self._clock()
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()
        began, had = self._seen[0]
        rate = (done - had) / (now - began) if now > began else 0.0
        return Pace(done, total, rate, (total - done) / rate if rate > 0 else None, step, wait)
