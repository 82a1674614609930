"""How much of a model the graphics card computes: as many layers as its free memory holds."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.context import open_chat_context
from desktop_agent.llm.devices import Gpu, gpus
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.tuning_file import Tensor, TuningFile
from desktop_agent.llm.tuning_slice import layer_bytes
from desktop_agent.llm.tuning_words import size
from desktop_agent.llm.weights import Progress, Weights

_SPARED = 400_000_000
"""Bytes of a card's memory that stay free: for the screen, and for what its driver takes without telling."""
_COMPUTE_FIXED, _COMPUTE_BYTES = 100_000_000, 100
"""What computing takes of a card's memory, the second for each token read at once and each number it is wide."""
_BITS = {"f16": 16, "q8_0": 8.5}


@dataclass(frozen=True)
class Offload:
    """How many layers a device computes, the last counted being the output; `reason` says in words why so many.

    Without a device there is nothing to say.
    """

    layers: int = 0
    device: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Parts:
    """Bytes that each layer takes with its part of the cache, that the output takes, and that computing takes."""

    layers: tuple[int, ...]
    output: int
    compute: int


@dataclass(frozen=True)
class Opened:
    """A model that is ready to compute: its weights, the pointer of its context, and where it computes."""

    weights: Weights
    context: Any
    offload: Offload


def open_model(
    path: Path,
    context_tokens: int,
    settings: EngineSettings,
    progress: Progress | None = None,
    cards: Callable[[], Sequence[Gpu]] = gpus,
) -> Opened:
    """Load a model, on the graphics card as far as that reaches; all on the processor when the card fails.

    Raises UserFacingError when the file cannot be used, Cancelled when `progress` returned False.
    """
    offload = plan_for(path, context_tokens, settings, cards())
    try:
        return _open(path, context_tokens, settings, offload, progress)
    except UserFacingError:
        if not offload.layers:
            raise
    failed = f"The processor computes, since the model could not be loaded onto {offload.device}."
    return _open(path, context_tokens, settings, Offload(0, offload.device, failed), progress)


def _open(
    path: Path, context_tokens: int, settings: EngineSettings, offload: Offload, progress: Progress | None
) -> Opened:
    placed = replace(settings, gpu_layers=offload.layers)
    with ExitStack() as undo:
        weights = Weights.load(path, progress, placed)
        undo.callback(weights.free)
        context = open_chat_context(weights, context_tokens, placed)
        undo.pop_all()
        return Opened(weights, context, offload)


def plan_for(path: Path, context_tokens: int, settings: EngineSettings, cards: Sequence[Gpu]) -> Offload:
    """Return how many layers of a file go onto the cards."""
    if not cards or not settings.gpu_layers:
        return Offload()
    try:
        parts = parts_of(TuningFile.read(path), context_tokens, settings)
    except (OSError, ValueError):
        return Offload()  # loading it will say what is wrong
    return plan(parts, settings.gpu_layers, cards)


def plan(parts: Parts, most: int, cards: Sequence[Gpu]) -> Offload:
    """Return how many layers fit into what is free on the cards, at most `most` unless that is negative."""
    device = " + ".join(card.name for card in cards)
    free = sum(card.free for card in cards)
    room = sum(max(0, card.free - _SPARED - parts.compute) for card in cards)
    fit = 0
    for needed in (parts.output, *reversed(parts.layers)):  # llama.cpp takes the output first, then the last layers
        room -= needed
        if room < 0:
            break
        fit += 1
    layers = fit if most < 0 else min(fit, most)
    return Offload(layers, device, _reason(layers, len(parts.layers), device, free))


def _reason(layers: int, of_layers: int, device: str, free: int) -> str:
    if layers > of_layers:
        return f"All {of_layers} layers are computed on {device}."
    if layers:
        return f"{layers} of {of_layers + 1} layers are computed on {device}, which has {size(free)} free."
    return f"The processor computes, since {device} has only {size(free)} free."


def parts_of(file: TuningFile, context_tokens: int, settings: EngineSettings) -> Parts:
    """Return what a model takes, from the table of its tensors. Raises ValueError when it has no layers."""
    sizes, bytes_of = layer_bytes(file.tensors), {tensor.name: tensor.bytes for tensor in file.tensors}
    if not sizes:
        raise ValueError("the file has no layers")
    architecture = file.text("general.architecture")
    context = min(context_tokens, file.number(f"{architecture}.context_length") or context_tokens)
    width = file.number(f"{architecture}.embedding_length")
    cache = {layer: _cache_bytes(file.tensors, layer, width, settings) * context for layer in sizes}
    output = bytes_of.get("output.weight") or bytes_of.get("token_embd.weight", 0)
    compute = _COMPUTE_FIXED + _COMPUTE_BYTES * settings.ubatch * width
    return Parts(tuple(round(sizes[layer] + cache[layer]) for layer in sorted(sizes)), output, compute)


def _cache_bytes(tensors: Sequence[Tensor], layer: int, width: int, settings: EngineSettings) -> float:
    """Return what a token's keys and values take in a layer; where they have no matrix of their own, the most."""
    rows = {tensor.name: tensor.shape[-1] for tensor in tensors}
    keys, values = (rows.get(f"blk.{layer}.attn_{kind}.weight", width) for kind in ("k", "v"))
    return (keys * _BITS[settings.key_type] + values * _BITS[settings.value_type]) / 8
