"""Fetching a model, and with it what memory needs, with speed and time left."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.errors import Cancelled
from desktop_agent.models.pace import Meter
from desktop_agent.ui.background import Background

if TYPE_CHECKING:
    from desktop_agent.models.library import Library, Progress

EMBEDDER = "embedder"
TELL_SECONDS = 0.1


class Download(QObject):
    """One download at a time.

    `finished` carries the model's name, `failed` an error, `progressed` a Pace; `cancelled` says that the user ended
    it, keeping what has arrived or not.
    """

    progressed = Signal(object)
    finished = Signal(str)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, library: "Library", background: Background) -> None:
        super().__init__(background)
        self._library, self._background = library, background
        self._cancel = threading.Event()
        self._names: list[str] = []
        self._unwanted = False
        self.name = ""

    def start(self, name: str) -> None:
        """Fetch a model, unless one is being fetched."""
        if self.name:
            return
        self.name, self._cancel, self._unwanted = name, threading.Event(), False
        self._names = list(dict.fromkeys((name, EMBEDDER)))
        self._background.run(self._work(name), self._done, self._stopped, lane="pool")

    def start_import(self, file: Path) -> None:
        """Take over a GGUF file of the user's."""
        if self.name:
            return
        self.name = str(file)
        tell = self._teller([0], 0)
        self._background.run(lambda: self._library.import_file(file, tell).name, self._done, self._stopped, lane="pool")

    def pause(self) -> None:
        """Break off, soon; what has arrived is kept for the next time."""
        self._cancel.set()

    def cancel(self, name: str) -> None:
        """Break off the download of a model, or give up one that is paused; what has arrived is deleted."""
        if name == self.name:
            self._unwanted = True
            self._cancel.set()
        else:
            self._discard([name])

    def _discard(self, names: Sequence[str]) -> None:
        def work() -> None:
            for name in names:
                self._library.discard(name)

        self._background.run(work, lambda _: self.cancelled.emit(), self.failed.emit, lane="pool")

    def _work(self, name: str) -> Callable[[], str]:
        entries = [self._library.entry(each) for each in self._names]
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
                self._background.post(self.progressed.emit, meter.follow(progress, before[0], total))

        return tell

    def _done(self, name: str) -> None:
        self.name = ""
        self.finished.emit(name)

    def _stopped(self, error: Exception) -> None:
        self.name = ""
        if self._unwanted:
            self._discard(self._names)
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        else:
            self.failed.emit(error)
