import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.memory import index as index_module
from desktop_agent.memory.index import IndexFailed, VectorIndex, collection_name
from tests.unit.memory.conftest import Diary

DIMENSIONS = 32
KILLED = """
import os, random, signal, sys
from pathlib import Path
from desktop_agent.memory.index import VectorIndex
index = VectorIndex.open(Path(sys.argv[1]), "e")
for number in range(50):
    index.add([f"killed{number}"], [[random.random() for _ in range(32)]], ["c"])
os.kill(os.getpid(), signal.SIGKILL)
"""


def vectors(count: int) -> list[list[float]]:
    dice = random.Random(0)  # noqa: S311 -- no secret
    return [[dice.gauss(0, 1) for _ in range(DIMENSIONS)] for _ in range(count)]


def filled(folder: Path, count: int) -> None:
    index = VectorIndex.open(folder, "e")
    index.add([str(number) for number in range(count)], vectors(count), ["chat"] * count)
    index.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    made = VectorIndex.open(tmp_path / "index", "e")
    yield made
    made.close()


def place(folder: Path) -> Path:
    return folder / collection_name("e")


def test_finds_the_nearest_of_other_conversations(index: VectorIndex) -> None:
    some = vectors(10)
    index.add([str(number) for number in range(10)], some, ["a"] * 5 + ["b"] * 5)
    assert index.query(some[7], 3, without="")[0][0] == "7"
    assert index.query(some[7], 1, without="")[0][1] == pytest.approx(1, abs=1e-5)
    assert {id_ for id_, _ in index.query(some[7], 10, without="b")} == set("01234")
    index.add(["7"], [some[1]], ["b"])
    assert {id_ for id_, _ in index.query(some[1], 2, without="")} == {"1", "7"}
    index.remove(["7", "unknown"])
    assert index.ids() == set("012345689")


def test_an_empty_index_answers(index: VectorIndex) -> None:
    assert index.ids() == set()
    assert index.query([1.0] * DIMENSIONS, 20, without="c") == []
    index.add([], [], [])
    index.remove([])


def test_takes_more_than_chroma_takes_at_once(index: VectorIndex) -> None:
    ids = [str(number) for number in range(6000)]
    index.add(ids, vectors(6000), ["chat"] * 6000)
    assert index.ids() == set(ids)
    index.remove(ids[:5900])
    assert index.ids() == set(ids[5900:])


def test_keeps_its_vectors(tmp_path: Path) -> None:
    filled(tmp_path, 50)
    index = VectorIndex.open(tmp_path, "e")
    assert len(index.ids()) == 50
    index.close()
    index.close()
    assert place(tmp_path).stat().st_mode & 0o777 == 0o700


def test_another_embedder_gets_another_index_and_the_old_one_goes(tmp_path: Path) -> None:
    filled(tmp_path, 5)
    index = VectorIndex.open(tmp_path, "a new one/with 奇怪 name")
    assert index.ids() == set()
    index.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["exchanges-a-new-one-with----name-v1"]


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    dice = random.Random(1)  # noqa: S311 -- no secret
    for at in dice.sample(range(len(data)), len(data) // 10):
        data[at] = dice.randrange(256)
    path.write_bytes(data)


@pytest.mark.parametrize("ruin", ["garbage", "half", "damaged", "emptied", "a file", "no database", "no vectors"])
def test_a_damaged_index_is_replaced_by_an_empty_one(tmp_path: Path, ruin: str) -> None:
    filled(tmp_path, 1500)
    database = place(tmp_path) / "chroma.sqlite3"
    match ruin:
        case "garbage":
            database.write_bytes(os.urandom(5000))
        case "half":
            database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])
        case "damaged":
            damage(database)
        case "emptied":
            database.write_bytes(b"")
        case "a file":
            shutil.rmtree(place(tmp_path))
            place(tmp_path).touch()
        case "no database":
            database.unlink()
        case "no vectors":
            for segment in place(tmp_path).glob("*-*-*/"):
                shutil.rmtree(segment)
    index = VectorIndex.open(tmp_path, "e")
    assert index.ids() == set()
    index.add(["new"], vectors(1), ["chat"])
    assert index.query(vectors(1)[0], 5, without="")[0][0] == "new"
    index.close()
    assert [entry.name for entry in tmp_path.iterdir()] == [place(tmp_path).name]


def test_damaged_vectors_kill_the_probe_and_not_the_program(tmp_path: Path) -> None:
    """After an unclean exit another process opens the index first: Chroma follows wild pointers in damaged files."""
    filled(tmp_path, 3000)
    (data,) = place(tmp_path).glob("*/data_level0.bin")
    damage(data)
    (place(tmp_path) / "closed-cleanly").unlink()
    command = [sys.executable, "-m", "desktop_agent.memory.probe", str(place(tmp_path))]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert not (place(tmp_path) / "closed-cleanly").exists()
    index = VectorIndex.open(tmp_path, "e")
    assert index.ids() == set()
    index.close()


def test_an_index_that_was_closed_is_not_probed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    probed: list[Path] = []
    monkeypatch.setattr(index_module, "_survives", lambda path: probed.append(path) or True)
    filled(tmp_path, 5)
    index = VectorIndex.open(tmp_path, "e")
    assert probed == []
    assert not (place(tmp_path) / "closed-cleanly").exists(), "while it is open it must look unclean"
    index.close()
    (place(tmp_path) / "closed-cleanly").unlink()
    VectorIndex.open(tmp_path, "e").close()
    assert probed == [place(tmp_path)]


def test_a_killed_program_loses_no_vector(tmp_path: Path) -> None:
    filled(tmp_path, 10)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    index = VectorIndex.open(tmp_path, "e")
    assert len(index.ids()) == 60
    index.close()


def test_an_index_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexFailed, match=r"The memory index failed: .* No text is lost"):
        VectorIndex.open(tmp_path / "file", "e")


def test_a_settings_file_in_the_current_folder_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("IS_PERSISTENT=no way\nCHROMA_API_IMPL=nonsense\n")
    monkeypatch.chdir(tmp_path)
    VectorIndex.open(tmp_path / "index", "e").close()


def test_a_lost_index_is_rebuilt_from_the_database(diary: Diary) -> None:
    diary.say(diary.chat(), "Remember: my cat is called Schrödinger.")
    diary.memory.reconcile()
    diary.memory.close()
    shutil.rmtree(diary.index)
    memory = diary.reopen()
    assert not memory.recall("What is my cat called?", diary.chat())
    assert memory.reconcile() == 1
    assert "Schrödinger" in memory.recall("What is my cat called?", diary.chat())[0].text
