"""How fast this machine computes, measured with two layers of a 7B, so that a model's speed is known before it is here.

Reading a prompt is multiplying: what counts is how many weights times tokens a second. Writing is moving memory: what
counts is how many bytes of weights a second.
"""

import json
import struct
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from desktop_agent import durable
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.choices import machine
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.trial import OutOfTime, TrialCrashed, TrialProcess
from desktop_agent.llm.tuning_file import Content, Pair, Tensor, float_pair, number_pair, text_pair, write
from desktop_agent.llm.weights import default_threads

SECONDS = 15.0
"""At most; usually it takes a third of that."""
_READ, _WRITTEN, _ROUNDS = 128, 8, 2
_LAYERS, _WIDTH, _INNER, _HEADS, _KV_HEADS, _WORDS, _CONTEXT = 2, 3584, 18944, 28, 4, 512, 4096
_KV_WIDTH = _WIDTH // _HEADS * _KV_HEADS
_BLOCK = 256
"""Weights in a block of Q4_K and Q6_K."""
_F32, _Q4, _Q6 = 0, 12, 14
_BLOCK_BYTES = {_Q4: 144, _Q6: 210}
_BLOCKS = 4096
"""Random blocks that are repeated until a matrix is full."""


@dataclass(frozen=True)
class Speed:
    """What a processor does in a second: `multiply_rate` weights × tokens, `memory_rate` bytes of weights."""

    multiply_rate: float
    memory_rate: float


class Probed:
    """The measured speed, kept in a file for this machine and these versions."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "probe.json"

    def get(self) -> Speed | None:
        """Return the speed, None when it was never measured here, or the file is damaged."""
        try:
            data = json.loads(self._path.read_bytes())
            speed = Speed(float(data["speed"]["multiply_rate"]), float(data["speed"]["memory_rate"]))
            return speed if data["machine"] == machine() and min(asdict(speed).values()) > 0 else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def forget(self) -> None:
        """Let the speed be measured again when it is next asked for."""
        self._path.unlink(missing_ok=True)

    def put(self, speed: Speed) -> None:
        """Keep the speed; raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        durable.write(self._path, json.dumps({"machine": machine(), "speed": asdict(speed)}).encode())


def measure(cancel: threading.Event) -> Speed:
    """Measure for a few seconds. Raises UserFacingError when that is not possible, Cancelled soon after `cancel`."""
    deadline = monotonic() + SECONDS
    try:
        with TemporaryDirectory(prefix="desktop-agent-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "layers.gguf"
            write_layers(path, cancel)
            return _measured(path, deadline, cancel)
    except (OSError, OutOfTime, TrialCrashed) as error:
        raise UserFacingError("How fast this computer is could not be measured.", str(error)) from error


def _measured(path: Path, deadline: float, cancel: threading.Event) -> Speed:
    matrices = [tensor for tensor in _tensors() if tensor.name.startswith("blk.") and len(tensor.shape) == 2]
    count = default_threads()
    with TrialProcess(deadline, cancel) as process:
        process.load(path, repack=False, gpu_layers=0)
        settings = EngineSettings(threads=count, threads_batch=count)
        (figures,) = process.measure([settings], _READ, _WRITTEN, _ROUNDS)
    if figures is None:
        raise UserFacingError("How fast this computer is could not be measured.", "Free some memory and try again.")
    weights, size = sum(prod(tensor.shape) for tensor in matrices), sum(tensor.bytes for tensor in matrices)
    return Speed(weights / figures["read"], size / figures["write"])


def write_layers(path: Path, cancel: threading.Event) -> None:
    """Write a model of random weights that has the layers of a 7B, but few of them, and few words."""
    write(path, _pairs(), _contents(cancel))


def _pairs() -> list[Pair]:
    counts = {
        "block_count": _LAYERS,
        "context_length": _CONTEXT,
        "embedding_length": _WIDTH,
        "feed_forward_length": _INNER,
        "attention.head_count": _HEADS,
        "attention.head_count_kv": _KV_HEADS,
        "vocab_size": _WORDS,
    }
    return [
        text_pair("general.architecture", "qwen2"),
        *(number_pair(f"qwen2.{key}", value) for key, value in counts.items()),
        float_pair("qwen2.attention.layer_norm_rms_epsilon", 1e-6),
        float_pair("qwen2.rope.freq_base", 1e6),
        text_pair("tokenizer.ggml.model", "no_vocab"),
    ]


def _tensors() -> Iterator[Tensor]:
    """Yield the tensors, of the kinds that a Q4_K_M file has."""
    yield _tensor("token_embd.weight", _Q4, _WIDTH, _WORDS)
    for layer in range(_LAYERS):
        rich = _Q6 if layer % 2 else _Q4
        for name, width in (("attn_norm.weight", _WIDTH), ("ffn_norm.weight", _WIDTH)):
            yield _tensor(f"blk.{layer}.{name}", _F32, width)
        for name, width in (("attn_q.bias", _WIDTH), ("attn_k.bias", _KV_WIDTH), ("attn_v.bias", _KV_WIDTH)):
            yield _tensor(f"blk.{layer}.{name}", _F32, width)
        for name, kind, width, rows in (
            ("attn_q", _Q4, _WIDTH, _WIDTH),
            ("attn_k", _Q4, _WIDTH, _KV_WIDTH),
            ("attn_v", rich, _WIDTH, _KV_WIDTH),
            ("attn_output", _Q4, _WIDTH, _WIDTH),
            ("ffn_gate", _Q4, _WIDTH, _INNER),
            ("ffn_up", _Q4, _WIDTH, _INNER),
            ("ffn_down", rich, _INNER, _WIDTH),
        ):
            yield _tensor(f"blk.{layer}.{name}.weight", kind, width, rows)
    yield _tensor("output_norm.weight", _F32, _WIDTH)
    yield _tensor("output.weight", _Q6, _WIDTH, _WORDS)


def _tensor(name: str, kind: int, *shape: int) -> Tensor:
    size = prod(shape) * 4 if kind == _F32 else prod(shape) // _BLOCK * _BLOCK_BYTES[kind]
    return Tensor(name, shape, kind, 0, size)


def _contents(cancel: threading.Event) -> Iterator[Content]:
    noise = {kind: _noise(kind) for kind in _BLOCK_BYTES}
    for tensor in _tensors():
        ones = struct.pack("<f", 1.0) * (tensor.bytes // 4) if tensor.kind == _F32 else b""
        yield tensor, [ones] if ones else _repeated(noise[tensor.kind], tensor.bytes, cancel)


def _repeated(noise: bytes, size: int, cancel: threading.Event) -> Iterator[bytes]:
    for start in range(0, size, len(noise)):
        if cancel.is_set():
            raise Cancelled
        yield noise[: size - start]


def _noise(kind: int) -> bytes:
    """Return random blocks whose scales, f16 at the beginning or the end, keep the weights near 0.02."""
    random, size = Random(kind), _BLOCK_BYTES[kind]  # noqa: S311 -- no secret
    blocks = bytearray(random.randbytes(size * _BLOCKS))
    scale = struct.pack("<ee", 6e-5, 6e-5) if kind == _Q4 else struct.pack("<e", 1.5e-5)
    at = 0 if kind == _Q4 else size - len(scale)
    for start in range(at, len(blocks), size):
        blocks[start : start + len(scale)] = scale
    return bytes(blocks)
