"""Shows how a download comes along: a bar in a terminal, a few lines in a log. Always on stderr."""

import contextlib
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from desktop_agent.models.library import Progress
from desktop_agent.models.transfer import size_text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

LINES = 4


class TransferBar:
    """Used as a context manager around the job; `show` is the job's progress callback."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, int] = {}

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
            self._say(progress)

    def _draw(self, progress: Progress) -> None:
        bars = self._bars or self._open()
        if progress.what not in self._tasks:
            self._tasks[progress.what] = bars.add_task(progress.what, total=progress.total)
        bars.update(self._tasks[progress.what], completed=progress.done, total=progress.total)

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

    def _say(self, progress: Progress) -> None:
        step = LINES * progress.done // max(progress.total, 1)
        if step > self._said.get(progress.what, -1):
            self._said[progress.what] = step
            share = 100 * progress.done // max(progress.total, 1)
            print(f"{progress.what}: {share} % of {size_text(progress.total)}", file=sys.stderr, flush=True)
