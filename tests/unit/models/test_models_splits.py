"""Models in several files."""

from contextlib import closing
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.engine import Engine
from desktop_agent.models import splits
from desktop_agent.models.gguf_file import read_head
from tests.helpers.asking import ask, chat
from tests.helpers.embedders import qwen
from tests.helpers.fake_models import gguf_file
from tests.helpers.split_gguf import split


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A model of 24 tensors."""
    return qwen(tmp_path / "whole.gguf", pooling=0)


@pytest.mark.parametrize("empty_first", [False, True])
@pytest.mark.parametrize("given", [0, 1, 2])
def test_any_piece_is_the_model(whole: Path, tmp_path: Path, given: int, empty_first: bool) -> None:
    pieces = split(whole, tmp_path / "Toy", 3, empty_first=empty_first)
    assert splits.pieces(pieces[given]) == tuple(pieces)
    assert splits.stem(pieces[given]) == "Toy"
    head, reference = read_head(pieces[given]), read_head(whole)
    assert (head.weights, head.architecture, head.context) == (reference.weights, "qwen3", reference.context)
    assert [tensor.name for tensor in head.tensors] == [tensor.name for tensor in reference.tensors]
    assert head.bytes == splits.total_bytes(pieces[given]) == sum(piece.stat().st_size for piece in pieces)


def test_a_whole_file_is_its_only_piece(whole: Path) -> None:
    assert splits.pieces(whole) == (whole,)
    assert splits.total_bytes(whole) == whole.stat().st_size
    assert splits.total_bytes(whole.with_name("none.gguf")) == 0


def test_missing_pieces_are_named(whole: Path, tmp_path: Path) -> None:
    pieces = split(whole, tmp_path / "Toy", 4)
    pieces[2].unlink()
    with pytest.raises(UserFacingError, match=r"^Toy is not whole: its piece Toy-00003-of-00004\.gguf is not there"):
        read_head(pieces[0])
    pieces[0].unlink()
    with pytest.raises(UserFacingError, match=r"its piece Toy-00001-of-00004\.gguf and 1 more is not there"):
        read_head(pieces[3])
    assert splits.total_bytes(pieces[3]) == 0


def test_a_piece_that_is_cut_off(whole: Path, tmp_path: Path) -> None:
    pieces = split(whole, tmp_path / "Toy", 3)
    pieces[1].write_bytes(pieces[1].read_bytes()[:-40])
    with pytest.raises(UserFacingError, match=r"Toy-00002-of-00003\.gguf was not downloaded completely"):
        read_head(pieces[0])


def test_pieces_of_different_models(whole: Path, tmp_path: Path) -> None:
    pieces = split(whole, tmp_path / "Toy", 3)
    other = split(whole, tmp_path / "Other", 2)
    other[1].replace(pieces[1])
    with pytest.raises(UserFacingError, match=r"Toy-00002-of-00003\.gguf is not the piece that its name says"):
        read_head(pieces[0])


def test_pieces_in_a_wrong_order(whole: Path, tmp_path: Path) -> None:
    pieces = split(whole, tmp_path / "Toy", 3)
    pieces[0].rename(tmp_path / "aside")
    pieces[1].rename(pieces[0])
    (tmp_path / "aside").rename(pieces[1])
    with pytest.raises(UserFacingError, match="is not the piece that its name says"):
        read_head(pieces[2])


def test_pieces_of_two_versions(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    mine = split(qwen(tmp_path / "a.gguf", pooling=0), tmp_path / "Toy", 2)
    smaller = split(gguf_file(tmp_path / "b" / "b.gguf"), tmp_path / "b" / "Toy", 2, empty_first=True)
    smaller[1].replace(mine[1])
    with pytest.raises(UserFacingError, match=r"The pieces of Toy do not belong together: they hold 13 of 24 tensors"):
        read_head(mine[0])


def test_a_piece_without_its_name(whole: Path, tmp_path: Path) -> None:
    pieces = split(whole, tmp_path / "Toy", 2)
    renamed = pieces[0].rename(tmp_path / "model.gguf")
    with pytest.raises(UserFacingError, match=r"model\.gguf is one of 2 pieces of a model, but its name"):
        read_head(renamed)


@pytest.mark.parametrize("name", ["a-00003-of-00002.gguf", "a-00000-of-00002.gguf", "a-00001-of-99999.gguf", "-1.gguf"])
def test_names_that_only_look_like_a_piece(tmp_path: Path, name: str) -> None:
    assert splits.named(tmp_path / name) == (tmp_path / name,)


def test_the_engine_loads_the_pieces_and_answers_the_same(tiny_path: Path, tmp_path: Path) -> None:
    pieces = split(tiny_path, tmp_path / "tiny", 3)
    assert answer(splits.pieces(pieces[2])[0]) == answer(tiny_path)


def answer(path: Path) -> str:
    """Return what a model says to a question at temperature 0."""
    with closing(Engine.load(path, context_tokens=512)) as engine:
        text = ask(engine, chat("What is the capital of France, and what is it known for?", max_tokens=24)).message.text
    assert len(text) > 20
    return text
