"""A process that got into wrong hands, and a program that is gone."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.sandbox import python as rooms
from desktop_agent.sandbox.lock import LockRefused
from desktop_agent.sandbox.process import WorkerDied, WorkerTimeout
from desktop_agent.sandbox.python import PythonSandbox

HOST = """
import sys
from pathlib import Path
from desktop_agent.sandbox.python import PythonSandbox
sandbox = PythonSandbox(Path(sys.argv[1]))
sandbox.run("1")
print("ready", flush=True)
sandbox.run("while True: pass", seconds=60)
"""


class Hostile:
    """In the place of Worker: greets as it should, then answers what it likes."""

    answers: list[Json | Exception]
    layers = ("seccomp",)
    alive = True

    def __init__(self, *_: object, **__: object) -> None:
        self.closed = False

    def call(self, message: Mapping[str, Json], seconds: float, cancel: threading.Event | None = None) -> Json:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PythonSandbox]:
    monkeypatch.setattr(rooms, "Worker", Hostile)
    monkeypatch.setattr(PythonSandbox, "warm", lambda self: None)
    sandbox = PythonSandbox(tmp_path)
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"ok": "yes", "output": ["x"], "error": {"a": 1}, "truncated": "no"},
        {"ok": 1, "output": None, "error": 5, "figure": 7},
    ],
)
def test_an_answer_of_wrong_types_does_no_harm(hostile: PythonSandbox, answer: Json) -> None:
    Hostile.answers = [{"ok": True}, answer]
    run = hostile.run("1")
    assert (run.ok, run.output, run.error, run.truncated) == (False, "", "", False)


def test_an_answer_is_cut_and_cleaned_here_too(hostile: PythonSandbox) -> None:
    Hostile.answers = [{"ok": True}, {"ok": True, "output": "\x1b[2J" + "x" * 10**6, "error": "\x07" + "e" * 10**5}]
    run = hostile.run("1")
    assert (set(run.output), len(run.output), run.truncated) == ({"x"}, 64_000, True)
    assert len(run.error) == rooms.LONGEST_ERROR


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (WorkerDied("It sent a message of 4,294,967,295 bytes, 4,194,304 are allowed."), "the interpreter was lost"),
        (WorkerTimeout("It took too long and was ended."), "TimeoutError"),
    ],
)
def test_after_a_fault_there_is_another_process(hostile: PythonSandbox, fault: Exception, error: str) -> None:
    Hostile.answers = [{"ok": True}, fault, {"ok": True}, {"ok": True, "value": 5}]
    assert error in hostile.run("1").error
    assert hostile.run("5").value == 5


@pytest.mark.parametrize(
    ("first", "problem"),
    [
        (LockRefused("The system refused to confine a process."), "The system refused to confine a process."),
        (WorkerDied("It ended by itself (1)."), "The Python sandbox does not start. It ended by itself (1)."),
        ({"problem": "It was changed."}, "It was changed."),
        ({"ok": False}, "The Python sandbox does not start."),
    ],
)
def test_what_is_not_confined_runs_nothing(hostile: PythonSandbox, first: Json | Exception, problem: str) -> None:
    Hostile.answers = [first]
    with pytest.raises(UserFacingError) as caught:
        hostile.run("1")
    assert str(caught.value) == problem
    assert Hostile.answers == []


def test_what_is_too_large_is_not_sent(hostile: PythonSandbox) -> None:
    Hostile.answers = []
    with pytest.raises(UserFacingError, match="too large"):
        hostile.run("1", {"files": {"a": "x" * 5_000_000}})


def test_the_process_ends_with_the_program(python_folder: Path) -> None:
    command = [sys.executable, "-c", HOST, str(python_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        workers = psutil.Process(program.pid).children()
        assert len(workers) == 1
        program.kill()
    deadline = time.monotonic() + 5
    while workers[0].is_running() and workers[0].status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not workers[0].is_running() or workers[0].status() == psutil.STATUS_ZOMBIE
