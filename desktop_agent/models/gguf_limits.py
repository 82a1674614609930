"""Numbers about a model's architecture that cannot be: native code makes room for them, or divides by them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError

if TYPE_CHECKING:
    from desktop_agent.models.gguf_file import GgufHead

_MOST_LAYERS = 512  # llama.cpp's LLAMA_MAX_LAYERS
_WIDE = 1 << 20
_MOST = {
    "block_count": _MOST_LAYERS,
    "context_length": 1 << 31,
    "embedding_length": _WIDE,
    "feed_forward_length": _WIDE << 4,
    "expert_feed_forward_length": _WIDE << 4,
    "vocab_size": _WIDE << 4,
    "expert_count": 1 << 16,
    "expert_used_count": 1 << 16,
    "attention.head_count": _WIDE,
    "attention.head_count_kv": _WIDE,
    "attention.key_length": _WIDE,
    "attention.value_length": _WIDE,
    "attention.sliding_window": 1 << 31,
    "rope.dimension_count": _WIDE,
    "ssm.conv_kernel": 1 << 10,
    "ssm.inner_size": _WIDE,
    "ssm.state_size": _WIDE,
    "ssm.group_count": _WIDE,
    "ssm.time_step_rank": _WIDE,
    "wkv.head_size": _WIDE,
    "shortconv.l_cache": 1 << 10,
}
"""The largest values, far beyond those of any model. Each may also be an array with a number for each layer."""
_AT_LEAST_ONE = {"block_count", "context_length", "embedding_length"}


def refuse_absurd(path: Path, head: "GgufHead") -> None:
    """Raise UserFacingError when a number of the architecture is none, negative, or too large to be true."""
    for key, value in _absurd(head):
        message = f"{path.name} is damaged: its {key} cannot be {str(value)[:40]!r}."
        raise UserFacingError(message, "Download the file again.")


def _absurd(head: "GgufHead") -> Iterator[tuple[str, object]]:
    for key, most in _MOST.items():
        name, least = f"{head.architecture}.{key}", int(key in _AT_LEAST_ONE)
        if name in head.counts and not 0 < head.counts[name] <= _MOST_LAYERS:
            yield f"number of {key}s", head.counts[name]
        here = (head.metadata[name],) if name in head.metadata else head.numbers.get(name, ())
        for value in here:
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                yield key, value
