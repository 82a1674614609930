"""The reader of heads: what it keeps, and what it does not believe."""

import random
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.models import gguf_reader
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.gguf_reader import Tensor
from tests.helpers import random_gguf
from tests.helpers.gguf_parts import ARRAY, INT32, STRING, UINT32, UINT64, Parts, array, taken_apart, text

TOKENS = "tokenizer.ggml.tokens"


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return taken_apart(random_gguf.write(tmp_path / "whole.gguf", "jamba"))


def test_short_arrays_are_kept_and_long_ones_counted(tmp_path: Path, parts: Parts) -> None:
    many = array(INT32, [bytes(4)] * 2000)
    path = tmp_path / "a.gguf"
    path.write_bytes(parts.having("tokenizer.ggml.scores", ARRAY, many).written())
    head = read_head(path)
    assert head.numbers["jamba.attention.head_count_kv"] == (0, 2)
    assert head.counts[TOKENS] == 259
    assert "tokenizer.ggml.scores" not in head.numbers
    assert head.counts["tokenizer.ggml.scores"] == 2000
    assert head.bytes == path.stat().st_size


def test_tensors_are_as_the_file_says(tmp_path: Path) -> None:
    head = read_head(random_gguf.write(tmp_path / "a.gguf", "llama"))
    table = head.tensors[0]
    assert table == Tensor("token_embd.weight", (64, 259), 0, 0)
    assert (table.elements, table.size) == (64 * 259, 64 * 259 * 4)
    assert Tensor("q", (256, 2), 12, 0).size == 2 * 144
    assert Tensor("from the future", (256, 2), 999, 0).size == 0


def test_texts_are_counted_off_wherever_the_pieces_end(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(4711)  # noqa: S311
    tokens = [text(b"x" * chance.choice([0, 1, 7, 8, 9, 40, 41])) for _ in range(500)]
    path = tmp_path / "a.gguf"
    path.write_bytes(parts.having(TOKENS, ARRAY, array(STRING, tokens)).written())
    expected = read_head(path)
    for piece in (8, 9, 15, 16, 33, 1000):
        monkeypatch.setattr(gguf_reader, "_PIECE", piece)
        assert read_head(path) == expected


def refused(tmp_path: Path, parts: Parts, match: str = "damaged") -> None:
    path = tmp_path / "wrong.gguf"
    path.write_bytes(parts.written())
    with pytest.raises(UserFacingError, match=match):
        read_head(path)


@pytest.mark.parametrize("alignment", [0, 3, 48, 1 << 21])
def test_an_alignment_is_a_power_of_two(tmp_path: Path, parts: Parts, alignment: int) -> None:
    refused(tmp_path, parts.having("general.alignment", UINT32, struct.pack("<I", alignment)))


def test_an_alignment_is_a_number_of_its_kind(tmp_path: Path, parts: Parts) -> None:
    refused(tmp_path, parts.having("general.alignment", UINT64, struct.pack("<Q", 32)))
    refused(tmp_path, parts.having("general.alignment", STRING, text(b"32")))


def test_each_tensor_begins_where_the_one_before_ends(tmp_path: Path, parts: Parts) -> None:
    second = parts.tensors[1]
    for offset in (0, second.offset - 32, second.offset + 32, 1 << 63):
        refused(
            tmp_path, replace(parts, tensors=(parts.tensors[0], replace(second, offset=offset), *parts.tensors[2:]))
        )


@pytest.mark.parametrize("shape", [(), (0,), (64, 0), (1 << 63, 4), (1 << 40, 1 << 40), (1,) * 5])
def test_dimensions_that_cannot_be(tmp_path: Path, parts: Parts, shape: tuple[int, ...]) -> None:
    refused(tmp_path, parts.with_tensor("blk.1.attn_q.weight", dimensions=shape))


def test_rows_are_whole_blocks(tmp_path: Path, parts: Parts) -> None:
    refused(tmp_path, parts.with_tensor("blk.1.attn_q.weight", kind=12))


def test_no_key_and_no_tensor_twice(tmp_path: Path, parts: Parts) -> None:
    refused(tmp_path, replace(parts, pairs=(*parts.pairs, parts.pairs[0])))
    refused(tmp_path, parts.with_tensor("blk.1.attn_q.weight", name=b"blk.1.attn_k.weight"))


@pytest.mark.parametrize("count", [1 << 13, 1 << 40, (1 << 64) - 1])
def test_counts_that_cannot_be(tmp_path: Path, parts: Parts, count: int) -> None:
    refused(tmp_path, replace(parts, pair_count=count))
    refused(tmp_path, replace(parts, tensor_count=min(count << 10, (1 << 64) - 1)))


@pytest.mark.parametrize(
    ("key", "kind", "value"),
    [
        ("block_count", UINT32, struct.pack("<I", 513)),
        ("block_count", UINT32, struct.pack("<I", 0)),
        ("embedding_length", UINT32, struct.pack("<I", 1 << 21)),
        ("context_length", UINT64, struct.pack("<Q", 1 << 60)),
        ("attention.head_count", INT32, struct.pack("<i", -1)),
        ("attention.head_count", STRING, text(b"four")),
        ("attention.head_count_kv", ARRAY, array(UINT32, [bytes(4)] * 513)),
        ("attention.head_count_kv", ARRAY, array(INT32, [struct.pack("<i", -1)] * 2)),
    ],
)
def test_numbers_of_an_architecture_that_cannot_be(
    tmp_path: Path, parts: Parts, key: str, kind: int, value: bytes
) -> None:
    refused(
        tmp_path, parts.having(f"jamba.{key}", kind, value), rf"wrong\.gguf is damaged: its (number of )?{key}s? cannot"
    )
