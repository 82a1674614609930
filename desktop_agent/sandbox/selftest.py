"""Tries to get out of every layer, so that a tool is on only where what it needs holds.

Each attempt is also made where it must succeed: a test that cannot show a hole would show none when there is one.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Json
from desktop_agent.sandbox import bubblewrap, probe, python_test
from desktop_agent.sandbox.bubblewrap import Cage
from desktop_agent.sandbox.layers import LAYERS, Layer
from desktop_agent.sandbox.process import Worker, WorkerDied, WorkerTimeout

if TYPE_CHECKING:
    from desktop_agent.sandbox.python import PythonSandbox

_SECONDS = 20.0
_GRANTED = "granted"
NO_CONTROL = "The test of this layer did not work on this system, so it counts as missing."
NOT_HERE = "This system has no such layer."
NO_WORKERS = "This system has no layer that confines the processes of tools."
NO_LANDLOCK = "This kernel has no Landlock, or it is switched off."


class SelfTest:
    """Tests the layers. `python` is what `run_python` uses, None where there is none."""

    def __init__(self, python: "PythonSandbox | None" = None) -> None:
        self._python = python

    def run(self, cancel: threading.Event | None = None) -> tuple[Layer, ...]:
        """Return the state of every layer, in the order of LAYERS; some tenths of a second. Raises Cancelled."""
        cancel = cancel or threading.Event()
        with tempfile.TemporaryDirectory(prefix="desktop-agent-") as folder:
            canary = Path(folder).resolve() / "canary"
            canary.write_text(secrets.token_hex(16), "utf-8")
            with ThreadPoolExecutor(thread_name_prefix="layers") as pool:
                found = pool.map(lambda test: list(test(canary, cancel)), self._tests())
            layers = {layer.name: layer for some in found for layer in some}
        return tuple(layers[name] for name in LAYERS)

    def _tests(self) -> tuple[Callable[[Path, threading.Event], Iterator[Layer]], ...]:
        return directory_descriptors, worker_layers, self._wasm, servers

    def _wasm(self, canary: Path, cancel: threading.Event) -> Iterator[Layer]:
        yield python_test.wasm(self._python, canary, cancel)


def directory_descriptors(canary: Path, cancel: threading.Event) -> Iterator[Layer]:
    """Test that a link is not followed where that was asked for."""
    name = "directory-descriptors"
    if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
        yield Layer(name, "off", "This system cannot open files below a folder without following links out of it.")
        return
    (canary.parent / "link").symlink_to(canary)
    folder = os.open(canary.parent, os.O_RDONLY)
    try:
        followed, refused = (_opens("link", folder, flag) for flag in (0, os.O_NOFOLLOW))
    finally:
        os.close(folder)
    if followed and not refused:
        yield Layer(name, "on")
    else:
        yield Layer(name, "off", "This system follows links although it was told not to." if refused else NO_CONTROL)


def _opens(name: str, folder: int, flag: int) -> bool:
    try:
        os.close(os.open(name, os.O_RDONLY | flag, dir_fd=folder))
    except OSError:
        return False
    return True


def worker_layers(canary: Path, cancel: threading.Event) -> Iterator[Layer]:
    """Test what a worker can still do after each of its layers."""
    if sys.platform != "linux":
        yield Layer("seccomp", "unavailable", NOT_HERE)
        yield Layer("rlimits", "off", NO_WORKERS)
        yield Layer("landlock", "off", NOT_HERE)
        return
    try:
        got = _probe(canary, cancel)
    except UserFacingError as refusal:
        yield from (Layer(name, "off", str(refusal)) for name in ("seccomp", "rlimits", "landlock"))
        return
    yield from _judged(got, canary.read_text("utf-8"))


def _probe(canary: Path, cancel: threading.Event) -> dict[str, Json]:
    worker = Worker("desktop_agent.sandbox.probe", arguments=(str(canary),))
    try:
        return worker.call({}, _SECONDS, cancel)
    except (WorkerDied, WorkerTimeout) as error:
        raise UserFacingError(f"The process that tests the layers failed: {error}") from error
    finally:
        worker.close()


def _judged(got: dict[str, Json], canary: str) -> Iterator[Layer]:
    """Return the layers from what was got at each stage; every layer must have closed what was open before."""
    before = got[probe.UNLOCKED]
    everything = {"file": canary, "look": len(canary), "socket": True, "process": probe.CHILD}
    if {name: before[name] for name in everything} != everything or not before["memory"]:
        yield from (Layer(name, "off", NO_CONTROL) for name in ("seccomp", "rlimits", "landlock"))
        return
    yield _closed("rlimits", got, ("memory",), "A worker can take more memory than it was given.")
    if "landlock" in got:
        yield _closed("landlock", got, ("file",), "A worker can read files although it was granted none.")
    else:
        yield Layer("landlock", "off", NO_LANDLOCK)
    yield _closed("seccomp", got, tuple(everything), "A worker can still use files, the network or other programs.")


def _closed(name: str, got: dict[str, Json], attempts: tuple[str, ...], fault: str) -> Layer:
    stage = got[name]
    return Layer(name, "off", fault) if any(stage[attempt] for attempt in attempts) else Layer(name, "on")


def servers(canary: Path, cancel: threading.Event) -> Iterator[Layer]:
    """Test what programs from elsewhere see: a folder when it was granted, and not when it was not."""
    if cancel.is_set():
        raise Cancelled
    name, granted = "bubblewrap", canary.parent / "granted"
    granted.mkdir()
    (granted / "file").write_text(_GRANTED, "utf-8")
    try:
        seen = _seen_in_cage((granted / "file", canary), granted)
    except (UserFacingError, OSError, subprocess.TimeoutExpired) as error:
        yield Layer(name, "off", str(error))
        return
    if not seen.startswith(_GRANTED):
        yield Layer(name, "off", bubblewrap.fault() or NO_CONTROL)
    elif seen != _GRANTED:
        yield Layer(name, "off", "A server can read what it was not given.")
    else:
        yield Layer(name, "on")


def _seen_in_cage(files: tuple[Path, ...], readable: Path) -> str:
    """Return what a caged program reads from files, of which only those in one folder were granted."""
    with bubblewrap.prepared(Cage(("/bin/cat", *map(str, files)), readable=(str(readable),))) as start:
        ran = subprocess.run(
            start.arguments,
            pass_fds=start.pass_fds,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    return ran.stdout.decode("utf-8", "replace")
