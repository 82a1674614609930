"""A process that locked itself, as it feels from inside; each lock is in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_agent.sandbox import lock
from desktop_agent.sandbox.limits import Limits
from desktop_agent.sandbox.lock import LockRefused

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")

START = """
import errno, os, resource, socket, sys, threading
from desktop_agent.sandbox.limits import Limits
from desktop_agent.sandbox.lock import lock
def fails(what, *arguments):
    try:
        what(*arguments)
    except (OSError, ValueError, MemoryError, RuntimeError) as error:
        return getattr(error, "errno", None) or type(error).__name__
    return ""
"""


def inside(code: str, *arguments: str) -> str:
    """Return what a process prints; it ends there, since an interpreter's ending wants files."""
    ended = f"{START}\n{code}\nsys.stdout.flush()\nos._exit(0)"
    command = [sys.executable, "-I", "-c", ended, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_that_all_layers_are_applied_in_order() -> None:
    assert inside('print(lock("document", Limits()))') == "('rlimits', 'landlock', 'seccomp')"


def test_what_each_layer_closes(tmp_path: Path) -> None:
    told = inside(
        """
def tried(layer):
    print(layer, fails(open, sys.argv[1]) or "reads", fails(os.stat, sys.argv[1]) or "looks",
          fails(socket.socket) or "socket", fails(bytearray, 1 << 30) or "memory", sep=",")
tried("nothing")
lock("document", Limits(memory_mb=100), tried)
""",
        str(Path(__file__)),
    ).splitlines()
    assert told == [
        "nothing,reads,looks,socket,memory",
        "rlimits,reads,looks,socket,MemoryError",
        "landlock,13,looks,socket,MemoryError",
        "seccomp,38,38,1,MemoryError",
    ]


def test_that_threads_that_were_there_are_confined_too() -> None:
    code = """
go, told = threading.Event(), []
thread = threading.Thread(target=lambda: (go.wait(), told.append(fails(open, "/etc/hostname"))))
thread.start()
layers = lock("python", Limits())
go.set()
thread.join()
print(layers, told)
"""
    assert (
        inside(code) == "('rlimits', 'seccomp') [38]"
    )  # Landlock could not hold for that thread, so it does not count


def test_that_a_locked_process_still_computes_and_has_threads() -> None:
    code = """
lock("python", Limits(memory_mb=300))
told = []
threads = [threading.Thread(target=told.append, args=(n,)) for n in range(5)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(sorted(told), sum(range(1000)), len(bytes(50 << 20)), len(os.urandom(4)))
"""
    assert inside(code) == "[0, 1, 2, 3, 4] 499500 52428800 4"


def test_that_limits_cannot_be_raised_again() -> None:
    code = """
lock("document", Limits(cpu_seconds=5, open_files=20))
kinds = [getattr(resource, f'RLIMIT_{kind}') for kind in ('NOFILE', 'CPU', 'FSIZE', 'CORE', 'MEMLOCK')]
print([resource.getrlimit(kind) for kind in kinds], fails(resource.setrlimit, kinds[0], (1024, 1024)))
print(fails(lambda: [os.dup(0) for _ in range(20)]))
"""
    first, second = inside(code).splitlines()
    assert first.startswith("[(20, 20), (5, 5), (0, 0), (0, 0), (0, 0)] ")
    assert not first.endswith(" ")
    assert second == "24"


def test_that_computing_too_long_ends_the_process() -> None:
    code = f"{START}\nlock('document', Limits(cpu_seconds=1))\nwhile True: pass"
    assert subprocess.run([sys.executable, "-I", "-c", code], timeout=60, check=False).returncode == -9


def test_that_a_process_cannot_be_looked_into_or_gain_privileges() -> None:
    code = """
lock("document", Limits())
import ctypes
libc = ctypes.CDLL(None)
print("locked", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", START + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        owner = Path(f"/proc/{process.pid}/environ").stat().st_uid
        process.kill()
    assert "NoNewPrivs:\t1" in status
    assert "CapEff:\t0000000000000000" in status  # even root's are gone
    assert "CapPrm:\t0000000000000000" in status
    assert "Seccomp:\t2" in status
    assert owner == 0  # root's, whoever runs it: it is not dumpable


def test_that_landlock_leaves_what_was_granted(tmp_path: Path) -> None:
    for name in ("read", "write", "none"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    code = """
from desktop_agent.sandbox import landlock
from desktop_agent.sandbox.system_calls import prctl
prctl(38, 1)
read, write, none = (os.path.join(sys.argv[1], name) for name in ("read", "write", "none"))
landlock.apply(landlock.Grants((read,), (write,)))
print([fails(open, os.path.join(folder, "file")) for folder in (read, write, none)])
print([fails(open, os.path.join(folder, "new"), "w") for folder in (read, write, none)])
print(fails(os.truncate, os.path.join(read, "file"), 0), fails(os.listdir, read), fails(os.listdir, none))
listening = socket.socket()
print(fails(listening.bind, ("127.0.0.1", 0)))
"""
    assert inside(code, str(tmp_path)).splitlines() == ["['', '', 13]", "[13, '', 13]", "13  13", "13"]
    assert (tmp_path / "read" / "file").read_text() == "read"


def test_that_a_grant_may_be_a_file_or_a_device_and_the_network() -> None:
    code = """
from desktop_agent.sandbox import landlock
from desktop_agent.sandbox.system_calls import prctl
prctl(38, 1)
landlock.apply(landlock.Grants((sys.argv[1],), ("/dev/null",), network=True))
print(fails(open, sys.argv[1]), fails(open, "/dev/null", "w"), fails(socket.socket().bind, ("127.0.0.1", 0)))
"""
    assert inside(code, __file__) == ""


def test_that_without_landlock_the_others_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
from desktop_agent.sandbox import landlock
landlock.version = lambda: 0
print(lock("document", Limits()), fails(open, "/etc/hostname"))
"""
    assert inside(code) == "('rlimits', 'seccomp') 38"


def test_that_a_refused_layer_is_an_error_and_the_code_does_not_go_on() -> None:
    code = """
from desktop_agent.sandbox import seccomp
seccomp._SECCOMP = dict.fromkeys(seccomp._SECCOMP, 9999)
from desktop_agent.sandbox.lock import LockRefused
try:
    lock("document", Limits())
except LockRefused as refusal:
    print(refusal)
"""
    assert "Function not implemented" in inside(code)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_that_elsewhere_only_what_webassembly_confines_is_run(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert lock.lock("python", Limits()) == ()
    with pytest.raises(LockRefused):
        lock.lock("document", Limits())
