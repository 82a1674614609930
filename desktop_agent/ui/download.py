"""Fetching a model, and with it what memory needs, with speed and time left."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.errors import Cancelled
from desktop_agent.ui.background import Background

if TYPE_CHECKING:
    from desktop_agent.models.library import Library, Progress

EMBEDDER = "embedder"
TELL_SECONDS = 0.1
WINDOW_SECONDS = 6.0
"""The speed is an average over this long."""


@dataclass(frozen=True)
class Pace:
    """How far a download is. Bytes, bytes per second, seconds; `left` is None while nobody can know."""

    done: int
    total: int
    rate: float
    left: float | None


class Meter:
    """Turns byte counts into a pace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def measure(self, done: int, total: int) -> Pace:
        """Return the pace at `done` of `total` bytes."""
        now = self._clock()
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW_SECONDS:
            self._seen.popleft()
        began, had = self._seen[0]
        rate = (done - had) / (now - began) if now > began else 0.0
        return Pace(done, total, rate, (total - done) / rate if rate > 0 else None)


class Download(QObject):
    """One download at a time. `finished` carries the model's name, `failed` an error, `progressed` a Pace."""

    progressed = Signal(object)
    finished = Signal(str)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, library: "Library", background: Background) -> None:
        super().__init__(background)
        self._library, self._background = library, background
        self._cancel = threading.Event()
        self.name = ""

    def start(self, name: str) -> None:
        """Fetch a model, unless one is being fetched."""
        if self.name:
            return
        self.name, self._cancel = name, threading.Event()
        self._background.run(self._work(name), self._done, self._stopped, lane="pool")

    def start_import(self, file: Path) -> None:
        """Take over a GGUF file of the user's."""
        if self.name:
            return
        self.name = str(file)
        tell = self._teller([0], 0)
        self._background.run(lambda: self._library.import_file(file, tell).name, self._done, self._stopped, lane="pool")

    def cancel(self) -> None:
        """Break off, soon; what has arrived is kept for the next time."""
        self._cancel.set()

    def _work(self, name: str) -> Callable[[], str]:
        entries = [self._library.entry(each) for each in dict.fromkeys((name, EMBEDDER))]
        wanted = [entry for entry in entries if not self._library.has(entry)]
        cancel = self._cancel

        def work() -> str:
            total = sum(entry.bytes for entry in wanted)
            done = [0]
            for entry in wanted:
                self._library.pull(entry.name, self._teller(done, total), cancel)
                done[0] += entry.bytes
            return name

        return work

    def _teller(self, before: Sequence[int], total: int) -> "Callable[[Progress], None]":
        meter, told = Meter(), 0.0

        def tell(progress: "Progress") -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_SECONDS:
                told = time.monotonic()
                pace = meter.measure(before[0] + progress.done, total or progress.total)
                self._background.post(self.progressed.emit, pace)

        return tell

    def _done(self, name: str) -> None:
        self.name = ""
        self.finished.emit(name)

    def _stopped(self, error: Exception) -> None:
        self.name = ""
        if isinstance(error, Cancelled):
            self.cancelled.emit()
        else:
            self.failed.emit(error)
