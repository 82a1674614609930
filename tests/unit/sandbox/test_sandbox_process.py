"""Workers that crash, hang, lie and outlive their program do no harm; and they inherit nothing."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from desktop_agent.errors import Cancelled
from desktop_agent.sandbox import process
from desktop_agent.sandbox.lock import LockRefused
from desktop_agent.sandbox.process import Worker, WorkerDied, WorkerTimeout

Starts = Callable[..., Worker]

TALKING = """
import json, os, sys, time
def say(message):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    os.write(1, len(data).to_bytes(4, "big") + data)
def hear():
    size = int.from_bytes(sys.stdin.buffer.read(4), "big")
    return json.loads(sys.stdin.buffer.read(size)) if size else sys.exit()
say({"layers": ["one"]})
"""
ECHO = f"{TALKING}\nwhile True:\n    say(hear())"


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Starts]:
    """Return what starts a worker that is given by its code; it is not locked, so that it can do its worst."""
    started: list[Worker] = []
    command: Callable[..., list[str]] = lambda code, arguments=(): [sys.executable, "-I", "-c", code, *arguments]  # noqa: E731
    monkeypatch.setattr(process, "command", command)

    def begin(code: str, **options: object) -> Worker:
        started.append(Worker(code, **options))  # type: ignore[arg-type]
        return started[-1]

    yield begin
    for worker in started:
        worker.close()


def test_that_messages_are_answered_one_after_the_other(start: Starts) -> None:
    worker = start(ECHO)
    for number in range(20):
        assert worker.call({"n": number, "text": "ü\u2028"}, 10) == {"n": number, "text": "ü\u2028"}
    assert worker.layers == ("one",)
    assert worker.alive


def test_that_several_threads_may_call(start: Starts) -> None:
    worker, answers = start(ECHO), []
    threads = [threading.Thread(target=lambda n=n: answers.append(worker.call({"n": n}, 20)["n"])) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(8))


def test_that_a_hanging_worker_is_ended_in_time(start: Starts) -> None:
    worker = start(f"{TALKING}\nhear()\ntime.sleep(60)")
    worker.ready()
    started = time.monotonic()
    with pytest.raises(WorkerTimeout):
        worker.call({}, 0.2)
    assert time.monotonic() - started < 5
    assert not worker.alive
    assert not psutil.pid_exists(worker.pid)


def test_that_one_that_does_not_listen_is_ended_in_time(start: Starts) -> None:
    worker = start(f"{TALKING}\ntime.sleep(60)")
    with pytest.raises(WorkerTimeout):
        worker.call({"much": "x" * 1_000_000}, 0.2)
    assert not psutil.pid_exists(worker.pid)


def test_that_time_is_not_told_by_the_clock_on_the_wall(start: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = start(f"{TALKING}\nhear()\ntime.sleep(0.3)\nsay({{}})")
    worker.ready()
    monkeypatch.setattr(time, "time", lambda: 1e12)
    assert worker.call({}, 20) == {}


def test_that_stop_ends_it_at_once(start: Starts) -> None:
    worker, stop = start(f"{TALKING}\nhear()\ntime.sleep(60)"), threading.Event()
    worker.ready()
    threading.Timer(0.1, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        worker.call({}, 60, stop)
    assert time.monotonic() - started < 5
    assert not psutil.pid_exists(worker.pid)


def test_that_stop_also_ends_the_wait_for_its_start(start: Starts) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        start("import time; time.sleep(60)").call({}, 60, stop)


def test_that_a_crash_is_an_answer(start: Starts) -> None:
    worker = start(f"{TALKING}\nhear()\nos.kill(os.getpid(), 11)")
    with pytest.raises(WorkerDied, match="SIGSEGV"):
        worker.call({}, 10)
    with pytest.raises(WorkerDied):
        worker.call({}, 10)


def test_that_one_that_takes_too_much_memory_is_ended(start: Starts) -> None:
    worker = start(f"{TALKING}\nhear()\nkept = b'x' * (300 << 20)\ntime.sleep(60)", memory_mb=150)
    with pytest.raises(WorkerDied, match="150 MB"):
        worker.call({}, 30)
    assert not psutil.pid_exists(worker.pid)


@pytest.mark.parametrize(
    "misbehaving",
    [
        "os.write(1, bytes([255]) * 4)",
        "say(b'[' * 100000)",
        "say(b'not JSON')",
        "say([1])",
        "os.write(1, (1 << 19).to_bytes(4, 'big'))\nwhile True: os.write(1, b'x' * 65536)",
        "os.write(1, (100).to_bytes(4, 'big') + b'{')\nsys.exit()",
    ],
)
def test_that_what_is_no_message_ends_it(start: Starts, misbehaving: str) -> None:
    worker = start(f"{TALKING}\nhear()\n{misbehaving}\ntime.sleep(60)", largest_frame=1 << 20)
    with pytest.raises(WorkerDied):
        worker.call({}, 20)
    assert not psutil.pid_exists(worker.pid)


def test_that_an_endless_complaint_is_not_kept(start: Starts) -> None:
    worker = start(f"{TALKING}\nhear()\nfor _ in range(500): os.write(2, b'x' * 65536)\nsay({{}})")
    assert worker.call({}, 30) == {}
    assert len(worker._complaint) <= 4096


def test_that_one_that_could_not_be_confined_is_not_called(start: Starts) -> None:
    refused = TALKING.replace('{"layers": ["one"]}', '{"refused": "No."}')
    with pytest.raises(LockRefused, match=r"No\."):
        start(f"{refused}\nhear()").call({}, 10)


HOSTILE_ENVIRONMENT = (
    *(
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "PYTHONHOME",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "LD_AUDIT",
        "DYLD_INSERT_LIBRARIES",
    ),
    *("BASH_ENV", "ENV", "GCONV_PATH", "HTTPS_PROXY", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "API_KEY", "HOME"),
)


def test_that_it_inherits_nothing_of_the_environment(start: Starts, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in HOSTILE_ENVIRONMENT:
        monkeypatch.setenv(name, "/nonexistent/planted")
    answer = start(f"{TALKING}\nhear()\nsay(dict(os.environ))").call({}, 10)
    assert not {*HOSTILE_ENVIRONMENT} & answer.keys()
    assert "planted" not in json.dumps(answer)


def test_that_it_has_its_pipes_and_what_it_was_given(start: Starts, tmp_path: Path) -> None:
    given = os.open(tmp_path, os.O_RDONLY)
    left_open = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(left_open, True)
    try:
        code = f"{TALKING}\nhear()\nhere = '/proc/self/fd/'\nsay({{n: os.readlink(here + n) for n in os.listdir(here)"
        answer = start(code + " if os.path.exists(here + n)})", pass_fds=(given,)).call({}, 10)
    finally:
        os.close(given)
        os.close(left_open)
    files = {number: target for number, target in answer.items() if not target.startswith(("pipe:", "/proc/"))}
    assert files == {str(given): str(tmp_path)}
    assert {"0", "1", "2"} <= answer.keys()


def test_that_modules_that_lie_about_are_not_imported(
    start: Starts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "sitecustomize.py", "usercustomize.py", "wasmtime.py", "ctypes.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'imported')!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answer = start(f"{TALKING}\nhear()\nimport ctypes, wasmtime\nsay({{'in': os.listdir(), 'path': sys.path}})").call(
        {}, 10
    )
    assert answer["in"] == []
    assert "" not in answer["path"]
    assert not (tmp_path / "imported").exists()


def test_that_neither_side_listens_on_a_socket(start: Starts) -> None:
    ours = {one.fd for one in psutil.Process().net_connections("all")}
    worker = start(ECHO)
    worker.ready()
    assert psutil.Process(worker.pid).net_connections("all") == []
    assert {one.fd for one in psutil.Process().net_connections("all")} <= ours


def test_that_nothing_of_it_is_left(start: Starts) -> None:
    worker = start(f"{TALKING}\nhear()\nsay({{'folder': os.getcwd()}})")
    folder = Path(worker.call({}, 10)["folder"])
    assert folder.is_dir()
    descriptors = psutil.Process().num_fds()
    worker.close()
    worker.close()
    assert not folder.exists()
    assert psutil.Process().num_fds() < descriptors


HOST = """
import os, signal, sys, threading
from desktop_agent.sandbox import process
process.command = lambda code, arguments=(): [sys.executable, "-I", "-c", code]
def begin():
    global worker
    worker = process.Worker(sys.argv[1])
    worker.ready()
thread = threading.Thread(target=begin)
thread.start()
thread.join()
print(worker.pid, worker.call({}, 10)["fine"], flush=True)
threading.Thread(target=worker.call, args=({}, 60), daemon=True).start()
sys.stdin.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_that_it_outlives_the_thread_that_started_it_but_not_the_program() -> None:
    busy = f"{TALKING}\nhear()\nsay({{'fine': 1}})\nhear()\nwhile True: pass"
    command = [sys.executable, "-c", HOST, busy]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        assert host.stdin is not None
        pid, fine = host.stdout.readline().split()
        assert fine == "1"
        host.stdin.write("\n")
        host.stdin.close()
        assert host.wait(20) == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while _runs(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # nobody may be there to reap it
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("name", ["_tie", "environment"])
def test_that_a_failed_start_leaves_nothing_behind(start: Starts, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError("no more descriptors")

    monkeypatch.setattr(process, name, refuse)
    before = psutil.Process().num_fds(), psutil.Process().children()
    for _ in range(3):
        with pytest.raises(OSError, match="no more descriptors"):
            start(ECHO)
    assert (psutil.Process().num_fds(), psutil.Process().children()) == before
