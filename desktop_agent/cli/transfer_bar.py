"""Shows how a download comes along: a bar in a terminal, a few lines in a log. Always on stderr."""

import contextlib
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from desktop_agent.models.library import Progress
from desktop_agent.models.pace import Meter, Pace
from desktop_agent.models.transfer import size_text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

LINES = 4
SECONDS = 30.0
"""A log gets a line for each quarter, and one after this long at the latest."""
MEASURE_SECONDS = 0.2


class TransferBar:
    """Used as a context manager around the job; `show` is the job's progress callback."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._log = _Log()

    def __enter__(self) -> "TransferBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def show(self, progress: Progress) -> None:
        """Draw the progress of one job; jobs with different words get bars of their own."""
        if sys.stderr.isatty():
            self._draw(progress)
        else:
            self._log.show(progress)

    def _draw(self, progress: Progress) -> None:
        bars, what = self._bars or self._open(), progress.what
        if what not in self._tasks:  # what was here already is no speed
            self._tasks[what] = bars.add_task(what, total=progress.total, completed=progress.done)
        bars.update(self._tasks[what], completed=progress.done, total=progress.total, description=_described(progress))

    def _open(self) -> "Bars":
        from rich import progress as rich_progress
        from rich.console import Console

        self._bars = rich_progress.Progress(
            rich_progress.TextColumn("{task.description}", markup=False),
            rich_progress.BarColumn(),
            rich_progress.DownloadColumn(),
            rich_progress.TransferSpeedColumn(),
            rich_progress.TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        return self._stack.enter_context(self._bars)


class _Log:
    """Lines for a file or a pipe: seldom, but with speed and time left."""

    def __init__(self) -> None:
        self._meter = Meter()
        self._measured = self._said = 0.0
        self._step: tuple[str, object] = ("", 0)

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        step = self._of(progress)
        if step == self._step and now - self._measured < MEASURE_SECONDS:
            return
        self._measured, pace = now, self._meter.follow(progress)
        if step != self._step or now - self._said > SECONDS:
            self._step, self._said = step, now
            print(_line(progress, pace), file=sys.stderr, flush=True)

    def _of(self, progress: Progress) -> tuple[str, object]:
        """Return what is said once: each quarter, and each wait."""
        if progress.step == "waiting":
            return progress.what, progress.reason
        return progress.what, LINES * progress.done // max(progress.total, 1)


def _described(progress: Progress) -> str:
    if progress.step != "waiting":
        return progress.what
    return f"{progress.what}: {progress.reason}; again in {_duration(progress.wait)}"


def _line(progress: Progress, pace: Pace) -> str:
    if progress.step == "waiting":
        return _described(progress)
    share = 100 * progress.done // max(progress.total, 1)
    parts = [f"{progress.what}: {share} % of {size_text(progress.total)}"]
    if pace.rate and progress.step == "moving":
        parts.append(f"{size_text(round(pace.rate))}/s")
        if pace.left:
            parts.append(f"{_duration(pace.left)} left")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
