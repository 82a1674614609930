"""What is here, and how it gets in and out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, HubSource
from desktop_agent.models.library import Library, ModelMissing
from tests.helpers import embedders
from tests.helpers.fake_models import catalogue, entry, gguf_file

DATA = b"GGUF, or so"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "models", catalogue(DATA, HubSource("someone/toys", "toy.gguf")))


@pytest.fixture
def with_toy(library: Library) -> Library:
    library.folder.mkdir()
    (library.folder / "toy.gguf").write_bytes(DATA)
    return library


def test_an_empty_home(library: Library) -> None:
    assert library.installed() == ()
    with pytest.raises(ModelMissing, match=r"\(Toy model, 0 MB\) is not on this computer\. .*models pull toy"):
        library.find("toy")
    with pytest.raises(ModelMissing, match="Did you mean toy"):
        library.find("tooy")


def test_what_is_here_is_found(with_toy: Library) -> None:
    assert [found.name for found in with_toy.installed()] == ["toy"]
    assert with_toy.find("toy").read_bytes() == DATA


def test_a_file_of_another_size_is_not_taken_for_the_model(with_toy: Library) -> None:
    (with_toy.folder / "toy.gguf").write_bytes(DATA[:-1])
    with pytest.raises(ModelMissing, match=r"file of toy is damaged.*models pull toy"):
        with_toy.find("toy")


def test_verify_reads_the_file(with_toy: Library) -> None:
    assert with_toy.verify("toy").name == "toy"
    (with_toy.folder / "toy.gguf").write_bytes(DATA.lower())
    with pytest.raises(UserFacingError, match=r"toy is damaged: .*models remove toy, then: .*models pull toy"):
        with_toy.verify("toy")


def test_remove_takes_the_unfinished_download_too(with_toy: Library) -> None:
    (with_toy.folder / "toy.gguf.part").write_bytes(b"12345")
    assert with_toy.downloaded(with_toy.entry("toy")) == 5
    assert with_toy.remove("toy") == len(DATA) + 5
    assert not list(with_toy.folder.glob("toy*"))
    with pytest.raises(ModelMissing):
        with_toy.remove("toy")


def test_a_path_is_found_when_it_is_a_whole_model(library: Library, tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "mine.gguf")
    assert library.find(str(path)) == library.find(path) == path
    with pytest.raises(ModelMissing, match=r"There is no file .*other\.gguf"):
        library.find(tmp_path / "other.gguf")
    path.write_text("text")
    with pytest.raises(UserFacingError, match="not a GGUF file"):
        library.find(path)


def test_an_import_is_listed_found_verified_and_removed(library: Library, tmp_path: Path) -> None:
    mine = gguf_file(tmp_path / "My Model (1).gguf", general__license="mit", general__name="Mine")
    added = library.import_file(mine)
    assert (added.name, added.title, added.licence, added.context, added.role) == (
        "my-model-1",
        "Mine",
        "mit",
        64,
        "chat",
    )
    again = Library(library.folder, Catalogue([]))
    assert again.installed() == (added,)
    assert again.find("my-model-1").read_bytes() == mine.read_bytes()
    assert again.verify("my-model-1") == added
    again.remove("my-model-1")
    assert again.entries() == ()
    assert mine.exists()


def test_an_import_is_a_link_where_that_is_possible(library: Library, tmp_path: Path) -> None:
    mine = gguf_file(tmp_path / "mine.gguf")
    library.import_file(mine)
    assert library.find("mine").samefile(mine)


def test_the_same_file_twice_is_one_model(library: Library, tmp_path: Path) -> None:
    mine = gguf_file(tmp_path / "mine.gguf")
    assert library.import_file(mine) == library.import_file(mine)
    assert sorted(path.name for path in library.folder.iterdir()) == [".import.lock", "imported.json", "mine.gguf"]


def test_names_do_not_collide(library: Library, tmp_path: Path) -> None:
    library.folder.mkdir()
    (library.folder / "mine.gguf").write_text("somebody put this here")
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
    first = library.import_file(gguf_file(tmp_path / "1" / "toy.gguf"))
    second = library.import_file(gguf_file(tmp_path / "2" / "mine.gguf", weights=512))
    assert (first.name, second.name) == ("toy-2", "mine-2")
    assert (library.folder / "mine.gguf").read_text() == "somebody put this here"


def test_a_file_in_the_models_folder_is_registered_where_it_is(library: Library) -> None:
    library.folder.mkdir()
    gguf_file(library.folder / "dropped.gguf")
    assert library.import_file(library.folder / "dropped.gguf").name == "dropped"
    assert library.verify("dropped")


def test_a_catalogue_model_is_recognised(tmp_path: Path) -> None:
    mine = gguf_file(tmp_path / "whatever.gguf")
    library = Library(tmp_path / "models", Catalogue([entry(mine.read_bytes(), name="known")]))
    assert library.import_file(mine).name == "known"
    assert library.find("known").name == "known.gguf"


@pytest.mark.parametrize("make", [embedders.bert, embedders.qwen])
def test_an_embedding_model_is_one(library: Library, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    added = library.import_file(make(tmp_path / "e.gguf"))
    assert (added.role, added.context) == ("embedding", embedders.CONTEXT)
    assert library.find_embedder("e") == library.find("e", role="embedding") == library.find("e")


def test_a_model_that_chats_although_its_file_speaks_of_pooling(library: Library, tmp_path: Path) -> None:
    assert library.import_file(embedders.qwen(tmp_path / "c.gguf", pooling=0)).role == "chat"


@pytest.mark.parametrize("pooling", [None, embedders.RANK])
def test_a_model_that_ranks_is_refused(library: Library, tmp_path: Path, pooling: int | None) -> None:
    path = embedders.bert(tmp_path / "e.gguf", pooling=pooling)
    with pytest.raises(UserFacingError, match=r"e\.gguf can neither chat nor make vectors of texts"):
        library.import_file(path)
    with pytest.raises(UserFacingError, match=r"e\.gguf can neither chat"):
        library.find(path, role="embedding")


def test_each_model_does_its_own_work(with_toy: Library, tmp_path: Path) -> None:
    chats, finds = gguf_file(tmp_path / "c.gguf"), embedders.bert(tmp_path / "e.gguf")
    with_toy.import_file(finds)
    for name in ("toy", str(chats)):
        assert with_toy.find(name, role="chat").is_file()
        with pytest.raises(UserFacingError, match="is a model that chats: it cannot find memories"):
            with_toy.find_embedder(name)
    for name in ("e", str(finds)):
        assert with_toy.find_embedder(name).is_file()
        with pytest.raises(UserFacingError, match="is a model that finds memories: it cannot chat"):
            with_toy.find(name, role="chat")


def test_the_first_embedder_of_the_catalogue_that_is_here_is_taken(tmp_path: Path) -> None:
    source = HubSource("someone/toys", "toy.gguf")
    both = [replace(entry(DATA, source, name=name), role="embedding") for name in ("embedder", "embedder-large")]
    library = Library(tmp_path, Catalogue(both))
    library.import_file(embedders.bert(tmp_path / "mine.gguf"))
    with pytest.raises(ModelMissing, match="models pull embedder"):
        library.find_embedder()
    for last in ("embedder-large", "embedder"):
        (tmp_path / f"{last}.gguf").write_bytes(DATA)
        assert library.find_embedder().stem == last


def test_an_older_embedder_file_is_the_multilingual_one(tmp_path: Path) -> None:
    """Homes from before there were two hold this name and size."""
    library = Library(tmp_path, Catalogue.load())
    with (tmp_path / "multilingual-e5-small-q4_0.gguf").open("wb") as file:
        file.truncate(73_578_784)
    assert [found.name for found in library.installed()] == ["embedder-multilingual"]
    assert library.find_embedder().name == "multilingual-e5-small-q4_0.gguf"


def test_what_is_no_model_is_not_imported(library: Library, tmp_path: Path) -> None:
    text = tmp_path / "text.gguf"
    text.write_text("hello")
    for path, words in ((text, "not a GGUF file"), (tmp_path / "none.gguf", "There is no file")):
        with pytest.raises(UserFacingError, match=words):
            library.import_file(path)
    assert not library.folder.exists()


def test_a_damaged_register_is_said(library: Library) -> None:
    library.folder.mkdir()
    (library.folder / "imported.json").write_text('[{"name": "a"}]')
    with pytest.raises(UserFacingError, match="list of imported models is damaged"):
        library.entries()
