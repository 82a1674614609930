"""A layer that does not hold is found missing, and then nothing untrusted runs: there is no way without it."""

import errno
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.sandbox import bubblewrap, python_test, selftest
from desktop_agent.sandbox.bubblewrap import Cage
from desktop_agent.sandbox.layers import LAYERS, Layer
from desktop_agent.sandbox.probe import CHILD, UNLOCKED
from desktop_agent.sandbox.python import PythonRun, PythonSandbox
from desktop_agent.sandbox.selftest import SelfTest

ROOT = Path(__file__).parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")


class Double:
    """A Python sandbox whose answers are given by the code's words."""

    def __init__(self, answers: Mapping[str, Callable[[str], PythonRun]], problem: str = "") -> None:
        self._answers = answers
        self._problem = problem

    def problem(self) -> str:
        return self._problem

    def run(self, code: str, inputs: Mapping[str, str], **limits: object) -> PythonRun:
        fit = (answer for words, answer in self._answers.items() if words in code)
        return next(fit)(inputs["path"])


def failing(error: str) -> Callable[[str], PythonRun]:
    return lambda path: PythonRun(ok=False, error=error)


HOLDS: dict[str, Callable[[str], PythonRun]] = {
    "len(path)": lambda path: PythonRun(ok=True, output=f"{len(path)}\n"),
    "open(path)": failing("FileNotFoundError"),
    "socket": failing("PermissionError"),
    "while True": failing("TimeoutError: the code took longer"),
    "bytearray": failing("MemoryError"),
}


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary"
    path.write_text("nobody may read this")
    return path


def wasm(double: "Double | PythonSandbox", canary: Path) -> Layer:
    return python_test.wasm(cast("PythonSandbox", double), canary, threading.Event())


def found(test: Callable[[Path, threading.Event], Iterator[Layer]], canary: Path) -> dict[str, Layer]:
    return {layer.name: layer for layer in test(canary, threading.Event())}


@linux
def test_that_every_layer_is_tested_and_holds_here(python_folder: Path) -> None:
    python = PythonSandbox(python_folder)
    try:
        layers = SelfTest(python).run()
    finally:
        python.close()
    assert [layer.name for layer in layers] == list(LAYERS)
    assert [layer for layer in layers if layer.state != "on"] == []


def test_that_an_engine_that_holds_is_on(canary: Path) -> None:
    assert wasm(Double(HOLDS), canary) == Layer("wasm", "on")


@pytest.mark.parametrize(
    ("words", "answer", "fault"),
    [
        ("len(path)", failing("nothing works"), "honest code does not run"),
        ("open(path)", lambda path: PythonRun(ok=True, output=Path(path).read_text()), "a file can be read"),
        ("socket", lambda path: PythonRun(ok=True, output="connected"), "a connection can be made"),
        ("while True", lambda path: PythonRun(ok=True), "time limit is not enforced"),
        ("bytearray", lambda path: PythonRun(ok=True, output="134217728"), "memory limit is not enforced"),
    ],
)
def test_that_an_engine_that_leaks_is_off(
    words: str, answer: Callable[[str], PythonRun], fault: str, canary: Path
) -> None:
    layer = wasm(Double({**HOLDS, words: answer}), canary)
    assert layer.state == "off"
    assert fault in layer.detail
    assert layer.fault == layer.detail


def test_that_an_engine_that_is_not_there_is_off_with_its_sentence(canary: Path) -> None:
    assert wasm(Double({}, problem="Python is off: no."), canary) == Layer("wasm", "off", "Python is off: no.")
    missing = PythonSandbox(canary.parent)
    layer = wasm(missing, canary)
    assert layer.state == "off"
    assert layer.detail == missing.problem() != ""
    with pytest.raises(UserFacingError):
        missing.run("1")


def lacking(call: str, error: int, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.helpers.lacking", call, str(error), str(folder), str(ROOT / "LICENSE")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    told: dict[str, object] = json.loads(ran.stdout)
    return told


@linux
@pytest.mark.parametrize(("call", "error"), [("seccomp", errno.EINVAL), ("prlimit64", errno.EPERM)])
def test_that_without_a_needed_layer_nothing_runs(call: str, error: int, python_folder: Path) -> None:
    told = lacking(call, error, python_folder)
    layers = cast("dict[str, list[str]]", told["layers"])
    for name in ("seccomp", "rlimits", "landlock", "wasm"):
        assert layers[name][0] == "off"
        assert layers[name][1].startswith("The system refused to confine the process")
    assert str(told["python"]).startswith("The system refused to confine the process")
    assert str(told["document"]).startswith("The system refused to confine the process")


@linux
def test_that_without_landlock_what_can_do_without_is_on(python_folder: Path) -> None:
    told = lacking("landlock_create_ruleset", errno.ENOSYS, python_folder)
    layers = cast("dict[str, list[str]]", told["layers"])
    assert {name: state for name, (state, _) in layers.items() if state != "on"} == {
        "landlock": "off",
        "bubblewrap": "off",
    }
    assert layers["landlock"][1] == selftest.NO_LANDLOCK
    assert "Landlock" in layers["bubblewrap"][1]
    assert told["python"] == "ran: 42"
    assert str(told["document"]).startswith("read: ")


@linux
def test_that_a_test_without_control_counts_as_a_missing_layer(python_folder: Path) -> None:
    told = lacking("socket", errno.EPERM, python_folder)  # so the probe cannot make one before it is locked either
    layers = cast("dict[str, list[str]]", told["layers"])
    for name in ("seccomp", "rlimits", "landlock"):
        assert layers[name] == ["off", selftest.NO_CONTROL]


@linux
def test_that_a_refused_mount_leaves_servers_off(python_folder: Path) -> None:
    told = lacking("mount", errno.EPERM, python_folder)
    layers = cast("dict[str, list[str]]", told["layers"])
    assert {name for name, (state, _) in layers.items() if state != "on"} == {"bubblewrap"}
    assert layers["bubblewrap"][1].startswith("MCP servers are off: ")


@linux
def test_that_servers_are_off_where_bubblewrap_is_not_installed(canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "BWRAP", "/nonexistent/bwrap")
    layer = found(selftest.servers, canary)["bubblewrap"]
    assert layer.state == "off"
    assert "/nonexistent/bwrap" in layer.detail


@linux
def test_that_a_cage_that_shows_too_much_is_found_out(canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = bubblewrap.prepared

    def leaky(cage: Cage) -> AbstractContextManager[bubblewrap.Start]:
        return honest(replace(cage, readable=tuple(str(Path(path).parent) for path in cage.readable)))

    monkeypatch.setattr(bubblewrap, "prepared", leaky)
    layer = found(selftest.servers, canary)["bubblewrap"]
    assert layer == Layer("bubblewrap", "off", "A server can read what it was not given.")


@linux
@pytest.mark.parametrize(
    ("name", "attempt"),
    [
        ("rlimits", "memory"),
        ("landlock", "file"),
        ("seccomp", "file"),
        ("seccomp", "look"),
        ("seccomp", "socket"),
        ("seccomp", "process"),
    ],
)
def test_that_a_layer_that_leaves_something_open_is_off(
    name: str, attempt: str, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def probe(canary: Path, cancel: threading.Event) -> dict[str, dict[str, object]]:
        content = canary.read_text()
        free = {"file": content, "look": len(content), "socket": True, "process": CHILD, "memory": 1 << 27}
        limited = {**free, "memory": None}
        told = {UNLOCKED: free, "rlimits": limited, "landlock": {**limited, "file": None}}
        told["seccomp"] = dict.fromkeys(free)
        told[name] = {**told[name], attempt: free[attempt]}
        return told

    monkeypatch.setattr(selftest, "_probe", probe)
    layers = found(selftest.worker_layers, canary)
    assert {layer for layer in layers if layers[layer].state == "off"} == {name}
    assert layers[name].fault


@linux
def test_that_a_probe_that_cannot_start_is_no_proof(canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    layers = found(selftest.worker_layers, canary)
    assert {name: layer.state for name, layer in layers.items()} == dict.fromkeys(
        ("seccomp", "rlimits", "landlock"), "off"
    )


def test_that_the_test_can_be_stopped() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        SelfTest().run(stop)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_that_other_systems_say_what_they_lack(platform: str, canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    layers = found(selftest.worker_layers, canary) | found(selftest.servers, canary)
    assert layers["seccomp"].state == "unavailable"
    assert layers["seccomp"].fault == ""  # Python may run, confined by WebAssembly alone
    assert layers["rlimits"].fault  # documents may not be read
    assert layers["bubblewrap"].fault
