"""Tries to get out of the WebAssembly engine that runs Python, by code as a model could write it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.layers import Layer

if TYPE_CHECKING:
    from desktop_agent.sandbox.python import PythonSandbox

_NAME = "wasm"
_SHORT, _LONG, _LITTLE_MB, _MEMORY_MB = 0.05, 20.0, 64, 192
NO_ENGINE = "The Python engine was not set up."
FAULT = "The WebAssembly engine did not pass its self-test ({fault})."


def wasm(python: "PythonSandbox | None", canary: Path, cancel: threading.Event) -> Layer:
    """Return whether code is kept from files, sockets, time and memory that it was not given. Raises Cancelled."""
    if python is None:
        return Layer(_NAME, "off", NO_ENGINE)
    try:
        problem = python.problem() or ", ".join(_faults(python, canary, cancel))
    except UserFacingError as error:
        return Layer(_NAME, "off", str(error))
    return Layer(_NAME, "off", problem) if problem else Layer(_NAME, "on")


def _faults(python: "PythonSandbox", canary: Path, cancel: threading.Event) -> Iterator[str]:
    """Yield what does not hold. The control: the same engine runs honest code."""

    def run(code: str, seconds: float = _LONG, memory_mb: int = _MEMORY_MB) -> str:
        result = python.run(code, {"path": str(canary)}, seconds=seconds, memory_mb=memory_mb, cancel=cancel)
        return result.output if result.ok else f"{result.output}{result.error}"

    if run("print(len(path))").strip() != str(len(str(canary))):
        yield FAULT.format(fault="honest code does not run")
    elif canary.read_text("utf-8") in run("print(open(path).read())"):
        yield FAULT.format(fault="a file can be read")
    elif "connected" in run("import socket; socket.create_connection(('127.0.0.1', 9), 1)\nprint('connected')"):
        yield FAULT.format(fault="a connection can be made")
    elif "TimeoutError" not in run("while True: pass", seconds=_SHORT):
        yield FAULT.format(fault="the time limit is not enforced")
    elif "MemoryError" not in run(f"len(bytearray({2 * _LITTLE_MB << 20}))", memory_mb=_LITTLE_MB):
        yield FAULT.format(fault="the memory limit is not enforced")
