"""MCP servers in their cages: real ones do their work, a hostile one gets nothing. Judged by effect."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.records import McpServer
from desktop_agent.sandbox import bubblewrap
from desktop_agent.tools.mcp import definition
from desktop_agent.tools.mcp.clients import McpClients
from tests.conftest import MODELS
from tests.helpers.mcp_servers import FILES, MEMORY, MODERN, TIME, call, hostile, real_server, unconfined

CACHE = MODELS.parent / "mcp-servers"
CANARY = "canary-7d1f"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="servers are confined on Linux only")


@pytest.fixture(scope="session")
def time_server() -> tuple[str, ...]:
    return real_server(CACHE, TIME)


@pytest.fixture(scope="session")
def files_server() -> tuple[str, ...]:
    return real_server(CACHE, FILES)


@pytest.fixture(scope="session")
def memory_server() -> tuple[str, ...]:
    return real_server(CACHE, MEMORY)


class Host:
    """This computer, with a home that holds a secret, a folder to give, and servers."""

    def __init__(self, folder: Path) -> None:
        self.given = folder / "given"
        self.given.mkdir()
        (self.given / "letter.txt").write_text("Dear Ann")
        self.servers: list[McpServer] = []
        self.clients = McpClients(lambda: self.servers, lambda _server, name: f"secret-{name}")

    def add(self, *servers: McpServer) -> None:
        self.servers += servers

    def say(self, server: str, tool: str, **arguments: object) -> str:
        return call(self.clients, server, tool, **arguments)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    made = Host(tmp_path)
    yield made
    made.clients.close()


def test_the_cage_can_be_built_here():
    assert bubblewrap.fault() == "", "bubblewrap, Landlock and the filter must be there where tests run"


def test_the_time_server(host: Host, time_server: tuple[str, ...]):
    host.add(McpServer("time", (*time_server, "--local-timezone", "Europe/Berlin")))
    assert [tool.name for tool in host.clients.tools("time")] == ["time_convert_time", "time_get_current_time"]
    said = json.loads(host.say("time", "get_current_time", timezone="Asia/Tokyo"))
    assert said["datetime"].endswith("+09:00")


def test_the_files_server_reads_what_it_was_given_and_changes_nothing(host: Host, files_server: tuple[str, ...]):
    host.add(McpServer("files", (*files_server, str(host.given)), folders=(str(host.given),)))
    assert host.say("files", "read_text_file", path=f"{host.given}/letter.txt") == "Dear Ann"
    assert "EROFS" in host.say("files", "write_file", path=f"{host.given}/new.txt", content="x")
    assert [path.name for path in host.given.iterdir()] == ["letter.txt"]


def test_the_files_server_changes_what_it_may(host: Host, files_server: tuple[str, ...]):
    host.add(McpServer("files", (*files_server, str(host.given)), writable=(str(host.given),)))
    assert "Successfully wrote" in host.say("files", "write_file", path=f"{host.given}/new.txt", content="x")
    assert (host.given / "new.txt").read_text() == "x"


def test_the_memory_server_remembers_across_a_restart(host: Host, memory_server: tuple[str, ...]):
    place = (("MEMORY_FILE_PATH", f"{host.given}/memory.json"),)
    host.add(McpServer("memory", memory_server, environment=place, writable=(str(host.given),)))
    entity = {"name": "Ann", "entityType": "person", "observations": ["likes tea"]}
    assert "likes tea" in host.say("memory", "create_entities", entities=[entity])
    host.clients.stop("memory")
    assert "likes tea" in host.say("memory", "search_nodes", query="Ann")


def test_a_server_of_the_newest_protocol_says_that_its_tools_changed(host: Host):
    host.add(McpServer("modern", (sys.executable, str(MODERN))))
    assert json.loads(host.say("modern", "table")) == {"a": 1, "b": 2}
    assert host.say("modern", "grow") == "grown"
    deadline = time.monotonic() + 10
    while len(host.clients.known("modern")) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert host.say("modern", "grown") == "new"


def test_a_server_killed_while_it_is_used(host: Host, time_server: tuple[str, ...]):
    host.add(McpServer("time", time_server), hostile())
    host.clients.tools("time")
    host.clients.tools("hostile")
    threading.Timer(0.3, lambda: psutil.Process(host.clients.pid("hostile")).kill()).start()
    assert "is not running" in host.say("hostile", "hang")
    assert "datetime" in host.say("time", "get_current_time", timezone="UTC"), "the other one is none the worse"
    assert host.say("hostile", "echo", text="echo") == "echo", "and it is started again"


# What a hostile server tries. Each attempt is (tool, arguments); what counts as success is looked at on this side.


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "user"
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DESKTOP_AGENT_TEST_SECRET", CANARY)
    (home / ".ssh" / "id_rsa").write_text(CANARY)
    return home / ".ssh" / "id_rsa"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0.3)
        yield server


def reached(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


READING = {
    "a file of the home": "cat {secret}",
    "through /proc/1/root": "cat /proc/1/root{secret}",
    "through /proc/self/root": "cat /proc/self/root{secret}",
    "through an inherited descriptor": "cat /proc/self/fd/*/{secret} /proc/[0-9]*/cwd/{secret}",
    "through a link in the folder": "ln -s {secret} {given}/l; cat {given}/l",
    "through a hard link": "ln {secret} {given}/h; cat {given}/h",
    "dot dot": "cat {given}/../user/.ssh/id_rsa",
    "the folders above": "find /home /root /tmp -name id_rsa -exec cat {{}} +",
    "the program's environment": "cat /proc/[0-9]*/environ; env",
    "mounting": "mkdir -p /tmp/m; mount --bind / /tmp/m; mount -t proc p /tmp/m; cat /tmp/m{secret}",
    "a namespace of its own": "unshare -Urm sh -c 'mount --bind / /tmp; cat /tmp{secret}'",
    "chroot": "mkdir -p /tmp/c; chroot /tmp/c cat {secret}",
    "nsenter": "nsenter -t 1 -a cat {secret}; nsenter -t {pid} -m cat {secret}",
    "a device": "mknod /tmp/d b 8 0; mknod /tmp/d b 254 0; strings /tmp/d | grep -m1 canary; ls /dev/sd* /dev/vd*",
    "the memory of the program": "cat /proc/{pid}/environ /proc/{pid}/maps; ls /proc/{pid}/root/",
    "handles": "python3 -c 'import os; os.open(\"{secret}\", os.O_PATH)' && cat {secret}",
}


@pytest.mark.parametrize("attempt", READING)
def test_nothing_is_read_that_was_not_given(host: Host, secret: Path, attempt: str):
    host.add(hostile(writable=(str(host.given),)))
    command = READING[attempt].format(secret=secret, given=host.given, pid=os.getpid())
    assert CANARY not in host.say("hostile", "shell", command=command)


WRITING = {
    "beside the folder": "echo x > {outside}/new; echo x > {given}/../new",
    "a link out": "ln -s {outside} {given}/out; echo x > {given}/out/new",
    "renaming out": "touch {given}/r; mv {given}/r {outside}/new; mv {given} {given}2",
    "the program itself": "for f in {program}; do echo '#' >> $f; cp /bin/true $f; rm -f $f; done",
    "its own runtime": "for f in {runtime}; do echo '#' >> $f; chmod 777 $f; touch $f; done",
    "the system": "echo x > /usr/bin/new; echo x > /etc/new; echo x > /new; chmod 777 /usr/bin/env; touch /usr/bin/env",
    "the kernel": "cd /proc/sys; echo x > kernel/core_pattern; echo 0 > vm/swappiness; echo h > ../sysrq-trigger",
    "truncating": "truncate -s 0 {letter}; : > {letter}; chmod 777 {letter}; touch -d 2001-01-01 {letter}; rm {letter}",
}


@pytest.mark.parametrize("attempt", WRITING)
def test_nothing_is_changed_that_may_not_be(host: Host, tmp_path: Path, attempt: str):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter.txt").write_text(CANARY)
    program, runtime = bubblewrap.__file__, os.path.realpath(sys.executable)
    watched = (
        outside / "letter.txt",
        outside,
        tmp_path,
        Path(program),
        Path(runtime),
        Path("/usr/bin/env"),
        Path("/usr/bin"),
    )

    def look() -> list[tuple[int, int, int, int]]:
        return [(s.st_mode, s.st_mtime_ns, s.st_size, s.st_ino) for s in (path.stat() for path in watched)]

    host.add(hostile(folders=(str(outside),), writable=(str(host.given),)))
    host.say("hostile", "pid")
    before = look()
    names = {
        "given": host.given,
        "outside": outside,
        "program": program,
        "runtime": runtime,
        "letter": outside / "letter.txt",
    }
    host.say("hostile", "shell", command=WRITING[attempt].format(**names))
    assert look() == before
    assert (outside / "letter.txt").read_text() == CANARY
    assert [path.name for path in outside.iterdir()] == ["letter.txt"]


def test_what_runs_by_itself_is_not_changed_in_a_folder_that_may_be(host: Host):
    files = [host.given / name for name in (".git/hooks/pre-commit", "work/project/.vscode/tasks.json", ".bashrc")]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(CANARY)
    host.add(hostile(writable=(str(host.given),)))
    for path in files:
        host.say("hostile", "shell", command=f"echo x > {path}; rm -f {path}; mv {path} {path}2; mv {path.parent} /tmp")
    host.say(
        "hostile", "shell", command=f"cd {host.given}; rm -rf .git .bashrc work/project/.vscode; echo ok > new.txt"
    )
    assert [path.read_text() for path in files] == [CANARY] * 3
    assert (host.given / "new.txt").read_text() == "ok\n"


def test_nobody_is_called(host: Host, listener: socket.socket):
    host.add(hostile())
    port = listener.getsockname()[1]
    host.say("hostile", "connect", host="127.0.0.1", port=port)
    host.say("hostile", "shell", command=f"exec 3<>/dev/tcp/127.0.0.1/{port}; curl -m1 http://127.0.0.1:{port}")
    assert not reached(listener)


def test_with_the_network_somebody_is(host: Host, listener: socket.socket):
    host.add(hostile(network=True))
    assert host.say("hostile", "connect", host="127.0.0.1", port=listener.getsockname()[1]) == "connected"
    assert reached(listener)


@pytest.mark.parametrize("network", [False, True])
@pytest.mark.parametrize("kind", ["abstract", "path"])
def test_no_socket_of_the_desktop_is_reached(host: Host, tmp_path: Path, network: bool, kind: str):
    name = f"@desktop-agent-{os.getpid()}" if kind == "abstract" else str(tmp_path / "bus")
    with closing(socket.socket(socket.AF_UNIX)) as bus:
        bus.bind(name.replace("@", "\0", 1))
        bus.listen()
        bus.settimeout(0.3)
        host.add(hostile(network=network))
        said = host.say("hostile", "connect_to_path", path=name)
        assert not reached(bus)
        assert "Operation not permitted" in said, "the filter refuses it, also where Landlock knows no scopes yet"


def test_the_environment_holds_what_was_given_and_no_more(host: Host, secret: Path):
    host.add(hostile(environment=(("A", "b"), ("LD_LIBRARY_PATH", "/nowhere")), secrets=("TOKEN",)))
    seen = json.loads(host.say("hostile", "environment"))
    assert set(seen) - {"PWD", "SHLVL", "_", "LC_CTYPE"} == {
        *("HOME", "LANG", "PATH", "TMPDIR", "USER", "A", "LD_LIBRARY_PATH", "TOKEN")
    }
    assert seen["TOKEN"] == "secret-TOKEN"
    command = psutil.Process(host.clients.pid("hostile")).cmdline()
    assert not any("secret-TOKEN" in word for word in command), "command lines can be read by everybody"


def test_a_process_left_behind_dies_with_its_server(host: Host):
    host.add(hostile(writable=(str(host.given),)))
    beat = host.given / "beat"
    assert host.say("hostile", "outlive", path=str(beat)) == "left"
    _beats(beat)
    host.clients.stop("hostile")
    assert not _goes_on(beat)


@pytest.mark.parametrize("how", ["SIGKILL", "exit"])
def test_a_process_left_behind_dies_with_this_program(host: Host, how: str):
    beat = host.given / "beat"
    end = "os.kill(os.getpid(), 9)" if how == "SIGKILL" else "os._exit(0)"
    program = f"""
import os, sys
from desktop_agent.tools.mcp import definition
from desktop_agent.tools.mcp.clients import McpClients
from tests.helpers.mcp_servers import call, hostile
server = hostile(writable=({str(host.given)!r},))
clients = McpClients(lambda: [server], lambda s, n: "")
assert call(clients, "hostile", "outlive", path={str(beat)!r}) == "left"
while not os.path.exists({str(beat)!r}): pass
{end}
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    _beats(beat)
    assert not _goes_on(beat)


def _beats(beat: Path) -> None:
    deadline = time.monotonic() + 10
    while not beat.exists():
        assert time.monotonic() < deadline, "the attempt itself does not work"
        time.sleep(0.02)


def _goes_on(beat: Path) -> bool:
    time.sleep(0.5)
    last = beat.read_text()
    time.sleep(0.5)
    return beat.read_text() != last


def test_a_fork_bomb_is_put_out(host: Host):
    host.add(hostile())
    host.say("hostile", "pid")
    before, started = len(psutil.pids()), time.monotonic()
    assert "it started more than 64 processes" in host.say("hostile", "bomb")
    assert time.monotonic() - started < 20
    deadline = time.monotonic() + 5
    while len(psutil.pids()) > before + 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(psutil.pids()) <= before + 20


def test_one_that_swallows_memory_is_ended(host: Host):
    host.add(hostile())
    host.say("hostile", "pid")
    assert "memory" in host.say("hostile", "swallow")


def test_its_scratch_is_bounded(host: Host):
    host.add(hostile())
    assert "No space left" in host.say("hostile", "fill", path="/tmp/x")  # noqa: S108 -- its own
    assert "OSError" in host.say("hostile", "fill", path="/dev/shm/x")  # noqa: S108 -- its own


def test_a_folder_that_became_a_link_is_not_given(host: Host, tmp_path: Path):
    host.add(hostile(folders=(str(host.given),)))
    host.given.rename(tmp_path / "moved")
    (tmp_path / "given").symlink_to("/etc")
    assert "is not there, or is a link now" in _fault(host)


def test_without_bubblewrap_a_server_is_off(host: Host, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bubblewrap, "BWRAP", "/nonexistent/bwrap")
    host.add(hostile())
    assert "MCP servers are off: /nonexistent/bwrap is not there" in _fault(host)
    assert host.clients.pid("hostile") == 0


def test_where_bubblewrap_is_refused_a_server_is_off(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "BWRAP", str(refusing))
    host.add(hostile())
    assert "MCP servers are off: the system refused" in (told := _fault(host))
    assert "setting up uid map: Permission denied" in told
    assert "setting up uid map" in bubblewrap.fault()


def test_without_landlock_a_server_is_off(host: Host, monkeypatch: pytest.MonkeyPatch):
    # The launcher asks the kernel itself, so it gets a filter under which there is no Landlock.
    monkeypatch.setattr(bubblewrap, "_filter", lambda _network: _without_landlock())
    host.add(hostile())
    assert "has no Landlock" in _fault(host)
    assert "has no Landlock" in bubblewrap.fault()


def _without_landlock() -> bytes:
    """A filter that answers landlock_create_ruleset as an old kernel does."""
    import struct

    steps = ((0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | 38), (0x06, 0, 0, 0x7FFF0000))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _fault(host: Host) -> str:
    with pytest.raises(UserFacingError) as refused:
        host.clients.tools("hostile")
    return str(refused.value)


def test_the_attempts_work_where_nothing_confines_them(
    host: Host, secret: Path, listener: socket.socket, tmp_path: Path
):
    """The control: an attempt that never works would prove nothing."""
    server = hostile(writable=(str(host.given),))
    with closing(McpClients(lambda: [server], lambda _s, _n: "", launch=unconfined)) as free:
        names = {"secret": secret, "given": host.given, "pid": os.getpid()}
        got = {
            attempt: CANARY in call(free, "hostile", "shell", command=command.format(**names))
            for attempt, command in READING.items()
        }
        assert sum(got.values()) >= 8, got
        assert call(free, "hostile", "connect", host="127.0.0.1", port=listener.getsockname()[1]) == "connected"
        assert call(free, "hostile", "write", path=str(tmp_path / "new")) == "written"
        assert "OSError" not in call(free, "hostile", "look", path="/")


def test_what_npx_would_fetch_is_installed_and_runs(home: Paths):
    server = McpServer("fetched", ("npx", "-y", MEMORY))
    made = definition.checked(server, Path, home.programs, threading.Event())
    assert made.command == (f"{home.programs}/fetched/node_modules/.bin/mcp-server-memory",)
    with closing(McpClients(lambda: [made], lambda _s, _n: "")) as clients:
        assert "fetched_read_graph" in [tool.name for tool in clients.tools("fetched")]
