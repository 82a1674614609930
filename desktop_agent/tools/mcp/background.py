"""The one thread in which asyncio runs."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from time import monotonic
from typing import Any, TypeVar

from desktop_agent.errors import Cancelled

T = TypeVar("T")
_LOOK_SECONDS = 0.05


class Background:
    """Runs coroutines for threads that wait. The thread begins with the first one.

    It lives until `close`: what it starts is killed when it ends, see PR_SET_PDEATHSIG in prctl(2).
    """

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, work: Coroutine[Any, Any, T], seconds: float, cancel: threading.Event | None = None) -> T:
        """Return what the work returns, or raise what it raises.

        Raises TimeoutError after `seconds`, and Cancelled, also when this is closed.
        """
        try:
            loop = self._begun()
        except Cancelled:
            work.close()
            raise
        future = asyncio.run_coroutine_threadsafe(work, loop)
        deadline = monotonic() + seconds
        while not future.done():
            left = deadline - monotonic()
            if left <= 0 or (cancel and cancel.is_set()):
                future.cancel()
                raise TimeoutError if left <= 0 else Cancelled
            concurrent.futures.wait([future], min(_LOOK_SECONDS, left))
        try:
            return future.result()
        except concurrent.futures.CancelledError as error:
            raise Cancelled from error

    def close(self) -> None:
        """End the thread; what still runs in it is cancelled."""
        with self._starting:
            loop, thread, self._loop, self._closed = self._loop, self._thread, None, True
        if loop and thread:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _begun(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._closed:
                raise Cancelled
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="mcp", daemon=True)
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
