"""A worker's own side, locked for real."""

import sys
from collections.abc import Callable, Iterator

import pytest

from desktop_agent.sandbox import process
from desktop_agent.sandbox.lock import LockRefused
from desktop_agent.sandbox.process import Worker, WorkerDied

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")

START = """
import os, sys
from desktop_agent.sandbox import child, seccomp
from desktop_agent.sandbox.limits import Limits
"""


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Worker]]:
    """Return what starts a worker that is given by its code."""
    started: list[Worker] = []
    monkeypatch.setattr(process, "command", lambda code, arguments=(): [sys.executable, "-I", "-c", START + code])

    def begin(code: str) -> Worker:
        started.append(Worker(code))
        return started[-1]

    yield begin
    for worker in started:
        worker.close()


def test_that_it_is_locked_when_it_is_first_asked(start: Callable[[str], Worker]) -> None:
    worker = start(
        """
def handle(message):
    try:
        return {"read": open("/etc/hostname").read()}
    except OSError as error:
        return {"refused": error.errno}
child.serve(handle, "document", Limits())
"""
    )
    assert worker.call({}, 20) == {"refused": 38}
    assert worker.layers == ("rlimits", "landlock", "seccomp")


def test_that_what_it_prints_is_no_answer(start: Callable[[str], Worker]) -> None:
    code = """
def handle(message):
    print("\\0\\0\\0\\2{}")
    sys.__stdout__.write("\\0\\0\\0\\2{}")
    sys.__stdout__.flush()
    os.write(1, b"\\0\\0\\0\\2{}")
    return {"said": message["say"]}
child.serve(handle, "document", Limits())
"""
    worker = start(code)
    assert [worker.call({"say": number}, 20) for number in range(3)] == [{"said": number} for number in range(3)]


def test_that_a_fault_inside_ends_it(start: Callable[[str], Worker]) -> None:
    worker = start("child.serve(lambda message: {'x': 1 / 0}, 'document', Limits())")
    with pytest.raises(WorkerDied):
        worker.call({}, 20)
    assert b"ZeroDivisionError" in worker._complaint


def test_that_what_cannot_be_sent_ends_it(start: Callable[[str], Worker]) -> None:
    with pytest.raises(WorkerDied):
        start("child.serve(lambda message: {'x': object()}, 'document', Limits())").call({}, 20)


def test_that_without_its_lock_it_answers_nothing(start: Callable[[str], Worker]) -> None:
    code = """
seccomp.SHA_256.clear()
child.serve(lambda message: {"answered": True}, "document", Limits())
"""
    with pytest.raises(LockRefused, match="was changed"):
        start(code).call({}, 20)
