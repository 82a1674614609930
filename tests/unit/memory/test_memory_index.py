import math
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.memory import folder as folders
from desktop_agent.memory.index import IndexFailed, IndexUnusable, Row, stem
from desktop_agent.memory.local import LocalIndex, LocalPlace

DIMENSIONS = 32


def vectors(count: int) -> list[list[float]]:
    dice = random.Random(0)  # noqa: S311 -- no secret
    raw = [[dice.gauss(0, 1) for _ in range(DIMENSIONS)] for _ in range(count)]
    return [[number / math.hypot(*vector) for number in vector] for vector in raw]


def rows(count: int) -> list[Row]:
    return [Row(str(number), "other", vector) for number, vector in enumerate(vectors(count))]


def filled(place: LocalPlace, count: int) -> Path:
    index = place.open("e")
    index.add(rows(count))
    index.close()
    return index.folder


@pytest.fixture
def place(tmp_path: Path) -> LocalPlace:
    return LocalPlace(tmp_path / "index")


@pytest.fixture
def index(place: LocalPlace) -> Iterator[LocalIndex]:
    made = place.open("e")
    yield made
    made.close()


def test_finds_the_nearest_of_each_group(index: LocalIndex) -> None:
    some = vectors(10)
    index.add([Row(str(number), "han" if number < 5 else "other", some[number]) for number in range(10)])
    found = index.query(some[7], 3)
    assert found["other"][0] == ("7", pytest.approx(1, abs=1e-5))
    assert len(found["han"]) == len(found["other"]) == 3
    assert {id_ for id_, _ in found["han"]} < set("01234")
    assert index.ids() == set("0123456789")
    assert index.known(["3", "8", "unknown"]) == {"3", "8"}


def test_a_vector_is_replaced_also_when_its_group_changes(index: LocalIndex) -> None:
    some = vectors(3)
    index.add([Row("a", "han", some[0])])
    index.add([Row("a", "other", some[1]), Row("b", "other", some[2])])
    index.add([Row("b", "other", some[0])])
    assert index.query(some[0], 5)["han"] == []
    assert index.query(some[0], 1)["other"] == [("b", pytest.approx(1, abs=1e-5))]
    assert index.count() == 2
    assert index.remove(["a", "unknown"]) == 1
    assert index.ids() == {"b"}


def test_an_empty_index_answers(index: LocalIndex) -> None:
    assert index.fresh
    assert index.ids() == set()
    assert index.query([1.0] * DIMENSIONS, 20) == {"han": [], "other": []}
    index.add([])
    assert index.remove([]) == 0
    assert list(index.rows()) == []


def test_takes_and_gives_more_than_chroma_takes_at_once(index: LocalIndex) -> None:
    index.add(rows(6000))
    assert index.count() == 6000
    assert [row.id for page in index.rows() for row in page] == [str(number) for number in range(6000)]
    assert index.remove([str(number) for number in range(5900)]) == 5900
    assert index.ids() == {str(number) for number in range(5900, 6000)}


def test_keeps_its_vectors(place: LocalPlace) -> None:
    folder = filled(place, 50)
    index = place.open("e")
    assert index.count() == 50
    assert not index.fresh
    assert index.news == ""
    index.close()
    index.close()
    for path in (place.folder, folder):
        assert path.stat().st_mode & 0o777 == 0o700


def test_another_embedder_gets_another_index_and_the_old_one_goes(place: LocalPlace) -> None:
    filled(place, 5)
    (place.folder / "exchanges-old-v1").mkdir()
    index = place.open("a new one/with 奇怪 name")
    assert index.ids() == set()
    index.close()
    (left,) = place.folder.iterdir()
    assert left.name.startswith("turns-a-new-one-with----name-")


def test_ids_that_differ_in_odd_characters_only_do_not_share_an_index() -> None:
    assert stem("a/b") != stem("a.b")


def test_what_is_begun_counts_once_it_serves(place: LocalPlace) -> None:
    filled(place, 5)
    begun = place.begin("e")
    begun.add(rows(3))
    begun.close()
    index = place.open("e")
    assert index.count() == 5, "the unfinished one is not used"
    assert [entry.name for entry in place.folder.iterdir()] == [index.folder.name]
    begun = place.begin("e")
    begun.add(rows(3))
    begun.serve()
    begun.close()
    index.close()
    index = place.open("e")
    assert index.count() == 3
    assert [entry.name for entry in place.folder.iterdir()] == [begun.folder.name]
    index.close()


def test_an_unfinished_index_of_the_embedder_is_gone_on_with_when_there_is_no_other(place: LocalPlace) -> None:
    begun = place.begin("e")
    begun.add(rows(3))
    begun.close()
    index = place.open("e")
    assert index.count() == 3
    index.close()


def damage(path: Path) -> None:
    """Put random bytes into a tenth of a file."""
    data = bytearray(path.read_bytes())
    dice = random.Random(1)  # noqa: S311 -- no secret
    for at in dice.sample(range(len(data)), len(data) // 10):
        data[at] = dice.randrange(256)
    path.write_bytes(data)


@pytest.mark.parametrize("ruin", ["garbage", "half", "damaged", "emptied", "a file", "no database", "no vectors"])
def test_a_damaged_index_is_replaced_by_an_empty_one(place: LocalPlace, ruin: str) -> None:
    folder = filled(place, 1100)
    database = folder / "chroma.sqlite3"
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
            shutil.rmtree(folder)
            folder.touch()
        case "no database":
            database.unlink()
        case "no vectors":
            for segment in folder.glob("*-*-*/"):
                shutil.rmtree(segment)
    index = place.open("e")
    assert index.ids() == set()
    assert index.fresh
    assert "damaged and is being built again" in index.news
    index.add(rows(1))
    assert index.query(vectors(1)[0], 5)["other"][0][0] == "0"
    index.close()
    assert [entry.name for entry in place.folder.iterdir()] == [index.folder.name]


@pytest.mark.parametrize("name", ["chroma.sqlite3", "*/data_level0.bin", "*/header.bin", "*/index_metadata.pickle"])
def test_after_an_unclean_exit_another_process_looks_first(place: LocalPlace, name: str) -> None:
    """Chroma follows wild pointers in damaged files, which kills the process."""
    folder = filled(place, 1500)
    (damaged,) = folder.glob(name)
    damage(damaged)
    (folder / "closed-cleanly").unlink()
    command = [sys.executable, "-m", "desktop_agent.memory.probe", str(folder)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert not (folder / "closed-cleanly").exists()
    index = place.open("e")
    assert index.ids() == set()
    assert "damaged" in index.news
    index.close()


def test_an_index_that_was_closed_is_not_probed(place: LocalPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    probed: list[Path] = []
    monkeypatch.setattr(folders, "survives", lambda path: probed.append(path) or True)
    folder = filled(place, 5)
    index = place.open("e")
    assert probed == []
    assert not (folder / "closed-cleanly").exists(), "while it is open it must look unclean"
    index.close()
    (folder / "closed-cleanly").unlink()
    place.open("e").close()
    assert probed == [folder]


KILLED = """
import os, sys
from pathlib import Path
from desktop_agent.memory.index import Row
from desktop_agent.memory.local import LocalPlace
index = LocalPlace(Path(sys.argv[1])).open("e")
for number in range(50):
    index.add([Row(f"killed{number}", "han", [float(at == number % 32) for at in range(32)])])
os.kill(os.getpid(), 9)
"""


def test_a_killed_program_loses_no_vector(place: LocalPlace) -> None:
    filled(place, 10)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(place.folder)], check=False)
    assert killed.returncode == -signal.SIGKILL
    index = place.open("e")
    assert index.count() == 60
    index.close()


def test_an_index_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexUnusable, match=r"cannot be written in .*file: .* No text is lost"):
        LocalPlace(tmp_path / "file").open("e")
    assert (tmp_path / "file").exists()


def test_what_chroma_refuses_is_said(index: LocalIndex) -> None:
    index.add(rows(1))
    with pytest.raises(IndexFailed, match=r"The memory index failed: .*dimension"):
        index.query([1.0, 2.0], 1)
    assert index.failed


def test_a_settings_file_in_the_current_folder_is_not_read(place: LocalPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    place.folder.mkdir()
    (place.folder.parent / ".env").write_text("IS_PERSISTENT=no way\nCHROMA_API_IMPL=nonsense\n")
    monkeypatch.chdir(place.folder.parent)
    place.open("e").close()


def written_by(folder: Path, version: str) -> None:
    (folder / "chromadb-version").write_text(version)


def before(place: LocalPlace) -> list[Path]:
    return list(place.folder.glob("before-*"))


def test_a_copy_is_kept_until_a_newer_chromadb_has_proven_itself(place: LocalPlace) -> None:
    folder = filled(place, 20)
    written_by(folder, "1.5.2")
    index = place.open("e")
    (copy,) = before(place)
    assert (copy / "chromadb-version").read_text() == "1.5.2"
    assert (copy / "closed-cleanly").exists()
    assert (folder / "chromadb-version").read_text() != "1.5.2"
    index.close()
    assert before(place) == [copy]
    index = place.open("e")
    assert before(place) == []
    assert index.count() == 20
    index.close()


def test_an_older_chromadb_goes_on_with_the_copy(place: LocalPlace) -> None:
    folder = filled(place, 20)
    shutil.copytree(folder, place.folder / f"before-99.0-{folder.name}")
    (folder / "chroma.sqlite3").write_bytes(b"of the future")
    written_by(folder, "99.0")
    index = place.open("e")
    assert index.count() == 20
    assert index.news == ""
    index.close()


def test_without_a_copy_the_probe_decides_about_a_newer_format(place: LocalPlace) -> None:
    folder = filled(place, 20)
    written_by(folder, "99.0")
    index = place.open("e")
    assert index.count() == 20
    index.close()
    (folder / "chroma.sqlite3").write_bytes(b"of the future")
    written_by(folder, "99.0")
    index = place.open("e")
    assert index.fresh
    index.close()


def test_what_is_forgotten_is_in_no_copy(place: LocalPlace) -> None:
    folder = filled(place, 20)
    written_by(folder, "1.5.2")
    index = place.open("e")
    assert not index.owing
    index.owe()
    assert index.owing
    assert before(place) == []
    index.close()
    index = place.open("e")
    assert index.owing
    index.close()
