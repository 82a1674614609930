"""Whatever happens to the index's folder, the program starts, says so, and soon answers as before."""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from tests.helpers.indexed import Scatter, Turns

COUNT = 1100
"""Chroma writes its vector files after a thousand."""
FILES = ("chroma.sqlite3", "data_level0.bin", "header.bin", "index_metadata.pickle", "length.bin", "link_lists.bin")


class Kept:
    """An index that was closed in order, and what it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.turns = Turns(COUNT)
        self.reports: list[str] = []
        dense = self.ready(folder)
        self.questions = [turn.text for turn in self.turns.get(sorted(self.turns.ids())[:20])]
        self.answers = self.answered(dense)
        dense.close()

    def ready(self, folder: Path) -> Dense:
        idle = threading.Event()
        idle.set()
        self.reports.clear()
        dense = Dense.open(LocalPlace(folder), Scatter(), self.turns, idle, self.reports.append)
        dense.reconcile()
        assert dense.drain(60)
        return dense

    def answered(self, dense: Dense) -> list[list[str]]:
        return [[id_ for id_, _ in dense.search(question, 5)["other"]] for question in self.questions]

    def mends(self, folder: Path) -> None:
        """Check that an index over this folder says one thing, and answers as before."""
        dense = self.ready(folder)
        try:
            assert self.answered(dense) == self.answers
            assert dense.state().problem == ""
            assert dense.state().indexed == COUNT
            assert len(self.reports) == 1, self.reports
        finally:
            dense.close()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept") / "index")


@pytest.fixture
def folder(kept: Kept, tmp_path: Path) -> Path:
    shutil.copytree(kept.folder, tmp_path / "index")
    return tmp_path / "index"


def ruined(folder: Path, name: str) -> Path:
    (path,) = (path for path in folder.rglob(name))
    return path


def with_random_bytes(data: bytes) -> bytes:
    changed = bytearray(data)
    dice = random.Random(2)  # noqa: S311 -- no secret
    for at in dice.sample(range(len(data)), max(1, len(data) // 10)):
        changed[at] ^= dice.randrange(1, 256)
    return bytes(changed)


def test_an_unharmed_copy_says_nothing(kept: Kept, folder: Path) -> None:
    dense = kept.ready(folder)
    assert kept.answered(dense) == kept.answers
    assert kept.reports == []
    dense.close()


def test_deleted(kept: Kept, folder: Path) -> None:
    shutil.rmtree(folder)
    kept.mends(folder)
    assert "being built from your conversations" in kept.reports[0]


@pytest.mark.parametrize("name", FILES)
def test_truncated(kept: Kept, folder: Path, name: str) -> None:
    path = ruined(folder, name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    kept.mends(folder)
    assert "damaged and is being built again" in kept.reports[0]


def test_random_bytes_in_every_file(kept: Kept, folder: Path) -> None:
    for name in FILES:
        path = ruined(folder, name)
        path.write_bytes(with_random_bytes(path.read_bytes()))
    for name in ("closed-cleanly", "chromadb-version"):
        path = ruined(folder, name)
        path.write_bytes(with_random_bytes(path.read_bytes()))
    kept.mends(folder)
    assert "damaged and is being built again" in kept.reports[0]


@pytest.mark.parametrize("name", FILES[:4])
def test_damaged_while_no_clean_exit_was_noted(kept: Kept, folder: Path, name: str) -> None:
    ruined(folder, "closed-cleanly").unlink()
    path = ruined(folder, name)
    path.write_bytes(with_random_bytes(path.read_bytes()[:100]) + path.read_bytes()[100:])
    dense = kept.ready(folder)
    assert kept.answered(dense) == kept.answers
    dense.close()


def test_deleted_while_it_is_open(kept: Kept, folder: Path) -> None:
    dense = kept.ready(folder)
    shutil.rmtree(folder)
    later = kept.turns.say("said after the folder went", "0" * 32)
    dense.queue([later])
    dense.drain(60)
    dense.reconcile()
    assert dense.drain(60)
    assert kept.answered(dense) == kept.answers
    assert dense.search("said after the folder went", 1)["other"][0][0] == later
    dense.close()
    kept.turns.gone([later])


ORDINARY = """
import json, os, sys, tempfile, threading
from pathlib import Path
from desktop_agent.memory import dense, local
from tests.helpers.indexed import Scatter, Turns

def opened(folder, turns):
    index = dense.Dense.open(local.LocalPlace(folder), Scatter(), turns, idle, reports.append)
    index.reconcile()
    return index

folder, idle, turns, reports = Path(sys.argv[1]), threading.Event(), Turns(int(sys.argv[2])), []
idle.set()
with tempfile.TemporaryDirectory() as name:  # whatever is imported late is not within everybody's reach
    for _ in range(2):
        opened(Path(name), Turns()).close()
if os.getuid() == 0:  # for root, permissions mean nothing
    os.setgid(65534)
    os.setuid(65534)
if sys.argv[3] == "False":
    def refused(*_args, **_more):
        raise PermissionError(13, "Permission denied")
    Path.chmod = os.chmod = refused
index = opened(folder, turns)
drained = index.drain(60)
first = sorted(turns.ids())[0]
hits = index.search(turns.get([first])[0].text, 1)
found = [id_ for part in hits.values() for id_, cosine in part if cosine > 0.99] == [first]
state = index.state()
index.close()
print(json.dumps({"reports": reports, "found": found, "drained": drained, "problem": state.problem}))
"""


@pytest.fixture
def owned() -> Iterator[Path]:
    """Yield a folder that an ordinary account owns and reaches, which pytest's own are not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        inner = Path(name, "home")
        inner.mkdir()
        if os.getuid() == 0:
            os.chown(inner, 65534, 65534)
        yield inner
        for path in (inner, *inner.rglob("*")):
            path.chmod(0o700)


def as_ordinary_account(folder: Path, chmod: bool = True) -> dict[str, Any]:
    """Open and fill an index with the rights of an ordinary account, and return what came of it."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", ORDINARY, str(folder), "40", str(chmod)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def lock(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o500 if path.is_dir() else 0o400)
    folder.chmod(0o500)


def test_made_read_only_by_its_owner(owned: Path) -> None:
    folder = owned / "index"
    assert as_ordinary_account(folder)["found"]
    lock(folder)
    report = as_ordinary_account(folder)
    assert report == {"reports": [], "found": True, "drained": True, "problem": ""}


def test_read_only_in_part(owned: Path) -> None:
    """What this account may not write, and not make writable, is left aside."""
    folder = owned / "index"
    as_ordinary_account(folder)
    (index,) = folder.glob("turns-*")
    lock(index)
    report = as_ordinary_account(folder, chmod=False)
    assert report["found"]
    assert len(report["reports"]) == 1
    assert "damaged and is being built again" in report["reports"][0]
    assert as_ordinary_account(folder, chmod=False) == {"reports": [], "found": True, "drained": True, "problem": ""}


def test_read_only_for_good(owned: Path) -> None:
    folder = owned / "index"
    as_ordinary_account(folder)
    lock(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = as_ordinary_account(folder, chmod=False)
    assert not report["found"]
    assert len(report["reports"]) == 1
    said = f"The memory index cannot be written in {folder}: Permission denied. No text is lost. "
    assert report["reports"][0] == f"{said}Meanwhile memory goes by words."
    assert report["problem"] == report["reports"][0]
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FULL = """
import json, resource, sys, threading
from pathlib import Path
from desktop_agent.memory import dense, local
from tests.helpers.indexed import Scatter, Turns

def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def found(text):
    return [id_ for part in index.search(text, 1).values() for id_, cosine in part if cosine > 0.99]

idle = threading.Event()
idle.set()
turns, reports = Turns(200), []
place = local.LocalPlace(Path(sys.argv[1]))
index = dense.Dense.open(place, Scatter(), turns, idle, reports.append)
index.reconcile()
assert index.drain(60)
old = sorted(turns.ids())[0]
del reports[:]

room(400_000)
index.queue([turns.say(f"later {number}") for number in range(400)])
assert not index.drain(60)
assert len(reports) == 1 and "File too large" in reports[0], reports
assert found(turns.get([old])[0].text) == [old], "what is there is still found"
state = index.state()
assert state.problem == reports[0] and state.indexed < state.total, state
index.close()

index = dense.Dense.open(place, Scatter(), turns, idle, reports.append)
assert len(reports) == 2 and reports[0] == reports[1], reports
assert found("later 3") == []
room(resource.RLIM_INFINITY)
index.reconcile()
assert index.drain(60)
assert found("later 3") and found("later 399") and found(turns.get([old])[0].text) == [old]
assert index.state().problem == "" and index.state().indexed == 600, index.state()
index.close()
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: both end a write with an error of the system."""
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", FULL, str(tmp_path / "index")]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
