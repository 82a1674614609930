"""Makes resources/sandbox/*.bpf: the system call filters of the workers (classic BPF, see seccomp(2)).

    python packaging/sandbox/filters.py

Run it after a change of what is allowed, and put the hashes that it prints into desktop_agent/sandbox/seccomp.py.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EPERM, ENOSYS = 1, 38
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000
"""The bit of an x86-64 call's number that means the x32 interface: other numbers, the same calls."""
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
LOAD, EQUAL, GREATER_EQUAL, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06

Instruction = tuple[int, int, int, int]
"""Code, how many instructions to skip if true, if false, and the operand."""


@dataclass(frozen=True)
class OneOf:
    """An argument must be one of these; its upper half, where the kernel looks at it, 0."""

    argument: int
    values: tuple[int, ...]
    wide: bool = False


@dataclass(frozen=True)
class Bits:
    """The lower half of an argument must have all bits of `needed` and none beside those of `allowed`."""

    argument: int
    allowed: int
    needed: int = 0


Rule = OneOf | Bits

_THREAD, _THREAD_FLAGS = 0x10000, 0x7D0F00
"""CLONE_THREAD, and all that a C library starts a thread with."""
_NAMESPACES = 0x7E020080
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWTIME."""
_READ_WRITE = 0x3 | 0x01000000 | 0x02000000
"""Memory that is never executed; PROT_GROWSDOWN and PROT_GROWSUP come along."""
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_STREAM_OR_DATAGRAM = tuple(kind | flag for kind in (1, 2, 3) for flag in (0, 0x800, 0x80000, 0x80800))
"""SOCK_STREAM, SOCK_DGRAM and, for netlink, SOCK_RAW, with SOCK_NONBLOCK and SOCK_CLOEXEC or without."""
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

COMPUTING = """
    brk clock_getres clock_gettime clock_nanosleep close dup dup2 dup3 exit exit_group fstat futex getegid geteuid
    getgid getpid getppid getrandom getrusage gettid gettimeofday getuid lseek madvise membarrier mremap munmap
    nanosleep poll ppoll pread64 preadv pselect6 read readv restart_syscall rseq rt_sigaction rt_sigprocmask
    rt_sigreturn sched_getaffinity sched_yield select set_robust_list set_tid_address sigaltstack sysinfo time
    times write writev
"""
WAITING = "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd2"
"""What WebAssembly's host waits with."""
ALLOWED_IF: dict[str, tuple[Rule, ...]] = {
    "clone": (Bits(0, _THREAD_FLAGS, _THREAD),),
    "mmap": (Bits(2, _READ_WRITE),),
    "mprotect": (Bits(2, _READ_WRITE),),
    "fcntl": (OneOf(1, (0, 1, 2, 3, 4, 1030)),),  # dup, descriptor flags, status flags, dup with close on exec
    "ioctl": (OneOf(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),),  # TCGETS, window size, FIONREAD, FIO…
    "prctl": (OneOf(0, (15, 16)),),  # a thread's name
    "prlimit64": (OneOf(0, (0,)), OneOf(2, (0,), wide=True)),  # what are my limits
}
NOT_PERMITTED = (
    "socket socketpair connect bind execve execveat fork vfork clone kill tkill tgkill mmap mprotect fcntl prctl"
)
"""Refused with EPERM, which programs understand better than that there is no such call."""

DENIED = """
    acct add_key adjtimex bpf chroot clock_adjtime clock_settime create_module delete_module fanotify_init
    fanotify_mark finit_module fsconfig fsmount fsopen fspick init_module ioperm iopl kcmp kexec_file_load
    kexec_load keyctl lookup_dcookie mbind memfd_secret migrate_pages mount mount_setattr move_mount move_pages
    name_to_handle_at nfsservctl open_by_handle_at open_tree perf_event_open personality pidfd_getfd pivot_root
    process_madvise process_mrelease process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot
    request_key set_mempolicy setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare
    uselib userfaultfd ustat vhangup vmsplice
"""
MISSING = "clone3 io_setup io_uring_enter io_uring_register io_uring_setup"
"""Denied as if the kernel were older, so that programs take the other way: clone, whose flags can be looked at."""
DENIED_UNLESS: dict[str, tuple[Rule, ...]] = {"clone": (Bits(0, 0xFFFFFFFF & ~_NAMESPACES),)}
NO_NETWORK: dict[str, tuple[Rule, ...]] = {"socket": (OneOf(0, ()),), "socketpair": (OneOf(0, (_UNIX,)),)}
NETWORK: dict[str, tuple[Rule, ...]] = {
    # No AF_UNIX: the network's namespace is the host's, and in it are the abstract sockets of the desktop, X11's too.
    "socket": (OneOf(0, (_INET, _INET6, _NETLINK)), OneOf(1, _STREAM_OR_DATAGRAM)),
    "socketpair": (OneOf(0, (_UNIX,)),),
}


def system_calls() -> dict[str, dict[str, int]]:
    """Return the numbers of the calls by architecture and name; a call that an architecture lacks is not there."""
    rows = [line.split() for line in (Path(__file__).parent / "system_calls.txt").read_text().splitlines()]
    columns = {"x86_64": 1, "aarch64": 2}
    return {name: {row[0]: int(row[at]) for row in rows if row[at] != "-"} for name, at in columns.items()}


def allow_list(architecture: str, allowed: str) -> bytes:
    """Return a filter that lets through what is named, and to everything else says that there is no such call."""
    numbers = system_calls()[architecture]
    body = _always(numbers, allowed.split(), ALLOW)
    body += _if(numbers, ALLOWED_IF, ERROR | EPERM)
    body += _always(numbers, set(NOT_PERMITTED.split()) - set(ALLOWED_IF), ERROR | EPERM)
    return _assembled(architecture, [*body, (RETURN, 0, 0, ERROR | ENOSYS)])


def deny_list(architecture: str, unless: Mapping[str, tuple[Rule, ...]]) -> bytes:
    """Return a filter that refuses what is named."""
    numbers = system_calls()[architecture]
    body = _always(numbers, MISSING.split(), ERROR | ENOSYS)
    body += _always(numbers, DENIED.split(), ERROR | EPERM)
    body += _if(numbers, {**DENIED_UNLESS, **unless}, ERROR | EPERM)
    body += _unless_equal(numbers["ioctl"], (_TIOCSTI, _TIOCLINUX))
    return _assembled(architecture, [*body, (RETURN, 0, 0, ALLOW)])


def _always(numbers: Mapping[str, int], names: Iterable[str], answer: int) -> list[Instruction]:
    present = sorted(numbers[name] for name in names if name in numbers)
    return [step for number in present for step in ((EQUAL, 0, 1, number), (RETURN, 0, 0, answer))]


def _if(numbers: Mapping[str, int], rules: Mapping[str, tuple[Rule, ...]], otherwise: int) -> list[Instruction]:
    """Return for each call: jump over if it is another one; look at its arguments; let through or refuse."""
    steps: list[Instruction] = []
    for name, wanted in sorted(rules.items()):
        if name in numbers:
            checks = [step for rule in wanted for step in _check(rule, otherwise)]
            steps += [(EQUAL, 0, len(checks) + 1, numbers[name]), *checks, (RETURN, 0, 0, ALLOW)]
    return steps


def _check(rule: Rule, otherwise: int) -> list[Instruction]:
    """Return steps that refuse, or go on behind themselves."""
    low = ARGUMENTS + 8 * rule.argument
    refuse: Instruction = (RETURN, 0, 0, otherwise)
    if isinstance(rule, Bits):
        stray = [(LOAD, 0, 0, low), (ANY_BIT, 0, 1, 0xFFFFFFFF & ~rule.allowed), refuse]
        return stray + [(AND, 0, 0, rule.needed), (EQUAL, 1, 0, rule.needed), refuse] * bool(rule.needed)
    upper = [(LOAD, 0, 0, low + 4), (EQUAL, 1, 0, 0), refuse] if rule.wide else []
    tests = [(EQUAL, len(rule.values) - at, 0, value) for at, value in enumerate(rule.values)]
    return [*upper, (LOAD, 0, 0, low), *tests, refuse]


def _unless_equal(number: int, values: tuple[int, ...]) -> list[Instruction]:
    """Return steps that refuse a call whose second argument is one of the values."""
    tests = [(EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [
        (EQUAL, 0, len(values) + 3, number),
        (LOAD, 0, 0, ARGUMENTS + 8),
        *tests,
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERROR | EPERM),
    ]


def _assembled(architecture: str, body: list[Instruction]) -> bytes:
    head: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[architecture]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if architecture == "x86_64":
        head += [(GREATER_EQUAL, 0, 1, X32), (RETURN, 0, 0, KILL)]
    return b"".join(struct.pack("<HBBI", *step) for step in [*head, *body])


def filters() -> dict[str, bytes]:
    """Return every filter by its file's name."""
    made = {}
    for architecture in ARCHITECTURES:
        made[f"python-{architecture}.bpf"] = allow_list(architecture, COMPUTING + WAITING)
        made[f"document-{architecture}.bpf"] = allow_list(architecture, COMPUTING)
        made[f"server-{architecture}.bpf"] = deny_list(architecture, NO_NETWORK)
        made[f"server-network-{architecture}.bpf"] = deny_list(architecture, NETWORK)
    return made


if __name__ == "__main__":
    for name, program in filters().items():
        (ROOT / "resources" / "sandbox" / name).write_bytes(program)
        print(f'    "{name}": "{hashlib.sha256(program).hexdigest()}",')
