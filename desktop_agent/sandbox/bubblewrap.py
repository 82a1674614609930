"""A cage for a native program that is not ours: /usr/bin/bwrap with a file system of its own, and inside Landlock.

What it sees: /usr and a few files of /etc; what its runtime is made of (see `runtimes`); the folders it was given, at
their own paths; an empty /tmp, /proc of its own processes, and six devices. What it does not: the home, other
processes, the network unless allowed. It keeps no capability, gains none, and dies with this program.
"""

import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox import runtimes, seccomp, server_launch

BWRAP = "/usr/bin/bwrap"
"""Only the system's: AppArmor's profile on Ubuntu allows no other one to make namespaces."""
HOME = "/tmp/home"  # noqa: S108 -- inside the cage, where /tmp is its own
_SCRATCH_BYTES = 256 << 20
_PROGRAM = "/run/desktop-agent"
_ETC = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone", "mime.types"),
    *("ssl/openssl.cnf", "python3", "java", "fonts"),
)
_ETC_NETWORK = (
    *("resolv.conf", "hosts", "nsswitch.conf", "host.conf", "gai.conf", "services", "protocols"),
    *("ssl/certs", "ca-certificates", "pki/tls/certs", "pki/ca-trust/extracted"),
)
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_PROBE_SECONDS = 10.0
_INSTALL = "Install the package bubblewrap and start Desktop Agent again."


@dataclass(frozen=True)
class Cage:
    """A program and what it may have: values of its environment, folders to read, folders to change, the network.

    `shielded` lies in the folders to change, and stays as it is.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    shielded: tuple[str, ...] = ()
    network: bool = False


@dataclass(frozen=True)
class Start:
    """What to start a process with; the descriptors are closed when `prepared` ends."""

    arguments: list[str]
    pass_fds: tuple[int, ...]


@contextmanager
def prepared(cage: Cage) -> Iterator[Start]:
    """Yield how to start a program in a cage. The environment of the process itself is to be empty.

    Raises UserFacingError when the program or a folder is not there, or this system cannot build a cage.
    """
    if fault := missing():
        raise UserFacingError(fault)
    runtime = runtimes.find(cage.command)
    given = [(_true_folder(path), path in cage.writable) for path in sorted({*cage.readable, *cage.writable})]
    launcher, launcher_parts = _launcher()
    with ExitStack() as stack:
        parts = [*runtime.parts, *launcher_parts]
        users = _held(stack, f"user:x:{os.getuid()}:{os.getgid()}::{HOME}:/bin/sh\n".encode())
        rules = _held(stack, _filter(cage.network))
        told = _held(stack, json.dumps(_told(cage, runtime, parts, given)).encode())
        view = _system(cage.network) + _own() + _read_only(parts) + _given(given) + _shielded(cage)
        view += ["--ro-bind-data", str(users), "/etc/passwd", "--remount-ro", "/"]
        arguments = [BWRAP, *_flags(cage.network), *view, "--seccomp", str(rules), "--", *launcher, str(told)]
        yield Start(arguments, (users, rules, told))


def missing() -> str:
    """Return why no program can be caged here, as far as can be seen without trying; nothing when it may be."""
    if sys.platform != "linux":
        return "MCP servers are off: this system cannot confine them."
    if not os.access(BWRAP, os.X_OK):
        return f"MCP servers are off: {BWRAP} is not there. {_INSTALL}"
    if not Path("/proc/thread-self/children").exists():  # without it their processes and memory cannot be counted
        return "MCP servers are off: this kernel does not tell which processes a program started."
    return ""


def fault() -> str:
    """Return why no program can be caged here, after trying it with one that does nothing; nothing when all is well."""
    try:
        with prepared(Cage(("/bin/true",))) as start:
            ran = subprocess.run(
                start.arguments,
                pass_fds=start.pass_fds,
                env={},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PROBE_SECONDS,
                check=False,
            )
    except (UserFacingError, OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if ran.returncode == 0:
        return ""
    complaint = ran.stderr.decode("utf-8", "replace")
    return refusal(ran.returncode, complaint) or f"MCP servers are off: the cage failed ({complaint.strip()[-200:]})."


def refusal(code: int, complaint: str) -> str:
    """Return a sentence for a cage that could not be built; nothing when the program itself ended with this code."""
    last = (complaint.strip().splitlines() or [""])[-1][:300]
    if code == server_launch.NO_LANDLOCK:
        return "MCP servers are off: the system has no Landlock, which is needed to confine them."
    if code == server_launch.FAILED:
        return f"The system refused to start the server: {last}."
    if last.startswith("bwrap:"):
        return f"MCP servers are off: the system refused {BWRAP} ({last.removeprefix('bwrap:').strip()})."
    return ""


def _flags(network: bool) -> list[str]:
    flags = ["--unshare-all", *(["--share-net"] if network else []), "--unshare-user", "--die-with-parent"]
    return [*flags, "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "desktop-agent"]


def _system(network: bool) -> list[str]:
    """Return the view's ground: the operating system, without what belongs to its users."""
    view = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for name in _MERGED:
        top = Path("/", name)
        if top.is_symlink():
            view += ["--symlink", str(top.readlink()), str(top)]
        elif top.is_dir():
            view += ["--ro-bind", str(top), str(top)]
    for name in (*_ETC, *(_ETC_NETWORK if network else ())):
        view += ["--ro-bind-try", os.path.realpath(f"/etc/{name}"), f"/etc/{name}"]
    return [*view, "--size", str(_SCRATCH_BYTES), "--tmpfs", "/tmp", "--dir", HOME]  # noqa: S108 -- the cage's own


def _own() -> list[str]:
    """Return the mounts of the part of this program that starts the server."""
    sources = {"__init__.py": Path(__file__).parents[1] / "__init__.py", "sandbox": Path(__file__).parent}
    return [word for to, path in sources.items() for word in ("--ro-bind", str(path), f"{_PROGRAM}/desktop_agent/{to}")]


def _read_only(parts: Sequence[Path]) -> list[str]:
    """Return the mounts of a runtime, outer folders first so that none hides another."""
    view = []
    for part in sorted(parts):
        if not part.is_relative_to("/usr"):
            view += ["--ro-bind", str(part), str(part)]
    return view


def _given(folders: Sequence[tuple[str, bool]]) -> list[str]:
    return [word for path, writable in folders for word in ("--bind" if writable else "--ro-bind", path, path)]


def _shielded(cage: Cage) -> list[str]:
    return [word for path in cage.shielded for word in ("--ro-bind-try", path, path)]


def _true_folder(path: str) -> str:
    """Return the path if it is a folder and no link leads to it: another one may have been put in its place."""
    if not Path(path).is_dir() or os.path.realpath(path) != path:
        raise UserFacingError(
            f"The server's folder '{path}' is not there, or is a link now.", "Change the server's folders."
        )
    return path


def _told(
    cage: Cage, runtime: runtimes.Runtime, parts: Sequence[Path], given: Sequence[tuple[str, bool]]
) -> dict[str, object]:
    """Return what `server_launch` needs to know; Landlock grants again what is mounted, and nothing else."""
    system = ["/usr", "/etc", "/proc", "/tmp", *(f"/{name}" for name in _MERGED if Path("/", name).is_dir())]  # noqa: S108
    own = {"HOME": HOME, "TMPDIR": "/tmp", "PATH": runtime.search, "LANG": "C.UTF-8", "USER": "user"}  # noqa: S108
    return {
        "command": runtime.command,
        "environment": {**own, **cage.environment},
        "folder": HOME,
        "read": [*system, "/dev", *map(str, parts), *(path for path, _ in given)],
        "write": ["/tmp", *(f"/dev/{name}" for name in _DEVICES), *(path for path, write in given if write)],  # noqa: S108
        "network": cage.network,
    }


def _launcher() -> tuple[list[str], list[Path]]:
    """Return the command that confines itself further and becomes the program, and what it needs to see.

    It is the bare interpreter: without the program's libraries it starts in a fifth of the time.
    """
    python = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    libraries = (python.parent.parent / "lib").glob("libpython3*.so*")
    boot = (
        f"import sys; sys.path.insert(0, {_PROGRAM!r}); from desktop_agent.sandbox import server_launch as s; s.main()"
    )
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    return [str(python), "-I", "-S", "-B", "-c", boot], [python, *map(Path, standard), *libraries]


def _filter(network: bool) -> bytes:
    try:
        return seccomp.filter_program("server-network" if network else "server")
    except seccomp.WrongFilter as error:
        raise UserFacingError(f"MCP servers are off: {error} ({platform.machine()}).") from error


def _held(stack: ExitStack, data: bytes) -> int:
    """Return a descriptor to read the data from, open until the stack ends."""
    descriptor = os.memfd_create("desktop-agent")
    stack.callback(os.close, descriptor)
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
