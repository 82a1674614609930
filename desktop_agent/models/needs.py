"""How much memory a model will take, before it is loaded; and a sentence instead of the system's out-of-memory killer.

The figures are those of llama.cpp on a processor, compared with the resident memory of real loads (tests/unit/models/
test_models_needs.py does so again).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from desktop_agent.errors import UserFacingError
from desktop_agent.models.shape import Shape
from desktop_agent.models.transfer import size_text

_BITS = {"f32": 32.0, "f16": 16.0, "bf16": 16.0, "q8_0": 8.5, "q5_1": 6.0, "q5_0": 5.5, "q4_1": 5.0, "q4_0": 4.5}
_FLOAT, _MASK = 4, 2
_TOKEN = 360
"""Bytes that llama.cpp's vocabulary takes for each token, its merge included."""
_STEPS, _WIDTHS = 3, 6
"""Intermediate results as wide as the feed-forward layer and as the embedding that exist at once while computing."""
_FIXED = 6 << 20
_PADDING = 256
RESERVE = 128 << 20
"""What is left for the rest of the program and for others while a model is loaded."""
_STEP, _SHORTEST = 512, 1024
"""A context that is proposed is a multiple of the one, and not shorter than the other."""
_PROPOSALS = 3


@dataclass(frozen=True)
class Layout:
    """How the engine is to lay a model out; the counterpart of the llm room's EngineSettings, as plain values.

    `context` is in tokens, of which `ubatch` are read at once; the KV cache stores keys as `key_type` and values as
    `value_type`. At most `outputs` tokens want logits at once. Without `flash_attention` there is a table of every
    token's weight for every other one. `offloaded` layers are in a GPU's own memory.
    """

    context: int = 4096
    ubatch: int = 128
    key_type: str = "f16"
    value_type: str = "f16"
    outputs: int = 16
    flash_attention: bool = True
    offloaded: int = 0


@dataclass(frozen=True)
class Needs:
    """Bytes of memory: the weights, the KV cache, and what computing takes."""

    weights: int
    cache: int
    compute: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.compute


def needs(shape: Shape, layout: Layout) -> Needs:
    """Return what the model takes when it is laid out so; the context is never longer than it was trained for."""
    cells = _cells(shape, layout)
    here = 1 - min(1.0, layout.offloaded / max(1, len(shape.kv_heads)))
    return Needs(
        weights=int(shape.weights * here),
        cache=int((_cache(shape, layout, cells) + shape.state) * here),
        compute=_compute(shape, layout, cells),
    )


def _cells(shape: Shape, layout: Layout) -> int:
    tokens = min(layout.context, shape.context or layout.context)
    return -(-tokens // _PADDING) * _PADDING


def _cache(shape: Shape, layout: Layout, cells: int) -> int:
    keys = shape.key_length * _BITS[layout.key_type]
    values = shape.value_length * _BITS[layout.value_type]
    return int(sum(shape.kv_heads) * cells * (keys + values) / 8)


def _compute(shape: Shape, layout: Layout, cells: int) -> int:
    """Return what is touched beyond weights and cache: the vocabulary, activations, masks, and a few tokens' logits."""
    activations = (_STEPS * shape.feed_forward + _WIDTHS * shape.embedding) * _FLOAT * layout.ubatch
    mask = cells * layout.ubatch * _MASK if any(shape.kv_heads) else 0
    scores = 0 if layout.flash_attention else cells * layout.ubatch * shape.heads * _FLOAT
    logits = layout.outputs * shape.vocabulary * _FLOAT
    return _FIXED + shape.vocabulary * _TOKEN + activations + mask + scores + logits


def refuse_too_big(
    name: str, shape: Shape, layout: Layout, free: int, others: Iterable[tuple[str, Shape]] = ()
) -> None:
    """Raise UserFacingError, with the numbers and what would fit, when a model needs more than the `free` bytes.

    `others` are the models that could be used instead, the best first.
    """
    wanted = needs(shape, layout)
    if wanted.total + RESERVE <= free:
        return
    parts = [f"{size_text(wanted.weights)} for its weights"]
    parts.append(f"{size_text(wanted.cache)} for {_cells(shape, layout):,} tokens of context")
    parts.append(f"{size_text(wanted.compute)} to compute")
    message = (
        f"{name} does not fit into memory: it needs {size_text(wanted.total)} ({', '.join(parts)}), "
        f"and {size_text(max(0, free - RESERVE))} are free."
    )
    raise UserFacingError(message, _advice(name, shape, layout, free, others))


def _advice(name: str, shape: Shape, layout: Layout, free: int, others: Iterable[tuple[str, Shape]]) -> str:
    same = list(_other_layouts(shape, layout, free))
    smaller = [
        f"{other} ({size_text(need)})"
        for other, its in others
        if other != name and (need := needs(its, layout).total) + RESERVE <= free
    ][:_PROPOSALS]
    if smaller:
        same.append(f"choose {' or '.join(smaller)}")
    if not same:
        return "Close other programs, or choose a smaller model."
    sentence = ", or ".join(same)
    return f"{sentence[0].upper()}{sentence[1:]}; or close other programs."


def _other_layouts(shape: Shape, layout: Layout, free: int) -> Iterator[str]:
    """Yield what would let this very model fit."""
    packed = replace(layout, key_type="q8_0", value_type="q8_0", flash_attention=True)
    if shape.packs and (layout.key_type, layout.value_type) != ("q8_0", "q8_0") and _fits(shape, packed, free):
        yield "store the KV cache as q8_0"
    if tokens := longest_context(shape, layout, free):
        yield f"set a context of at most {tokens:,} tokens"
    elif shape.packs and (tokens := longest_context(shape, packed, free)):
        yield f"store the KV cache as q8_0 and set a context of at most {tokens:,} tokens"


def longest_context(shape: Shape, layout: Layout, free: int) -> int:
    """Return the longest context up to the layout's own that fits into `free` bytes, rounded down; 0 for none."""
    longest = min(layout.context, shape.context or layout.context)
    for tokens in range(longest // _STEP * _STEP, _SHORTEST - 1, -_STEP):
        if _fits(shape, replace(layout, context=tokens), free):
            return tokens
    return 0


def _fits(shape: Shape, layout: Layout, free: int) -> bool:
    return needs(shape, layout).total + RESERVE <= free
