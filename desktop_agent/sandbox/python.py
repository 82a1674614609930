"""Python for code that nobody has read: a fresh interpreter for each piece, without files, network or endless time."""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Json
from desktop_agent.sandbox import component, frames
from desktop_agent.sandbox.component_here import compile_apart
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.interpreter import LONGEST_OUTPUT, TIME
from desktop_agent.sandbox.printed import plain
from desktop_agent.sandbox.process import Worker, WorkerDied, WorkerTimeout

_log = logging.getLogger(__name__)
_GRACE = 0.5
"""Seconds after which the process is ended from outside: while code sleeps, no limit inside ends it."""
_WORKER_MB = 768
"""The engine, the machine code and the most that a run may have."""
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.02
_LARGEST_REQUEST = frames.LARGEST - 1000
LONGEST_ERROR = 5_000
_SLEPT = "Waiting with time.sleep counts."
_LOST = "MemoryError: the interpreter was lost."


@dataclass(frozen=True)
class PythonRun:
    """What came of a piece of code.

    `output` is what it printed, cut when `truncated`. `value` is its last line's, None where JSON has none for it.
    `figure` is the table or chart it showed, as the code made it (see `tools.figure`). `error` is the end of the
    traceback when it is not `ok`. All of it is text from outside.
    """

    ok: bool
    output: str = ""
    value: Json = None
    figure: Json = None
    error: str = ""
    truncated: bool = False
    seconds: float = 0.0


class PythonSandbox:
    """CPython in WebAssembly, in a process that locked itself. Any thread; one piece of code at a time.

    `folder` is where the component lies. The process stays for the next piece, and is replaced after any limit.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker: Worker | None = None
        self._running = threading.Lock()
        self._starter: threading.Thread | None = None
        self._closed = threading.Event()
        self._problem = ""

    def problem(self) -> str:
        """Return why no code can be run, in a sentence; empty when nothing is known against it."""
        if component.pinned(self._folder) == component.Pin():
            return f"The Python sandbox is not installed. {component.BUILD}"
        return self._problem

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers around the process that runs; none before it does."""
        worker = self._worker
        return ("wasm", *worker.layers) if worker else ()

    def run(
        self,
        code: str,
        inputs: Mapping[str, Json] | None = None,
        *,
        seconds: float = 10,
        memory_mb: int = 192,
        cancel: threading.Event | None = None,
    ) -> PythonRun:
        """Run code with the inputs as its variables. Raises UserFacingError when that is off, and Cancelled."""
        request = {"code": code, "inputs": dict(inputs or {}), "seconds": seconds, "memory_mb": memory_mb}
        if len(json.dumps(request)) > _LARGEST_REQUEST:
            raise UserFacingError("The code and its files are too large.", "4 MB is the most.")
        stop = _Either(cancel, self._closed)
        with self._turn(stop):
            started = perf_counter()
            answer = self._answer(request, seconds, stop)
            return _run(answer, perf_counter() - started)

    def warm(self) -> None:
        """Start the process in the background, so that the next piece of code need not wait for it."""
        if self._starter is None or not self._starter.is_alive():
            self._starter = threading.Thread(target=self._start_ahead, name="python-sandbox", daemon=True)
            self._starter.start()

    def close(self) -> None:
        """End the process, and what runs in it."""
        self._closed.set()
        with self._running:
            self._drop()
        if self._starter:
            self._starter.join()

    def _answer(self, request: Message, seconds: float, stop: threading.Event) -> Message:
        try:
            answer = self._ready(stop).call(request, seconds + _GRACE, stop)
        except WorkerTimeout:
            answer = {"error": f"{TIME.format(seconds=seconds)}. {_SLEPT}", "spent": True}
        except WorkerDied as death:
            answer = {"error": f"{_LOST} {death}", "spent": True}
        except Cancelled:
            self._replace()
            raise
        if answer.get("spent"):
            self._replace()
        return answer

    def _replace(self) -> None:
        self._drop()
        if not self._closed.is_set():
            self.warm()

    def _drop(self) -> None:
        if self._worker:
            self._worker.close()
            self._worker = None

    def _start_ahead(self) -> None:
        try:
            with self._turn(self._closed):
                self._ready(self._closed)
        except (UserFacingError, Cancelled) as error:
            _log.info("Python was not started ahead: %s", error)

    @contextmanager
    def _turn(self, stop: threading.Event) -> Iterator[None]:
        while not self._running.acquire(timeout=_LOOK_SECONDS):
            if stop.is_set():
                raise Cancelled
        try:
            if stop.is_set():
                raise Cancelled
            yield
        finally:
            self._running.release()

    def _ready(self, stop: threading.Event) -> Worker:
        """Return a process that answers. Raises UserFacingError, Cancelled."""
        if self._worker is None or not self._worker.alive:
            self._drop()
            try:
                self._worker = self._start(stop)
            except (WorkerDied, WorkerTimeout) as death:
                self._problem = f"The Python sandbox does not start. {death}"
                raise UserFacingError(self._problem) from death
            except UserFacingError as error:
                self._problem = str(error)
                raise
            self._problem = ""
        return self._worker

    def _start(self, stop: threading.Event) -> Worker:
        worker, answer = self._first_answer(stop)
        if answer.get("compile"):
            worker.close()
            compile_apart(self._folder, stop)
            worker, answer = self._first_answer(stop)
        if answer.get("ok") is True:
            return worker
        worker.close()
        raise UserFacingError(str(answer.get("problem") or "The Python sandbox does not start."))

    def _first_answer(self, stop: threading.Event) -> tuple[Worker, Message]:
        """Start a process and let it run nothing, which loads what every run needs."""
        arguments = (str(self._folder),)
        worker = Worker("desktop_agent.sandbox.python_worker", arguments=arguments, memory_mb=_WORKER_MB)
        request = {"code": "", "inputs": {}, "seconds": _START_SECONDS, "memory_mb": 192}
        return worker, worker.call(request, _START_SECONDS, stop)


class _Either(threading.Event):
    """Set when one of some events is."""

    def __init__(self, *events: threading.Event | None) -> None:
        super().__init__()
        self._events = tuple(event for event in events if event is not None)

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


def _run(answer: Message, seconds: float) -> PythonRun:
    """Return what a process answered, whatever that is: code may have got hold of it."""
    output, error = plain(_text(answer.get("output"))), plain(_text(answer.get("error")))
    return PythonRun(
        ok=answer.get("ok") is True,
        output=output[:LONGEST_OUTPUT],
        value=answer.get("value"),
        figure=answer.get("figure"),
        error=error[-LONGEST_ERROR:],
        truncated=answer.get("truncated") is True or len(output) > LONGEST_OUTPUT,
        seconds=seconds,
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
