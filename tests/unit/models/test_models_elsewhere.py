"""Models in the folders of other programs."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_agent.models import places
from desktop_agent.models.elsewhere import Found, found_elsewhere
from tests.helpers import embedders
from tests.helpers.fake_models import gguf_file
from tests.helpers.other_programs import LAYER, computer, hub_file, jan_model, ollama
from tests.helpers.split_gguf import split


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return gguf_file(tmp_path / "model.gguf", general__name="Toy")


def placed(path: Path, weights: int = 256) -> Path:
    """Write a model of its own under a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return gguf_file(path, weights=weights)


def titles(home: Path, *, system: str = "linux", **environment: str) -> list[tuple[str, str]]:
    return [(found.program, found.title) for found in found_elsewhere(computer(home, system, **environment))]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_home_without_such_programs(tmp_path: Path) -> None:
    assert found_elsewhere(computer(tmp_path)) == ()


class TestLmStudio:
    def test_publishers_models_and_files(self, tmp_path: Path) -> None:
        path = placed(tmp_path / ".lmstudio" / "models" / "acme" / "Toy-GGUF" / "Toy-Q4_K_M.gguf")
        placed(tmp_path / ".cache" / "lm-studio" / "models" / "acme" / "Old" / "Old.gguf", 512)
        newer, older = found_elsewhere(computer(tmp_path))
        assert newer == Found("LM Studio", "Old", older_path(tmp_path), newer.bytes)
        assert older == Found("LM Studio", "Toy-Q4_K_M", (path,), path.stat().st_size)

    def test_its_home_is_where_the_pointer_says(self, tmp_path: Path) -> None:
        placed(tmp_path / "disk" / "lms" / "models" / "a" / "b" / "Moved.gguf")
        (tmp_path / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'disk' / 'lms'}\n")
        assert titles(tmp_path) == [("LM Studio", "Moved")]

    @pytest.mark.parametrize("settings", [".lmstudio/settings.json", ".config/LM Studio/settings.json"])
    def test_its_settings_name_another_folder(self, tmp_path: Path, settings: str) -> None:
        placed(tmp_path / "big disk" / "a" / "b" / "Big.gguf")
        (tmp_path / settings).parent.mkdir(parents=True)
        (tmp_path / settings).write_text(json.dumps({"downloadsFolder": str(tmp_path / "big disk")}))
        assert titles(tmp_path) == [("LM Studio", "Big")]

    @pytest.mark.parametrize("pointer", [b"", b"\0", b"relative/folder", b"\xff\xfe", b"/" + b"x" * 5000])
    def test_a_pointer_to_nowhere(self, tmp_path: Path, pointer: bytes) -> None:
        (tmp_path / ".lmstudio-home-pointer").write_bytes(pointer)
        placed(tmp_path / ".lmstudio" / "models" / "a" / "b" / "Here.gguf")
        assert titles(tmp_path) == [("LM Studio", "Here")]


def older_path(home: Path) -> tuple[Path, ...]:
    return (home / ".cache" / "lm-studio" / "models" / "acme" / "Old" / "Old.gguf",)


class TestOllama:
    def test_the_digest_is_the_identity(self, tmp_path: Path, model: Path) -> None:
        blob = ollama(tmp_path, "library/llama3.2:1b", model)
        assert found_elsewhere(computer(tmp_path)) == (
            Found("Ollama", "llama3.2:1b", (blob,), model.stat().st_size, sha256(model)),
        )

    def test_a_blob_of_the_name_that_older_versions_gave(self, tmp_path: Path, model: Path) -> None:
        blob = ollama(tmp_path, "library/toy:latest", model)
        blob.rename(blob.with_name(blob.name.replace("-", ":")))
        assert titles(tmp_path) == [("Ollama", "toy:latest")]

    def test_the_folder_of_the_environment_and_that_of_the_service(self, tmp_path: Path) -> None:
        ollama(tmp_path, "me/mine:7b", placed(tmp_path / "a.gguf"), folder="moved")
        ollama(tmp_path, "library/b:1", placed(tmp_path / "b.gguf", 512), folder="root/usr/share/ollama/.ollama/models")
        assert titles(tmp_path, OLLAMA_MODELS=str(tmp_path / "moved")) == [("Ollama", "b:1"), ("Ollama", "me/mine:7b")]

    def test_two_tags_of_one_blob_are_one_model(self, tmp_path: Path, model: Path) -> None:
        for tag in ("8b", "latest"):
            ollama(tmp_path, f"library/toy:{tag}", model)
        assert titles(tmp_path) == [("Ollama", "toy:8b")]

    def test_what_it_cannot_give_away_is_listed_with_the_reason(self, tmp_path: Path, model: Path) -> None:
        ollama(tmp_path, "library/adapted:1", model, adapter=True)
        ollama(tmp_path, "library/gone:1", placed(tmp_path / "b.gguf", 512)).unlink()
        two = [{"mediaType": f"{LAYER}model", "digest": f"sha256:{sha256(model)}"}] * 2
        ollama(tmp_path, "library/pair:1", model, layers=two)
        assert {found.title: found.problem for found in found_elsewhere(computer(tmp_path))} == {
            "adapted:1": "It needs an adapter, which only Ollama can add to it.",
            "gone:1": "Its file is not in Ollama's folder, or this account may not read it.",
            "pair:1": "It is made of several files, which only Ollama can put together.",
        }

    def test_what_it_cannot_give_away_does_not_hide_the_model_below(self, tmp_path: Path, model: Path) -> None:
        ollama(tmp_path, "library/adapted:1", model, adapter=True)
        ollama(tmp_path, "library/base:1", model)
        assert [found.title for found in found_elsewhere(computer(tmp_path)) if not found.problem] == ["base:1"]

    def test_a_blob_that_leads_out_of_the_folder_has_no_identity(self, tmp_path: Path, model: Path) -> None:
        blob = ollama(tmp_path, "library/toy:1", model)
        blob.unlink()
        blob.symlink_to(model)
        (found,) = found_elsewhere(computer(tmp_path))
        assert (found.sha256, found.paths) == ("", (blob,))

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "null", '{"layers": 7}', '{"layers": [7, null, {}]}', "[" * 100_000, '{"layers":' * 9999],
    )
    def test_a_damaged_manifest(self, tmp_path: Path, model: Path, text: str) -> None:
        ollama(tmp_path, "library/toy:1", model)
        (tmp_path / ".ollama/models/manifests/registry.example/library/toy/1").write_text(text)
        assert titles(tmp_path) == []

    @pytest.mark.parametrize(
        "digest", ["", "sha256:../../../etc/passwd", "md5:" + "a" * 32, None, 7, "sha256:" + "A" * 64]
    )
    def test_a_digest_that_is_none(self, tmp_path: Path, model: Path, digest: object) -> None:
        ollama(tmp_path, "library/toy:1", model, layers=[{"mediaType": f"{LAYER}model", "digest": digest}])
        assert titles(tmp_path) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["layers", "digest", "mediaType"]), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(JSON.map(lambda value: json.dumps(value).encode()), st.binary(max_size=300)))
def test_no_manifest_or_note_breaks_it(tmp_path: Path, data: bytes) -> None:
    for name in (".ollama/models/manifests/h/n/m/t", ".lmstudio/settings.json", ".lmstudio-home-pointer"):
        written(tmp_path / name, data)
    for name in (".config/nomic.ai/GPT4All.ini", "jan/llamacpp/models/a/model.yml", ".local/share/Jan/settings.json"):
        written(tmp_path / name, b"modelPath=" * (name[1] == "c") + b"model_path: " * (name[0] == "j") + data)
    assert found_elsewhere(computer(tmp_path)) == ()


def written(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class TestGpt4All:
    @pytest.mark.parametrize(
        ("system", "folder"),
        [
            ("linux", ".local/share/nomic.ai/GPT4All"),
            ("darwin", "Library/Application Support/nomic.ai/GPT4All"),
            ("win32", "AppData/Local/nomic.ai/GPT4All"),
        ],
    )
    def test_its_data_folder(self, tmp_path: Path, system: str, folder: str) -> None:
        placed(tmp_path / folder / "Toy.Q4_0.gguf")
        placed(tmp_path / folder / "incomplete-Other.gguf", 512)
        (tmp_path / folder / "gpt4all-remote.rmodel").write_text("{}")
        assert titles(tmp_path, system=system) == [("GPT4All", "Toy.Q4_0")]

    @pytest.mark.parametrize("quote", ["", '"'])
    def test_its_settings_name_another_folder(self, tmp_path: Path, quote: str) -> None:
        placed(tmp_path / "my models" / "Toy.gguf")
        folder = f"modelPath={quote}{tmp_path / 'my models'}/{quote}\r\n"
        written(tmp_path / ".config/nomic.ai/GPT4All.ini", f"[General]\r\ndevice=CPU\r\n{folder}".encode())
        assert titles(tmp_path) == [("GPT4All", "Toy")]

    def test_its_embedding_model_is_one(self, tmp_path: Path) -> None:
        folder = tmp_path / ".local/share/nomic.ai/GPT4All"
        folder.mkdir(parents=True)
        embedders.bert(folder / "embed.gguf", pooling=embedders.MEAN)
        assert [found.role for found in found_elsewhere(computer(tmp_path))] == ["embedding"]


class TestJan:
    def test_a_note_says_where_the_file_is(self, tmp_path: Path) -> None:
        data = tmp_path / ".local/share/Jan/data"
        path = placed(data / "llamacpp/models/acme/toy/model.gguf")
        jan_model(data, "acme/toy", "llamacpp/models/acme/toy/model.gguf", name="'Toy: the model'", sha256=sha256(path))
        assert found_elsewhere(computer(tmp_path)) == (
            Found("Jan", "Toy: the model", (path,), path.stat().st_size, sha256(path)),
        )

    def test_a_file_of_the_users_somewhere_else(self, tmp_path: Path) -> None:
        path = placed(tmp_path / "Downloads/mine.gguf")
        jan_model(tmp_path / "moved", "mine", f'"{path}"', model_sha256="nonsense")
        written(
            tmp_path / ".local/share/Jan/settings.json", json.dumps({"data_folder": str(tmp_path / "moved")}).encode()
        )
        (found,) = found_elsewhere(computer(tmp_path))
        assert (found.title, found.paths, found.sha256) == ("mine", (path,), "")

    def test_older_versions_had_no_such_notes(self, tmp_path: Path) -> None:
        placed(tmp_path / "jan/models/llama3-8b/llama3.gguf")
        written(tmp_path / "jan/models/llama3-8b/model.json", b'{"sources": [{"filename": "llama3.gguf"}]}')
        assert titles(tmp_path) == [("Jan", "llama3-8b")]

    def test_a_file_that_is_not_as_large_as_noted(self, tmp_path: Path) -> None:
        path = placed(tmp_path / "elsewhere/mine.gguf")
        jan_model(tmp_path / "jan", "mine", path, model_size_bytes=path.stat().st_size + 1)
        jan_model(tmp_path / "jan", "gone", "nowhere.gguf")
        assert titles(tmp_path) == []


class TestHub:
    def test_a_link_in_a_snapshot(self, tmp_path: Path, model: Path) -> None:
        link = hub_file(tmp_path, "acme/toy-GGUF", "Toy-Q8_0.gguf", model)
        assert found_elsewhere(computer(tmp_path)) == (
            Found("Hugging Face", "Toy-Q8_0", (link,), model.stat().st_size, sha256(model)),
        )

    @pytest.mark.parametrize(
        ("variable", "cache"),
        [("HF_HUB_CACHE", "moved"), ("HF_HOME", "moved/hub"), ("XDG_CACHE_HOME", "moved/huggingface/hub")],
    )
    def test_the_cache_can_be_moved(self, tmp_path: Path, model: Path, variable: str, cache: str) -> None:
        hub_file(tmp_path, "acme/toy", "sub/Toy.gguf", model, cache=cache)
        assert titles(tmp_path, **{variable: str(tmp_path / "moved")}) == [("Hugging Face", "Toy")]

    def test_a_link_out_of_the_cache_has_no_identity(self, tmp_path: Path, model: Path) -> None:
        link = hub_file(tmp_path, "acme/toy", "Toy.gguf", model)
        stray = tmp_path / ("e" * 64)
        link.resolve().rename(stray)
        link.unlink()
        link.symlink_to(stray)
        assert [found.sha256 for found in found_elsewhere(computer(tmp_path))] == [""]

    def test_a_cache_whose_links_go_round(self, tmp_path: Path) -> None:
        folder = placed(tmp_path / ".cache/huggingface/hub/models--a--b/snapshots/1/Toy.gguf").parents[2]
        (folder / "blobs").symlink_to(folder / "blobs")
        assert titles(tmp_path) == [("Hugging Face", "Toy")]

    def test_pieces_are_one_model(self, tmp_path: Path) -> None:
        pieces = split(embedders.qwen(tmp_path / "q.gguf", pooling=0), tmp_path / "Big", 3)
        links = [hub_file(tmp_path, "acme/big", piece.name, piece) for piece in pieces]
        (found,) = found_elsewhere(computer(tmp_path))
        assert (found.title, found.paths) == ("Big", tuple(links))
        assert found.bytes == sum(piece.stat().st_size for piece in pieces)
        assert found.sha256 == ""  # what is recorded is that of one piece

    def test_a_missing_piece_is_said(self, tmp_path: Path) -> None:
        pieces = split(embedders.qwen(tmp_path / "q.gguf", pooling=0), tmp_path / "Big", 3)
        for piece in (pieces[0], pieces[2]):
            hub_file(tmp_path, "acme/big", piece.name, piece)
        (found,) = found_elsewhere(computer(tmp_path))
        assert found.problem == "Big is not whole: its piece Big-00002-of-00003.gguf is not there."

    def test_what_is_not_in_a_snapshot_is_not_a_model(self, tmp_path: Path) -> None:
        placed(tmp_path / ".cache/huggingface/hub/models--a--b/blobs/x.gguf")
        placed(tmp_path / ".cache/huggingface/hub/datasets--a--b/snapshots/1/x.gguf", 512)
        placed(tmp_path / ".cache/huggingface/hub/x.gguf", 1024)
        assert titles(tmp_path) == []


class TestWhateverLiesThere:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / ".lmstudio/models/a/b"
        folder.mkdir(parents=True)
        return folder

    def test_what_is_no_whole_language_model_is_left_out(self, tmp_path: Path, folder: Path) -> None:
        gguf_file(folder / "mmproj-old.gguf", architecture="clip")
        gguf_file(folder / "mmproj.gguf", architecture="clip", general__type="mmproj")
        gguf_file(folder / "adapter.gguf", general__type="adapter")
        gguf_file(folder / "vocabulary.gguf", weights=0)
        embedders.bert(folder / "ranks.gguf", pooling=embedders.RANK)
        whole = gguf_file(folder / "whole.gguf")
        for name in ("a.gguf.part", "a.gguf.downloading", "downloading_a.gguf"):
            shutil.copy(whole, folder / name)
        (folder / "cut.gguf").write_bytes(whole.read_bytes()[:-9])
        (folder / "text.gguf").write_text("GGUF, but a text")
        (folder / "empty.gguf").touch()
        assert titles(tmp_path) == [("LM Studio", "whole")]

    def test_the_same_file_in_two_programs_is_found_once(self, tmp_path: Path, folder: Path, model: Path) -> None:
        blob = ollama(tmp_path, "library/toy:1", model)
        (folder / "link.gguf").symlink_to(blob)
        hard = tmp_path / ".local/share/nomic.ai/GPT4All/hard.gguf"
        hard.parent.mkdir(parents=True)
        hard.hardlink_to(blob)
        assert titles(tmp_path) == [("LM Studio", "link")]

    def test_links_to_folders_are_not_followed(self, tmp_path: Path, folder: Path) -> None:
        placed(tmp_path / "outside/x.gguf")
        (folder / "outside").symlink_to(tmp_path / "outside")
        (folder / "round").symlink_to(tmp_path / ".lmstudio")
        (folder / "broken.gguf").symlink_to(tmp_path / "nowhere.gguf")
        (folder / "self.gguf").symlink_to(folder / "self.gguf")
        os.mkfifo(folder / "pipe.gguf")
        assert titles(tmp_path) == []

    def test_a_models_folder_that_is_a_link_is_followed(self, tmp_path: Path) -> None:
        placed(tmp_path / "disk/a/b/Toy.gguf")
        (tmp_path / ".lmstudio").mkdir()
        (tmp_path / ".lmstudio/models").symlink_to(tmp_path / "disk")
        assert titles(tmp_path) == [("LM Studio", "Toy")]

    def test_folders_without_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        monkeypatch.setattr(places, "MOST_FILES", 3)
        monkeypatch.setattr(places, "MOST_FOLDERS", 5)
        for number in range(5):
            placed(folder / f"{number}.gguf", 256 * (1 + number))
        assert len(titles(tmp_path)) == 3
        shutil.rmtree(folder)
        for number in range(10):
            placed(folder / f"{number}" / "x.gguf", 256 * (1 + number))
        assert len(titles(tmp_path)) == 2  # the first three folders lead here

    def test_too_deep(self, tmp_path: Path, folder: Path) -> None:
        placed(folder.joinpath(*"abcdef", "near.gguf"))
        placed(folder.joinpath(*"abcdefg", "far.gguf"), 512)
        assert titles(tmp_path) == [("LM Studio", "near")]

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_what_may_not_be_read_is_passed_over(self, tmp_path: Path, folder: Path) -> None:
        gguf_file(folder / "closed.gguf").chmod(0)
        placed(folder / "locked/x.gguf", 512)
        (folder / "locked").chmod(0)
        placed(folder / "open/y.gguf", 1024)
        assert titles(tmp_path) == [("LM Studio", "y")]
        (folder / "locked").chmod(0o700)

    def test_titles_cannot_hide_anything(self, tmp_path: Path, folder: Path) -> None:
        gguf_file(folder / "x\u202egpj\n.gguf")
        assert titles(tmp_path) == [("LM Studio", "x\\u202egpj\\u000a")]

    def test_only_heads_are_read(self, tmp_path: Path, folder: Path) -> None:
        path = gguf_file(folder / "large.gguf")
        with path.open("r+b") as file:
            file.truncate(40_000_000_000)
        (found,) = found_elsewhere(computer(tmp_path))
        assert found.bytes == 40_000_000_000
