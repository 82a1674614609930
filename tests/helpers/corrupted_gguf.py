"""Some two hundred model files with something wrong, each of another kind, made from a small whole one."""

import random
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.helpers.gguf_parts import (
    ARRAY,
    BOOL,
    FLOAT32,
    INT32,
    STRING,
    UINT32,
    UINT64,
    Parts,
    array,
    taken_apart,
    text,
)

_SEED = 4711
_CUTS, _FLIPS = 24, 40
_NAN, _INFINITY = struct.pack("<f", float("nan")), struct.pack("<f", float("inf"))
_TOKENS, _TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"
_MERGES, _EOS = "tokenizer.ggml.merges", "tokenizer.ggml.eos_token_id"
_TEMPLATE = "tokenizer.chat_template"
_SIZES = (
    "block_count",
    "context_length",
    "embedding_length",
    "feed_forward_length",
    "attention.head_count",
    "attention.head_count_kv",
)


def corrupted(whole: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a name and the bytes for each file, always the same ones; `whole` is a llama of `random_gguf`."""
    parts, data = taken_apart(whole), whole.read_bytes()
    head = len(data) - len(parts.data)
    yield from _cut(data, head)
    yield from _flipped(data, head)
    yield from ((name, wrong.written()) for maker in _MAKERS for name, wrong in maker(parts))
    yield from _strange(data)


def _cut(data: bytes, head: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(_SEED)  # noqa: S311
    places = [0, 3, 4, 7, 23, head - 1, head, len(data) - 1, *(chance.randrange(24, len(data)) for _ in range(_CUTS))]
    for place in places:
        yield f"cut-{place}", data[:place]


def _flipped(data: bytes, head: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(_SEED + 1)  # noqa: S311
    for number in range(_FLIPS):
        wrong = bytearray(data)
        for _ in range(number % 4 + 1):
            wrong[chance.randrange(4, head)] ^= 1 << chance.randrange(8)
        yield f"flipped-{number}", bytes(wrong)


def _counts(parts: Parts) -> Iterator[tuple[str, Parts]]:
    for count in (0, 1, 1 << 16, 1 << 31, 1 << 63, (1 << 64) - 1):
        yield f"pairs-{count}", replace(parts, pair_count=count)
        yield f"tensors-{count}", replace(parts, tensor_count=count)
    for version in (0, 1, 4, 1 << 24):
        yield f"version-{version}", replace(parts, version=version)
    yield "pairs-none", replace(parts, pairs=())
    yield "tensors-none", replace(parts, tensors=(), data=b"")


def _kinds(parts: Parts) -> Iterator[tuple[str, Parts]]:
    wrong = {
        "text": (STRING, text(b"2")),
        "float": (FLOAT32, struct.pack("<f", 2.0)),
        "yes": (BOOL, b"\1"),
        "list": (ARRAY, array(UINT32, [struct.pack("<I", 2)] * 3)),
        "texts": (ARRAY, array(STRING, [text(b"2")])),
        "list-of-lists": (ARRAY, array(ARRAY, [array(UINT32, [])])),
        "negative": (INT32, struct.pack("<i", -2)),
    }
    for name, (kind, value) in wrong.items():
        for key in ("llama.block_count", "general.architecture", _TOKENS):
            yield f"{key}-{name}", parts.having(key, kind, value)
    for kind in (13, 99, 0xFFFFFFFF):
        yield f"kind-{kind}", parts.having("general.name", kind, text(b"x"))


def _numbers(parts: Parts) -> Iterator[tuple[str, Parts]]:
    for key in _SIZES:
        for value in (0, 1, 1 << 16, 0xFFFFFFFF):
            yield f"{key}-{value}", parts.having(f"llama.{key}", UINT32, struct.pack("<I", value))
        yield f"{key}-missing", parts.without(f"llama.{key}")
    yield "epsilon-nan", parts.having("llama.attention.layer_norm_rms_epsilon", FLOAT32, _NAN)
    yield "rope-odd", parts.having("llama.rope.dimension_count", UINT32, struct.pack("<I", 7))
    yield "experts", parts.having("llama.expert_count", UINT32, struct.pack("<I", 8))
    yield "unknown-architecture", parts.having("general.architecture", STRING, text(b"gpt-9000"))
    yield "another-architecture", parts.having("general.architecture", STRING, text(b"mamba"))
    yield "context-wide", parts.having("llama.context_length", UINT64, struct.pack("<Q", 1 << 60))


def _places(parts: Parts) -> Iterator[tuple[str, Parts]]:
    for alignment in (0, 1, 3, 64, 4096, 1 << 31):
        yield f"alignment-{alignment}", parts.having("general.alignment", UINT32, struct.pack("<I", alignment))
    yield "alignment-text", parts.having("general.alignment", STRING, text(b"32"))
    yield "alignment-wide", parts.having("general.alignment", UINT64, struct.pack("<Q", 32))
    for offset in (1, 32, 1 << 20, 1 << 40, 1 << 63, (1 << 64) - 32):
        yield f"offset-{offset}", parts.with_tensor("blk.0.attn_q.weight", offset=offset)
    yield "overlapping", parts.with_tensor("blk.1.attn_q.weight", offset=parts.tensors[0].offset)


def _shapes(parts: Parts) -> Iterator[tuple[str, Parts]]:
    name = "blk.0.ffn_up.weight"
    for shape in ((0, 128), (64, 0), (128, 64), (8192,), (64, 1 << 62), (1 << 63, 2), (64, 2, 64), (1,) * 5, ()):
        yield f"shape-{'x'.join(map(str, shape))}", parts.with_tensor(name, dimensions=shape)
    for kind in (1, 2, 12, 31, 0x7FFFFFFF):
        yield f"tensor-kind-{kind}", parts.with_tensor(name, kind=kind)
    for missing in ("token_embd.weight", "output_norm.weight", "blk.0.attn_v.weight", "blk.1.ffn_down.weight"):
        yield f"without-{missing}", parts.without_tensor(missing)
    yield "renamed", parts.with_tensor(name, name=b"blk.7.ffn_up.weight")
    yield "same-name", parts.with_tensor(name, name=b"blk.0.ffn_gate.weight")
    yield "long-name", parts.with_tensor(name, name=b"n" * 64)
    yield "no-name", parts.with_tensor(name, name=b"")


def _strings(parts: Parts) -> Iterator[tuple[str, Parts]]:
    for length in (1 << 20, 1 << 32, (1 << 64) - 1):
        yield f"text-of-{length}", parts.having("general.name", STRING, struct.pack("<Q", length) + b"x")
        yield f"list-of-{length}", parts.having(_TOKENS, ARRAY, array(STRING, [text(b"a")], length))
        yield f"numbers-{length}", parts.having(_TYPES, ARRAY, array(INT32, [bytes(4)], length))
    yield "no-utf8", parts.having("general.name", STRING, text(b"\xff\xfe\xc0\x80"))
    yield "no-utf8-architecture", parts.having("general.architecture", STRING, text(b"\xff\xfe"))
    yield "no-utf8-template", parts.having(_TEMPLATE, STRING, text(b"{{ messages[0].content }}\xff"))
    yield "key-empty", parts.having("", STRING, text(b"x"))
    yield "key-twice", replace(parts, pairs=(*parts.pairs, parts.pairs[0]))
    yield "key-long", parts.having("k" * 70_000, STRING, text(b"x"))
    yield "zeros-in-name", parts.having("general.name", STRING, text(b"a\0b\x1b[31m\n"))
    yield (
        "endless-template",
        parts.having(
            _TEMPLATE, STRING, text(b"{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
        ),
    )
    yield "template-broken", parts.having(_TEMPLATE, STRING, text(b"{% for x in %}"))


def _vocabularies(parts: Parts) -> Iterator[tuple[str, Parts]]:
    letters = [text(bytes([97 + n % 26]) * (n // 26 + 1)) for n in range(259)]
    yield "tokens-none", parts.having(_TOKENS, ARRAY, array(STRING, []))
    yield "tokens-few", parts.having(_TOKENS, ARRAY, array(STRING, letters[:7]))
    yield "tokens-many", parts.having(_TOKENS, ARRAY, array(STRING, [*letters, text(b"more")] * 3))
    yield "tokens-same", parts.having(_TOKENS, ARRAY, array(STRING, [text(b"a")] * 259))
    yield "tokens-empty", parts.having(_TOKENS, ARRAY, array(STRING, [text(b"")] * 259))
    yield "tokens-no-bytes", parts.having(_TOKENS, ARRAY, array(STRING, letters))
    yield "tokens-no-utf8", parts.having(_TOKENS, ARRAY, array(STRING, [text(b"\xff" * (n + 1)) for n in range(259)]))
    yield "tokens-huge", parts.having(_TOKENS, ARRAY, array(STRING, [*letters[:-1], text(b"x" * 1_000_000)]))
    yield "tokens-missing", parts.without(_TOKENS)
    yield "types-few", parts.having(_TYPES, ARRAY, array(INT32, [struct.pack("<i", 1)] * 3))
    yield "types-none", parts.having(_TYPES, ARRAY, array(INT32, []))
    yield "types-strange", parts.having(_TYPES, ARRAY, array(INT32, [struct.pack("<i", -9)] * 259))
    yield "types-control", parts.having(_TYPES, ARRAY, array(INT32, [struct.pack("<i", 3)] * 259))
    yield "types-user", parts.having(_TYPES, ARRAY, array(INT32, [struct.pack("<i", 4)] * 259))
    yield "types-text", parts.having(_TYPES, ARRAY, array(STRING, [text(b"1")] * 259))
    yield (
        "merges-nonsense",
        parts.having(_MERGES, ARRAY, array(STRING, [text(b"no"), text(b""), text(b" "), text(b"a b c")])),
    )
    yield "merges-missing", parts.without(_MERGES)
    yield "merges-numbers", parts.having(_MERGES, ARRAY, array(INT32, [bytes(4)] * 9))
    for value in (259, 0xFFFFFFFF):
        yield f"eos-{value}", parts.having(_EOS, UINT32, struct.pack("<I", value))
        yield f"bos-{value}", parts.having("tokenizer.ggml.bos_token_id", UINT32, struct.pack("<I", value))
    for model in (b"llama", b"bert", b"t5", b"rwkv", b"none", b"no_vocab", b"what"):
        yield f"tokenizer-{model.decode()}", parts.having("tokenizer.ggml.model", STRING, text(model))
    yield "pre-unknown", parts.having("tokenizer.ggml.pre", STRING, text(b"nobody's"))


def _weights(parts: Parts) -> Iterator[tuple[str, Parts]]:
    for name in ("token_embd.weight", "output_norm.weight", "blk.0.attn_k.weight", "output.weight"):
        yield f"nan-{name}", parts.filled(name, _NAN * 64)
        yield f"infinite-{name}", parts.filled(name, _INFINITY * 64)
    yield "zeros", replace(parts, data=bytes(len(parts.data)))
    yield "noise", replace(parts, data=random.Random(_SEED + 2).randbytes(len(parts.data)))  # noqa: S311


def _strange(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield "text", b"This is no model at all.\n" * 100
    yield "other-magic", b"GGML" + data[4:]
    yield "backwards", data[::-1]
    yield "magic-alone", b"GGUF" * 1000
    yield "zeros-alone", bytes(4096)


_MAKERS = (_counts, _kinds, _numbers, _places, _shapes, _strings, _vocabularies, _weights)
