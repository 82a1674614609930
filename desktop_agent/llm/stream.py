"""Work on one thread, its results on another."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, wait
from queue import Empty, SimpleQueue
from typing import TypeVar

from desktop_agent.llm.native import StopFlag

_LOOK_SECONDS = 0.02
"""How often the consumer looks whether it shall stop the work; nothing can wake it, since events have no callbacks."""

T = TypeVar("T")


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
