"""Tiny models with random weights, one for each family of architectures: they write nonsense, but by all the rules.

Shapes as llama.cpp's loaders ask for them (src/models/*.cpp of the release that llama-cpp-python vendors).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EMBEDDING, HEADS, KV_HEADS, FEED_FORWARD, LAYERS = 64, 4, 2, 128, 2
INNER, STATE, CONVOLUTION, RANK, GROUPS = 128, 16, 4, 8, 1
KV_WIDTH = EMBEDDING // HEADS * KV_HEADS
CONTROL = 3
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

Shapes = dict[str, tuple[int, ...]]
"""Of tensors by name, the fastest dimension first, as llama.cpp counts them."""


@dataclass(frozen=True)
class Architecture:
    """What llama.cpp wants to find in a file. `recurrent` says which layers keep a state instead of a cache."""

    keys: Mapping[str, Any]
    tensors: Shapes
    recurrent: tuple[bool, ...]


def architectures() -> tuple[str, ...]:
    """Return the names of all that can be written."""
    return tuple(_MAKERS)


def write(path: Path, architecture: str, *, template: str = CHATML, seed: int = 0, context: int = 1024) -> Path:
    """Write a model of that architecture with bytes for tokens; return its path."""
    import gguf
    import numpy as np

    made = _MAKERS[architecture]()
    tokens = [*_byte_tokens(), *SPECIALS]
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(f"random {architecture}")
    writer.add_context_length(context)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(LAYERS)
    for key, value in made.keys.items():
        _add(writer, f"{architecture}.{key}", value)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 256 + [CONTROL] * len(SPECIALS))
    writer.add_token_merges([f"{tokens[97]} {tokens[98]}"])
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_chat_template(template)
    random = np.random.default_rng(seed)
    for name, shape in _all_tensors(made, len(tokens)).items():
        scale = 0.0 if name.endswith("bias") else 1.0 if "norm" in name or "_ln" in name else 1 / np.sqrt(shape[0])
        values = random.standard_normal(tuple(reversed(shape))) * scale + (1.0 if "norm" in name else 0.0)
        if name == "output.weight":
            values[128:] = 0  # answers are ASCII: bytes at random are no text, and would not come back as the same
        writer.add_tensor(name, (-abs(values) if ".ssm_a" in name else values).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _all_tensors(made: Architecture, vocabulary: int) -> Shapes:
    return {
        "token_embd.weight": (EMBEDDING, vocabulary),
        "output.weight": (EMBEDDING, vocabulary),
        **made.tensors,
    }


def _add(writer: Any, key: str, value: Any) -> None:
    if isinstance(value, float):
        writer.add_float32(key, value)
    elif isinstance(value, list):
        writer.add_array(key, value)
    else:
        writer.add_uint32(key, value)


def _byte_tokens() -> Iterator[str]:
    """Yield the characters that stand for the 256 bytes in a byte-level vocabulary (GPT-2's)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    for byte in range(256):
        yield chr(byte if byte in printable else next(others))


def _layers(*makers: Any) -> Shapes:
    return {f"blk.{i}.{name}": shape for i, make in enumerate(makers) for name, shape in make().items()}


def _attention() -> Shapes:
    return {
        "attn_norm.weight": (EMBEDDING,),
        "attn_q.weight": (EMBEDDING, EMBEDDING),
        "attn_k.weight": (EMBEDDING, KV_WIDTH),
        "attn_v.weight": (EMBEDDING, KV_WIDTH),
        "attn_output.weight": (EMBEDDING, EMBEDDING),
    }


def _feed_forward() -> Shapes:
    return {
        "ffn_norm.weight": (EMBEDDING,),
        "ffn_gate.weight": (EMBEDDING, FEED_FORWARD),
        "ffn_up.weight": (EMBEDDING, FEED_FORWARD),
        "ffn_down.weight": (FEED_FORWARD, EMBEDDING),
    }


def _state_space() -> Shapes:
    return {
        "attn_norm.weight": (EMBEDDING,),
        "ssm_in.weight": (EMBEDDING, 2 * INNER),
        "ssm_conv1d.weight": (CONVOLUTION, INNER),
        "ssm_conv1d.bias": (INNER,),
        "ssm_x.weight": (INNER, RANK + 2 * STATE),
        "ssm_dt.weight": (RANK, INNER),
        "ssm_dt.bias": (INNER,),
        "ssm_a": (STATE, INNER),
        "ssm_d": (INNER,),
        "ssm_out.weight": (INNER, EMBEDDING),
    }


def _state_space_norms() -> Shapes:
    return {"ssm_dt_norm.weight": (RANK,), "ssm_b_norm.weight": (STATE,), "ssm_c_norm.weight": (STATE,)}


def _second_state_space() -> Shapes:
    """Mamba 2's layer, as Granite has it."""
    mixed = INNER + 2 * GROUPS * STATE
    return {
        "attn_norm.weight": (EMBEDDING,),
        "ssm_in.weight": (EMBEDDING, INNER + mixed + RANK),
        "ssm_conv1d.weight": (CONVOLUTION, mixed),
        "ssm_conv1d.bias": (mixed,),
        "ssm_dt.bias": (RANK,),
        "ssm_a": (1, RANK),
        "ssm_d": (1, RANK),
        "ssm_norm.weight": (INNER // GROUPS, GROUPS),
        "ssm_out.weight": (INNER, EMBEDDING),
    }


def _short_convolution() -> Shapes:
    return {
        "attn_norm.weight": (EMBEDDING,),
        "shortconv.conv.weight": (CONVOLUTION, EMBEDDING),
        "shortconv.in_proj.weight": (EMBEDDING, 3 * EMBEDDING),
        "shortconv.out_proj.weight": (EMBEDDING, EMBEDDING),
    }


def _head_norms() -> Shapes:
    return {"attn_q_norm.weight": (EMBEDDING // HEADS,), "attn_k_norm.weight": (EMBEDDING // HEADS,)}


def _time_mix() -> Shapes:
    """RWKV 7's layer; every low-rank matrix has rank RANK."""
    pairs = {f"time_mix_{name}{step}.weight": shape for name in "wavg" for step, shape in _LOW_RANK.items()}
    del pairs["time_mix_g0.weight"]
    square = {f"time_mix_{name}.weight": (EMBEDDING, EMBEDDING) for name in ("key", "value", "receptance", "output")}
    vectors = ("attn_norm", "attn_norm_2", "time_mix_ln")
    norms = {f"{name}.{kind}": (EMBEDDING,) for name in vectors for kind in ("weight", "bias")}
    return {
        **norms,
        **pairs,
        **square,
        **{f"time_mix_{name}.weight": (EMBEDDING,) for name in ("k_k", "k_a", "r_k")},
        "time_mix_lerp_fused.weight": (EMBEDDING, 1, 1, 6),
        "channel_mix_lerp_k.weight": (EMBEDDING, 1, 1),
        "channel_mix_key.weight": (EMBEDDING, FEED_FORWARD),
        "channel_mix_value.weight": (FEED_FORWARD, EMBEDDING),
    }


_LOW_RANK = {0: (EMBEDDING,), 1: (EMBEDDING, RANK), 2: (RANK, EMBEDDING)}
_NORM: Shapes = {"output_norm.weight": (EMBEDDING,)}
_EPSILON = {"attention.layer_norm_rms_epsilon": 1e-5}
_STATE_KEYS = {
    "ssm.conv_kernel": CONVOLUTION,
    "ssm.inner_size": INNER,
    "ssm.state_size": STATE,
    "ssm.time_step_rank": RANK,
}
_MIXED = {
    "feed_forward_length": FEED_FORWARD,
    "attention.head_count": HEADS,
    "attention.head_count_kv": [0, KV_HEADS],
    **_EPSILON,
}


def _llama() -> Architecture:
    keys = {**_MIXED, "attention.head_count_kv": KV_HEADS}
    layer = lambda: _attention() | _feed_forward()  # noqa: E731
    return Architecture(keys, {**_NORM, **_layers(layer, layer)}, (False, False))


def _mamba() -> Architecture:
    keys = {"feed_forward_length": 0, "attention.head_count": 0, **_EPSILON, **_STATE_KEYS}
    return Architecture(keys, {**_NORM, **_layers(_state_space, _state_space)}, (True, True))


def _jamba() -> Architecture:
    recurrent = lambda: _state_space() | _state_space_norms() | _feed_forward()  # noqa: E731
    tensors = _layers(recurrent, lambda: _attention() | _feed_forward())
    return Architecture({**_MIXED, **_STATE_KEYS}, {**_NORM, **tensors}, (True, False))


def _granite() -> Architecture:
    tensors = _layers(lambda: _second_state_space() | _feed_forward(), lambda: _attention() | _feed_forward())
    keys = {**_MIXED, **_STATE_KEYS, "ssm.group_count": GROUPS}
    return Architecture(keys, {**_NORM, **tensors}, (True, False))


def _lfm2() -> Architecture:
    attending = lambda: _attention() | _head_norms() | _feed_forward()  # noqa: E731
    tensors = _layers(lambda: _short_convolution() | _feed_forward(), attending)
    keys = {**_MIXED, "shortconv.l_cache": CONVOLUTION}
    return Architecture(keys, {"token_embd_norm.weight": (EMBEDDING,), **tensors}, (True, False))


def _rwkv7() -> Architecture:
    ranks = ("attention.decay_lora_rank", "attention.iclr_lora_rank", "attention.gate_lora_rank")
    keys = {
        "feed_forward_length": FEED_FORWARD,
        "attention.head_count": 0,
        "attention.layer_norm_epsilon": 1e-5,
        "wkv.head_size": EMBEDDING,  # as in all of them: the vector code takes 64 at once and looks at no size
        "token_shift_count": 2,
        "attention.value_residual_mix_lora_rank": RANK,
        **dict.fromkeys(ranks, RANK),
    }
    norms = {
        f"{name}.{kind}": (EMBEDDING,) for name in ("token_embd_norm", "output_norm") for kind in ("weight", "bias")
    }
    return Architecture(keys, {**norms, **_layers(_time_mix, _time_mix)}, (True, True))


_MAKERS = {
    "llama": _llama,
    "mamba": _mamba,
    "jamba": _jamba,
    "granitehybrid": _granite,
    "lfm2": _lfm2,
    "rwkv7": _rwkv7,
}
