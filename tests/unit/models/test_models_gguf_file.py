"""The head of GGUF files, whole and broken."""

import random
from pathlib import Path

import gguf
import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models.gguf_file import read_head
from tests.helpers.fake_models import gguf_file


def test_a_whole_file(tmp_path: Path) -> None:
    head = read_head(gguf_file(tmp_path / "a.gguf", general__file_type=15, general__name="Toy"))
    assert (head.architecture, head.weights, head.context, head.quantisation) == ("llama", 256, 64, "Q4_K_M")
    assert head.text("general.name") == "Toy"
    assert not head.pools


def test_the_head_of_a_real_file_is_what_the_reference_reader_says(tiny_path: Path) -> None:
    reference = gguf.GGUFReader(tiny_path)
    head = read_head(tiny_path)
    assert head.weights == sum(int(tensor.n_elements) for tensor in reference.tensors)
    fields = {name: part.contents() for name, part in reference.fields.items() if not name.startswith("GGUF.")}
    assert head.metadata == {name: value for name, value in fields.items() if not isinstance(value, list)}


def test_text_from_the_file_cannot_draw_on_the_terminal(tmp_path: Path) -> None:
    head = read_head(gguf_file(tmp_path / "a.gguf", general__name="\x1b[31mred\n" + "x" * 500))
    assert head.text("general.name").startswith("[31mredx")
    assert len(head.text("general.name")) == 80


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    whole = gguf_file(tmp_path / "whole.gguf").read_bytes()
    cut = tmp_path / "cut.gguf"
    for length in range(4, len(whole)):
        cut.write_bytes(whole[:length])
        with pytest.raises(UserFacingError, match="was not downloaded completely"):
            read_head(cut)


@pytest.mark.parametrize("content", [b"", b"GG", b"hello, I am a text file", b"PK\x03\x04" + bytes(100)])
def test_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.gguf"
    path.write_bytes(content)
    with pytest.raises(UserFacingError, match=r"text\.gguf is not a model: it is not a GGUF file"):
        read_head(path)


def test_flipped_bits_never_crash(tmp_path: Path) -> None:
    whole = gguf_file(tmp_path / "whole.gguf").read_bytes()
    chance, path = random.Random(4711), tmp_path / "flipped.gguf"  # noqa: S311
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(4, len(data) - 1024)] = chance.randrange(256)
        path.write_bytes(data)
        try:
            read_head(path)
        except UserFacingError:
            continue


def test_a_piece_of_a_split_model(tmp_path: Path) -> None:
    path = gguf_file(tmp_path / "a-00001-of-00003.gguf", split__count=3)
    with pytest.raises(UserFacingError, match=r"its piece a-00002-of-00003\.gguf and 1 more is not there"):
        read_head(path)


@pytest.mark.parametrize("change", [{"weights": 0}, {"general__type": "adapter"}])
def test_a_gguf_that_is_no_language_model(tmp_path: Path, change) -> None:
    with pytest.raises(UserFacingError, match="not a language model"):
        read_head(gguf_file(tmp_path / "a.gguf", **change))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match=r"cannot be read: No such file"):
        read_head(tmp_path / "none.gguf")
