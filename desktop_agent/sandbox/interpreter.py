"""One run of code in the component: fresh memory each time, and a limit for everything it can take."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from desktop_agent.messages import Json
from desktop_agent.sandbox import component

if TYPE_CHECKING:
    from pathlib import Path

    from wasmtime import Store

LONGEST_OUTPUT = 64_000
"""Bytes of what the code prints that are kept, the first ones."""
LARGEST_ANSWER = 2 << 20
TIME = "TimeoutError: the code took longer than {seconds:g} seconds"
DEPTH = "RecursionError: the code calls itself too deeply"
CRASH = "MemoryError: the code ended the interpreter, most likely for want of memory"
TOO_LARGE = "ValueError: the result is larger than {:,} bytes"


class _Output:
    """The beginning of what was printed."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.truncated = False

    def add(self, more: bytes) -> None:
        room = LONGEST_OUTPUT - len(self.data)
        self.truncated = self.truncated or len(more) > room
        self.data += more[:room]


class Interpreter:
    """The component, loaded. Raises ComponentMissing and NotCompiled."""

    def __init__(self, folder: "Path") -> None:
        from wasmtime.component import Linker

        self._engine = component.engine()
        self._component = component.load(folder, self._engine)
        self._linker = Linker(self._engine)
        self._linker.add_wasip2()

    def run(self, request: Json, seconds: float, memory_mb: int) -> dict[str, Json]:
        """Run {"code": …, "inputs": …} and return ok, error, value, figure, output and truncated.

        `spent` is true in it when a limit ended the run. What waits outside of the code is not ended here.
        """
        from wasmtime import WasmtimeError

        output = _Output()
        store = self._store(output, memory_mb)
        try:
            with self._alarm(seconds):
                call = self._linker.instantiate(store, self._component).get_func(store, "run")
                assert call is not None  # noqa: S101
                answer = _parsed(call(store, json.dumps(request)))
        except WasmtimeError as error:
            answer = {"ok": False, "error": _reason(str(error), seconds), "spent": True}
        printed = output.data.decode("utf-8", "replace")
        return {**answer, "output": printed, "truncated": output.truncated}

    def _store(self, output: _Output, memory_mb: int) -> "Store":
        """Return a machine with this much memory, clocks, random numbers and a way to print. There is nothing else."""
        from wasmtime import Store, WasiConfig

        outside = WasiConfig()
        outside.argv = ()
        outside.env = ()
        outside.stdout_custom = output.add
        outside.stderr_custom = output.add
        store = Store(self._engine)
        store.set_limits(memory_size=memory_mb << 20, instances=40, tables=60, memories=10)
        store.set_epoch_deadline(1)
        store.set_wasi(outside)
        return store

    @contextmanager
    def _alarm(self, seconds: float) -> Iterator[None]:
        """End what runs in the engine after some seconds."""
        done = threading.Event()

        def ring() -> None:
            if not done.wait(seconds):
                self._engine.increment_epoch()

        thread = threading.Thread(target=ring, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _parsed(text: str) -> dict[str, Json]:
    if len(text) > LARGEST_ANSWER:
        return {"ok": False, "error": TOO_LARGE.format(LARGEST_ANSWER)}
    answer = json.loads(text)
    return answer if isinstance(answer, dict) else {}


def _reason(trap: str, seconds: float) -> str:
    """Return in Python's words why the engine ended a run."""
    if "wasm trap: interrupt" in trap:
        return TIME.format(seconds=seconds)
    return DEPTH if "call stack exhausted" in trap else CRASH
