"""Downloads that are killed, and those that people watch: the real command, a server on loopback."""

import hashlib
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_agent.paths import Paths
from tests.helpers.fake_models import MIB, wheel
from tests.helpers.hub_server import Hub, hub_server
from tests.helpers.package_index import Index, package_index
from tests.helpers.pull_toy import PACKAGES

DATA = random.Random(11).randbytes(24 * MIB + 77)  # noqa: S311
BLOCK = MIB
KILLS = 10
STEP = 2 * MIB
"""How much each of them gets to download."""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder."""
    monkeypatch.setenv("DESKTOP_AGENT_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def pull(kind: str, data: bytes, *options: str) -> "subprocess.Popen[str]":
    arguments = [kind, str(len(data)), hashlib.sha256(data).hexdigest(), *options]
    command = [sys.executable, "-m", "tests.helpers.pull_toy", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill_when(process: "subprocess.Popen[str]", ready: Callable[[], bool]) -> None:
    """Let it work until something has come true, then kill it as `kill -9` does."""
    deadline = time.monotonic() + 60
    while not ready():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the download does not come along"
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub_server(DATA) as hub:
        hub.rate, hub.etag = 8 * MIB, '"v1"'
        yield hub


def test_kill_9_ten_times_and_no_byte_twice_beyond_a_block(folder: Path, server: Hub) -> None:
    part = folder / "toy.gguf.part"
    for _ in range(KILLS):
        had = size_of(part)
        kill_when(pull("hub", DATA, "--endpoint", server.url), lambda had=had: size_of(part) >= had + STEP)
        assert not (folder / "toy.gguf").exists()
    last = pull("hub", DATA, "--endpoint", server.url)
    out, err = last.communicate(timeout=60)
    assert (last.returncode, out) == (0, f"toy is here: {folder / 'toy.gguf'}\n"), err
    assert (folder / "toy.gguf").read_bytes() == DATA
    assert sorted(path.name for path in folder.iterdir()) == [".toy.gguf.lock", "toy.gguf"]
    assert len(server.served) == KILLS + 1
    for earlier, later in zip(server.served, server.served[1:], strict=False):
        assert 0 <= earlier.start + earlier.sent - later.start <= BLOCK, "the next one goes on where this one ended"
    print(f"served {server.sent:,} bytes of {len(DATA):,}: {server.sent - len(DATA):,} twice, in {KILLS} kills")
    assert server.sent - len(DATA) <= KILLS * BLOCK


PARTS = [bytes([n]) * MIB for n in (1, 2, 3)] + [b"\4" * 1000]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A package index on loopback that is pip's only source."""
    shelf = tmp_path / "shelf"
    for number, data in enumerate(PARTS, 1):
        wheel(shelf, f"toy_part{number}", PACKAGES.member.format(n=number), data)
    with package_index(shelf) as found:
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_FIND_LINKS", "")
        monkeypatch.setenv("PIP_INDEX_URL", found.url)
        yield found


def test_kill_9_between_packages_and_no_package_twice_beyond_the_one_on_its_way(folder: Path, index: Index) -> None:
    data = b"".join(PARTS)
    for number in range(1, len(PARTS) + 1):
        index.holds = f"toy_part{number}"
        kill_when(pull("packages", data), lambda number=number: index.fetched.count(f"toy_part{number}") > 0)
        assert size_of(folder / "toy.gguf.part") == (number - 1) * MIB
    index.holds = ""
    last = pull("packages", data)
    err = last.communicate(timeout=120)[1]
    assert last.returncode == 0, err
    assert (folder / "toy.gguf").read_bytes() == data
    counts = [index.fetched.count(f"toy_part{number}") for number in range(1, len(PARTS) + 1)]
    assert counts == [2, 2, 2, 2], "each was killed once while it was on its way"


def test_a_log_says_how_fast_it_goes_and_how_long_it_takes(folder: Path, server: Hub) -> None:
    process = pull("hub", DATA, "--endpoint", server.url)
    lines = process.communicate(timeout=60)[1].splitlines()
    assert lines[0] == "Downloading toy: 0 % of 25 MB"
    assert len(lines) == 5
    for line in lines[1:4]:
        assert " % of 25 MB, " in line
        assert " MB/s, " in line
        assert line.endswith(" s left")


def test_a_log_says_why_it_waits(folder: Path, server: Hub) -> None:
    server.statuses, server.rate = [503], 0
    lines = pull("hub", DATA, "--endpoint", server.url).communicate(timeout=60)[1].splitlines()
    assert lines[0] == "Downloading toy: the model hub asks to come back later (error 503); again in 1 s"


def test_what_is_no_address_is_refused(home: Paths, folder: Path) -> None:
    process = pull("hub", DATA, "--endpoint", "hub.example.org")
    err = process.communicate(timeout=60)[1]
    assert process.returncode == 5
    assert err == "hub.example.org is not the address of a mirror. It looks like https://hub.example.org.\n"
