"""Work on one thread, its results on another."""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue
from typing import ParamSpec, TypeVar

from desktop_agent.errors import Cancelled
from desktop_agent.llm.native import StopFlag

_LOOK_SECONDS = 0.02
"""How often the consumer looks whether it shall stop the work; nothing can wake it, since events have no callbacks."""

T = TypeVar("T")
P = ParamSpec("P")


class OneThread(ThreadPoolExecutor):
    """A thread that does one thing after the other; what comes after its end is refused with Cancelled, never done."""

    def __init__(self, name: str) -> None:
        super().__init__(1, thread_name_prefix=name)
        self._taking = threading.Lock()
        self._ended = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Do this when its turn comes. Raises Cancelled after `close`."""
        with self._taking:
            if self._ended:
                raise Cancelled("The model was unloaded.")
            return super().submit(fn, *args, **kwargs)

    def close(self, hurry: Callable[[], None], last: Callable[[], None]) -> None:
        """Take nothing more, `hurry` what was taken, do one `last` thing and wait for it. Safe to call twice."""
        with self._taking:
            first, self._ended = not self._ended, True
        if first:
            hurry()
            super().submit(last).result()
        self.shutdown()


def stream(worker: Executor, work: Callable[[], Iterator[T]], stop: StopFlag) -> Generator[T, None, bool]:
    """Yield here what `work` yields on the worker's thread, and raise what it raises.

    Returns False when it was stopped before it began. Leaving the generator early stops the work and waits for its end.
    """
    results: SimpleQueue[T | None] = SimpleQueue()

    def produce() -> None:
        try:
            for item in work():
                results.put(item)
        finally:
            results.put(None)

    future = worker.submit(produce)
    try:
        while not (stop.poll() and future.cancel()):
            try:
                item = results.get(timeout=_LOOK_SECONDS)
            except Empty:
                continue
            if item is None:
                future.result()
                return True
            yield item
        return False
    finally:
        stop.set()
        if not future.cancel():
            wait([future])
