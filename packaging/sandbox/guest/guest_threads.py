"""Threads without threads: each runs to its end when it is started."""

import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor


def install() -> None:
    """Let the code start threads."""
    threading.Thread.start = _start
    threading.Thread.join = lambda self, timeout=None: None
    threading.Thread.is_alive = lambda self: False
    ThreadPoolExecutor.submit = _submit


def _start(self: threading.Thread) -> None:
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    self._started.set()
    try:
        self.run()
    except Exception:  # noqa: BLE001 -- a thread's fault ends the thread alone
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self)))


def _submit(self: ThreadPoolExecutor, function: object, /, *arguments: object, **named: object) -> Future:
    future = Future()
    try:
        future.set_result(function(*arguments, **named))
    except Exception as error:  # noqa: BLE001 -- a future carries whatever was raised
        future.set_exception(error)
    return future
