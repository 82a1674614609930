"""Models that are used where they lie: nothing copied, nothing deleted, every change noticed."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models import imported
from desktop_agent.models.catalogue import Catalogue, HubSource
from desktop_agent.models.elsewhere import Found, found_elsewhere
from desktop_agent.models.library import Library, ModelMissing
from desktop_agent.models.transfer import Progress
from tests.helpers import embedders
from tests.helpers.fake_models import entry, gguf_file
from tests.helpers.other_programs import computer, ollama
from tests.helpers.split_gguf import split

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- a second file system on Linux


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    return gguf_file(tmp_path / "theirs.gguf", general__name="Toy", general__license="mit")


@pytest.fixture
def known(theirs: Path) -> Catalogue:
    """A catalogue with that file under the name `known`, which can be fetched."""
    return Catalogue([entry(theirs.read_bytes(), HubSource("someone/toys", "toy.gguf"), name="known")])


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "models", Catalogue([]))


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on another file system than the models folder's."""
    if not os.access(SHARED_MEMORY, os.W_OK):
        pytest.skip("needs a second file system")
    folder = SHARED_MEMORY / f"models-{os.getpid()}"
    folder.mkdir()
    yield folder
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def found_in_ollama(home: Path, file: Path, name: str = "library/toy:1b") -> Found:
    ollama(home, name, file)
    (found,) = found_elsewhere(computer(home))
    return found


def refuse(progress: Progress) -> None:
    pytest.fail("the file was read although its SHA-256 is recorded")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_a_model_of_another_program_is_used_where_it_lies(library: Library, theirs: Path, tmp_path: Path) -> None:
    found = found_in_ollama(tmp_path, theirs)
    assert not library.holds(found)
    added = library.adopt(found, refuse)
    assert (added.name, added.title, added.note, added.licence) == ("toy-1b", "Toy", "Ollama", "mit")
    assert (added.location, added.sha256) == (str(found.paths[0]), found.sha256)
    again = Library(library.folder, Catalogue([]))
    assert again.installed() == (added,)
    assert again.find("toy-1b") == again.path_of(added) == found.paths[0]
    assert again.holds(found)
    assert again.verify("toy-1b") == added
    assert again.identity("toy-1b") == again.identity(found.paths[0]) == found.sha256
    assert names(library.folder) == ["imported.json"]


def test_removing_it_leaves_the_other_programs_file(library: Library, theirs: Path, tmp_path: Path) -> None:
    found = found_in_ollama(tmp_path, theirs)
    library.adopt(found)
    assert library.remove("toy-1b") == 0
    assert library.entries() == ()
    assert found.paths[0].read_bytes() == theirs.read_bytes()
    with pytest.raises(ModelMissing, match="no model called 'toy-1b'"):
        library.remove("toy-1b")


def test_a_path_of_the_users_is_hashed_once_with_progress(library: Library, theirs: Path) -> None:
    told: list[Progress] = []
    added = library.adopt(theirs, told.append)
    assert (added.name, added.location, added.note) == ("theirs", str(theirs), "imported")
    assert added.sha256 == hashlib.sha256(theirs.read_bytes()).hexdigest()
    assert (told[-1].done, told[-1].total, told[-1].what) == (added.bytes, added.bytes, "Checking theirs")
    assert library.adopt(theirs) == added
    assert library.entries() == (added,)


def test_a_path_that_is_no_valid_text(library: Library, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Mod\xe8les"))
    folder.mkdir()
    added = library.adopt(gguf_file(folder / "toy.gguf"))
    assert Library(library.folder, Catalogue([])).installed() == (added,)
    assert library.find("toy") == folder / "toy.gguf"


def test_a_blob_is_named_after_what_its_head_says(library: Library, theirs: Path, tmp_path: Path) -> None:
    assert library.adopt(found_in_ollama(tmp_path, theirs).paths[0]).name == "toy"


def test_a_file_of_the_catalogue_makes_that_entry_installed(tmp_path: Path, theirs: Path, known: Catalogue) -> None:
    library = Library(tmp_path / "models", known)
    added = library.adopt(found_in_ollama(tmp_path, theirs), refuse)
    assert added == replace(known.get("known"), location=added.location)
    again = Library(library.folder, known)
    assert again.entries() == again.installed() == (added,)
    assert again.find("known") == again.pull("known") == Path(added.location)
    assert again.identity("known") == added.sha256
    assert again.remove("known") == 0
    assert again.entries() == known.entries
    assert Path(added.location).exists()
    with pytest.raises(ModelMissing, match="models pull known"):
        again.remove("known")


def test_a_file_in_the_models_folder_comes_first(tmp_path: Path, theirs: Path, known: Catalogue) -> None:
    library = Library(tmp_path / "models", known)
    found = found_in_ollama(tmp_path, theirs)
    library.adopt(found)
    (library.folder / "known.gguf").write_bytes(theirs.read_bytes())
    assert library.find("known") == library.folder / "known.gguf"
    assert library.entry("known").location == ""
    assert library.adopt(found) == known.get("known")


def test_the_same_model_twice_is_one(library: Library, theirs: Path, tmp_path: Path) -> None:
    mine = library.import_file(theirs)
    assert library.adopt(found_in_ollama(tmp_path, theirs)) == mine
    assert library.entries() == (mine,)


def test_what_is_gone_or_changed_is_a_sentence_with_the_place(library: Library, theirs: Path) -> None:
    library.adopt(theirs)
    theirs.write_bytes(theirs.read_bytes() + b"more")
    with pytest.raises(ModelMissing, match=r"file of theirs is gone or has changed; it was .*/theirs\.gguf\."):
        library.find("theirs")
    theirs.unlink()
    assert library.installed() == ()
    with pytest.raises(ModelMissing, match=r"it was .*/theirs\.gguf\. .*models remove theirs"):
        library.find("theirs")
    assert library.identity("theirs") == ""
    assert library.remove("theirs") == 0


def test_a_vanished_catalogue_model_can_be_adopted_anew(tmp_path: Path, theirs: Path, known: Catalogue) -> None:
    library = Library(tmp_path / "models", known)
    library.adopt(theirs)
    moved = theirs.rename(tmp_path / "moved.gguf")
    assert library.installed() == ()
    assert library.adopt(moved).location == str(moved)
    assert library.find("known") == moved


def test_other_content_of_the_same_size_has_no_identity(library: Library, theirs: Path) -> None:
    added = library.adopt(theirs)
    os.utime(theirs, ns=(1, 1))
    assert library.find("theirs") == theirs
    assert library.identity("theirs") == ""
    library.verify("theirs")
    assert library.identity("theirs") == added.sha256
    data = bytearray(theirs.read_bytes())
    data[-1] ^= 1
    theirs.write_bytes(data)
    assert library.identity("theirs") == ""
    with pytest.raises(
        UserFacingError, match=r"theirs is not the file that it was .*theirs\.gguf\. If .*remove theirs"
    ):
        library.verify("theirs")


def test_an_import_that_was_written_to_has_no_identity(library: Library, theirs: Path) -> None:
    added = library.import_file(theirs)
    assert library.identity("theirs") == library.identity(theirs) == added.sha256
    theirs.write_bytes(theirs.read_bytes())  # the same file by another name, since it is linked
    assert library.identity("theirs") == ""
    assert library.identity("nobody") == library.identity("/nowhere.gguf") == ""


def test_a_wrong_record_of_the_program_is_found_out(library: Library, theirs: Path) -> None:
    library.adopt(Found("Jan", "Toy", (theirs,), 0, sha256="a" * 64))
    with pytest.raises(UserFacingError, match="checksum differs"):
        library.verify("toy")


def test_what_cannot_be_used_is_refused_with_the_reason(library: Library, theirs: Path, tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match=r"Adapted cannot be used: It needs an adapter"):
        library.adopt(Found("Ollama", "Adapted", (theirs,), 0, problem="It needs an adapter."))
    with pytest.raises(UserFacingError, match="There is no file"):
        library.adopt(tmp_path / "none.gguf")
    theirs.write_text("text")
    with pytest.raises(UserFacingError, match="not a GGUF file"):
        library.adopt(theirs)
    assert not library.folder.exists()


def test_a_split_model_is_adopted_whole(library: Library, tmp_path: Path) -> None:
    pieces = split(embedders.qwen(tmp_path / "q.gguf", pooling=0), tmp_path / "Big", 3)
    added = library.adopt(pieces[1])
    assert (added.name, added.location) == ("big", str(pieces[0]))
    assert added.bytes == sum(piece.stat().st_size for piece in pieces)
    assert added.sha256 == hashlib.sha256(b"".join(piece.read_bytes() for piece in pieces)).hexdigest()
    assert library.find("big") == library.find(pieces[2]) == pieces[0]
    assert library.identity(pieces[1]) == added.sha256
    pieces[2].unlink()
    assert not library.has(added)
    with pytest.raises(ModelMissing, match="is gone or has changed"):
        library.find("big")


@pytest.mark.parametrize("copy", [False, True])
def test_a_split_model_is_imported_and_removed_whole(library: Library, tmp_path: Path, copy: bool) -> None:
    pieces = split(embedders.qwen(tmp_path / "q.gguf", pooling=0), tmp_path / "Big", 3)
    added = library.import_file(pieces[2], copy=copy)
    assert (added.file, added.location) == ("big-00001-of-00003.gguf", "")
    assert library.find("big").samefile(pieces[0]) is not copy
    assert names(library.folder) == [*(f"big-0000{number}-of-00003.gguf" for number in (1, 2, 3)), "imported.json"]
    assert library.verify("big") == added
    assert library.import_file(pieces[0], copy=copy) == added
    assert library.remove("big") == added.bytes
    assert names(library.folder) == ["imported.json"]
    assert all(piece.exists() for piece in pieces)


def test_an_import_from_another_disk_stays_there(library: Library, other_disk: Path) -> None:
    path = gguf_file(other_disk / "far.gguf")
    added = library.import_file(path)
    assert added.location == str(path)
    assert names(library.folder) == ["imported.json"]
    assert library.find("far") == path


def test_an_import_is_copied_only_when_asked_to(library: Library, other_disk: Path) -> None:
    path, told = gguf_file(other_disk / "far.gguf"), []
    added = library.import_file(path, told.append, copy=True)
    assert [progress.what for progress in told] == ["Copying far.gguf", "Checking far.gguf"]
    assert added.location == ""
    path.unlink()
    assert library.verify("far") == added


def test_a_copy_that_breaks_off_leaves_nothing(library: Library, theirs: Path) -> None:
    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.import_file(theirs, stop, copy=True)
    assert names(library.folder) == []


def test_a_copy_that_does_not_fit_is_refused(library: Library, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, need: int, name: str) -> None:
        raise UserFacingError(f"{name} needs {need} bytes in {folder.name}.")

    monkeypatch.setattr(imported, "check_free", full)
    with pytest.raises(UserFacingError, match=r"theirs\.gguf needs \d+ bytes"):
        library.import_file(theirs, copy=True)


def test_a_list_from_before_there_were_places(library: Library, theirs: Path) -> None:
    added = library.import_file(theirs)
    register = library.folder / "imported.json"
    older = [
        {key: value for key, value in data.items() if key not in ("location", "modified")} | {"sources": []}
        for data in json.loads(register.read_text())
    ]
    register.write_text(json.dumps(older))
    assert library.installed() == (added,)
    assert library.identity("theirs") == added.sha256
