"""Embedding models of a few kilobytes with random weights, as other makers lay them out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDTH, HEADS, LAYERS, CONTEXT = 32, 2, 2, 64
MEAN, FIRST, LAST, RANK = 1, 2, 3, 4
LETTERS = "abcdefghijklmnopqrstuvwxyz:_"

Writer = Any


def bert(path: Path, *, pooling: int | None = FIRST, name: str = "Toy", width: int = WIDTH) -> Path:
    """Write an encoder that reads letters; its context has 64 tokens."""
    writer, add = _begin(path, "bert", name, pooling, width)
    writer.add_causal_attention(False)
    writer.add_layer_norm_eps(1e-6)
    writer.add_token_type_count(2)
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"\u2581{letter}" for letter in LETTERS)]
    writer.add_tokenizer_model("bert")
    _add_vocabulary(writer, tokens, [3, 2, 3, 3], unk=1, sep=3, pad=0, bos=2, eos=3)
    add("token_embd.weight", len(tokens), width)
    add("token_types.weight", 2, width)
    add("position_embd.weight", CONTEXT, width)
    _add_pair(add, "token_embd_norm", width)
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            _add_pair(add, f"blk.{layer}.{part}", width, width)
        _add_pair(add, f"blk.{layer}.ffn_up", 2 * width, width)
        _add_pair(add, f"blk.{layer}.ffn_down", width, 2 * width)
        for part in ("attn_output_norm", "layer_output_norm"):
            _add_pair(add, f"blk.{layer}.{part}", width)
    return _end(writer, path)


def qwen(path: Path, *, pooling: int | None = LAST, name: str = "Qwen3 Embedding Toy") -> Path:
    """Write a model that reads from left to right, byte after byte, and ends each text with a token of its own."""
    writer, add = _begin(path, "qwen3", name, pooling, WIDTH)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_freq_base(10_000.0)
    tokens = [*_byte_letters(), "<|endoftext|>"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_merges(["a a"])
    _add_vocabulary(writer, tokens, [], eos=256, pad=256, bos=256)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(True)
    add("token_embd.weight", len(tokens), WIDTH)
    add("output_norm.weight", WIDTH)
    for layer in range(LAYERS):
        for part in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{part}.weight", WIDTH)
        for part in ("attn_q_norm", "attn_k_norm"):
            add(f"blk.{layer}.{part}.weight", WIDTH // HEADS)
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
        for part in ("ffn_gate", "ffn_up"):
            add(f"blk.{layer}.{part}.weight", 2 * WIDTH, WIDTH)
        add(f"blk.{layer}.ffn_down.weight", WIDTH, 2 * WIDTH)
    return _end(writer, path)


def _begin(
    path: Path, architecture: str, name: str, pooling: int | None, width: int
) -> tuple[Writer, Callable[..., None]]:
    """Return a writer, and what adds a tensor of this shape, the same at each call."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(path, architecture)
    chance = np.random.default_rng(4711)
    writer.add_name(name)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(2 * width)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    if pooling is not None:
        writer.add_uint32(f"{architecture}.pooling_type", pooling)

    def add(tensor: str, *shape: int) -> None:
        values = chance.standard_normal(shape).astype(np.float32)
        writer.add_tensor(tensor, values + 1 if "norm.weight" in tensor else values / 2)

    return writer, add


def _add_pair(add: Callable[..., None], name: str, *shape: int) -> None:
    add(f"{name}.weight", *shape)
    add(f"{name}.bias", shape[0])


def _add_vocabulary(writer: Writer, tokens: list[str], kinds: list[int], **special: int) -> None:
    writer.add_token_list(tokens)
    writer.add_token_types([*kinds, *[1] * (len(tokens) - len(kinds))])
    for name, token in special.items():
        getattr(writer, f"add_{name}_token_id")(token)


def _byte_letters() -> list[str]:
    """Return GPT-2's letter for each byte."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = iter(range(256, 512))
    return [chr(byte if byte in shown else next(rest)) for byte in range(256)]


def _end(writer: Writer, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
