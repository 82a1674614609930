"""The filters let through what they should on both architectures, as computed; and they are the ones we made."""

import errno
import importlib.util
import platform
from pathlib import Path
from types import ModuleType

import pytest

from desktop_agent.paths import resources
from desktop_agent.sandbox import seccomp
from tests.helpers.bpf import ALLOW, ERROR, KILL, answer

ROOT = Path(__file__).parents[3]
X86_64, I386, AARCH64 = 0xC000003E, 0x40000003, 0xC00000B7
ARCHITECTURES = {"x86_64": X86_64, "aarch64": AARCH64}
NOT_PERMITTED, NOT_THERE = ERROR | errno.EPERM, ERROR | errno.ENOSYS
THREAD = 0x3D0F00
TOUCHING = """
    open openat openat2 creat stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents
    getdents64 getcwd chdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mkdir mkdirat
    rmdir mknod mknodat chmod fchmod fchmodat chown fchown fchownat lchown truncate ftruncate fallocate utimensat
    setxattr getxattr listxattr removexattr statfs fstatfs inotify_init1 fanotify_init memfd_create memfd_secret
    shmget msgget semget mq_open socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg
    recvfrom recvmsg fork vfork clone3 execve execveat wait4 waitid kill tkill tgkill rt_sigqueueinfo pidfd_open
    pidfd_getfd pidfd_send_signal ptrace process_vm_readv process_vm_writev unshare setns mount umount2 pivot_root
    chroot io_uring_setup io_setup keyctl add_key bpf perf_event_open userfaultfd seccomp setuid setgid setresuid
    capset setrlimit setpriority sched_setaffinity sched_setscheduler personality uname sethostname reboot syslog
    kcmp open_by_handle_at mlock mlockall sendfile copy_file_range splice tee vmsplice process_madvise timer_create
    setitimer alarm landlock_create_ruleset
"""


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that makes the filters."""
    spec = importlib.util.spec_from_file_location("filters", ROOT / "packaging" / "sandbox" / "filters.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_the_filters_are_those_that_the_script_makes(maker: ModuleType) -> None:
    made = maker.filters()
    assert made.keys() == seccomp.SHA_256.keys()
    for name, program in made.items():
        assert (resources() / "sandbox" / name).read_bytes() == program


@pytest.mark.parametrize("kind", ["python", "document", "server", "server-network"])
def test_that_the_filters_pass_their_check(kind: seccomp.Filter) -> None:
    assert len(seccomp.filter_program(kind)) % 8 == 0


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"\1", lambda data: data + b"\0" * 8, lambda data: b""])
def test_that_a_changed_filter_is_refused(
    change: "type[bytes]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"document-{platform.machine()}.bpf"
    changed = change((resources() / "sandbox" / name).read_bytes())
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / name).write_bytes(changed)
    monkeypatch.setattr(seccomp, "resources", lambda: tmp_path)
    with pytest.raises(seccomp.WrongFilter):
        seccomp.filter_program("document")
    with pytest.raises(seccomp.WrongFilter):
        seccomp.filter_program("python")  # it is not there


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
@pytest.mark.parametrize("kind", ["python", "document", "server", "server-network"])
def test_that_other_ways_into_the_kernel_are_fatal(maker: ModuleType, architecture: str, kind: str) -> None:
    program = maker.filters()[f"{kind}-{architecture}.bpf"]
    others = {X86_64, I386, AARCH64} - {ARCHITECTURES[architecture]}
    assert {answer(program, other, number) for other in others for number in range(500)} == {KILL}
    if architecture == "x86_64":
        assert {answer(program, X86_64, 0x40000000 + number) for number in range(600)} == {KILL}


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
@pytest.mark.parametrize("kind", ["python", "document"])
def test_that_nothing_that_touches_the_outside_is_allowed(maker: ModuleType, architecture: str, kind: str) -> None:
    program, numbers = maker.filters()[f"{kind}-{architecture}.bpf"], maker.system_calls()[architecture]
    calls = {name: numbers[name] for name in TOUCHING.split() if name in numbers}
    assert len(calls) >= 100
    for name, number in calls.items():
        assert answer(program, ARCHITECTURES[architecture], number, (1, 1, 1, 1)) in (NOT_PERMITTED, NOT_THERE), name


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
def test_that_what_is_allowed_is_what_is_listed(maker: ModuleType, architecture: str) -> None:
    numbers = maker.system_calls()[architecture]
    listed = {*maker.COMPUTING.split(), *maker.WAITING.split()} & numbers.keys()
    program = maker.filters()[f"python-{architecture}.bpf"]
    seen = {number for number in range(1024) if answer(program, ARCHITECTURES[architecture], number, [-1] * 6) == ALLOW}
    assert seen == {numbers[name] for name in listed}


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("clone", [(THREAD,), (THREAD | 0x400000,)], [(17,), (0x10000 | 0x20000000,), (THREAD | 0x40000000,), (0,)]),
        ("mmap", [(0, 4096, 3, 0x22)], [(0, 4096, 7, 0x22), (0, 4096, 5), (0, 4096, 4)]),
        ("mprotect", [(0, 4096, 1), (0, 4096, 0)], [(0, 4096, 5), (0, 4096, 7)]),
        ("fcntl", [(1, 1), (1, 3), (1, 1030)], [(1, 8), (1, 10), (1, 15), (1, 9), (1, 5), (1, 1033), (1, 1031)]),
        ("ioctl", [(0, 0x5401), (0, 0x541B)], [(0, 0x5412), (0, 0x541C), (0, 0x8901), (0, 0x5452), (0, 0)]),
        ("prctl", [(15,)], [(4,), (22,), (38,), (59616,), (8,), (0x53564D41,)]),
        ("prlimit64", [(0, 7, 0)], [(0, 7, 8), (1, 7, 0), (0, 7, 1 << 40)]),
    ],
)
def test_that_arguments_are_looked_at(
    maker: ModuleType, architecture: str, name: str, allowed: list[tuple[int, ...]], refused: list[tuple[int, ...]]
) -> None:
    program, number = maker.filters()[f"document-{architecture}.bpf"], maker.system_calls()[architecture][name]
    assert {answer(program, ARCHITECTURES[architecture], number, arguments) for arguments in allowed} == {ALLOW}
    assert {answer(program, ARCHITECTURES[architecture], number, arguments) for arguments in refused} == {NOT_PERMITTED}


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
def test_what_a_server_may_do(maker: ModuleType, architecture: str) -> None:
    programs, numbers = maker.filters(), maker.system_calls()[architecture]

    def told(kind: str, name: str, *arguments: int) -> int:
        return answer(programs[f"{kind}-{architecture}.bpf"], ARCHITECTURES[architecture], numbers[name], arguments)

    for kind in ("server", "server-network"):
        for name in ("openat", "execve", "read", "wait4", "kill", "pipe2"):
            assert told(kind, name) == ALLOW
        for name in ("ptrace", "bpf", "mount", "keyctl", "unshare", "setns", "perf_event_open", "process_vm_readv"):
            assert told(kind, name) == NOT_PERMITTED
        assert told(kind, "clone", 17) == told(kind, "clone", THREAD) == ALLOW
        assert told(kind, "clone", 0x10000000 | 17) == told(kind, "clone", 0x20000) == NOT_PERMITTED
        assert told(kind, "clone3") == told(kind, "io_uring_setup") == NOT_THERE
        assert told(kind, "ioctl", 0, 0x5412) == told(kind, "ioctl", 0, 0x541C) == NOT_PERMITTED
        assert told(kind, "ioctl", 0, 0x5401) == ALLOW
        assert told(kind, "socketpair", 1, 1) == ALLOW
        assert (
            told(kind, "socket", 40, 1) == told(kind, "socket", 17, 3) == told(kind, "socket", 38, 5) == NOT_PERMITTED
        )
    assert told("server-network", "socket", 2, 0x80001) == told("server-network", "socket", 10, 2) == ALLOW
    assert told("server", "socket", 2, 1) == told("server", "socket", 1, 1) == NOT_PERMITTED
