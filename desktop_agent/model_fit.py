"""Whether a model fits into this computer's memory beside the one that is loaded, and what to expect of each."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import ModelEntry
from desktop_agent.models.forecast import Forecast, forecast
from desktop_agent.models.free_memory import free_memory
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.library import Library
from desktop_agent.models.needs import Layout, needs, refuse_too_big
from desktop_agent.models.shape import Shape
from desktop_agent.models.splits import total_bytes

if TYPE_CHECKING:
    from desktop_agent.llm.settings import EngineSettings


class ModelFit:
    """Knows what the loaded model holds: that much more is free as soon as another one takes its place."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._held = 0

    def check(self, name: str, path: Path, context_tokens: int, settings: "EngineSettings") -> None:
        """Raise UserFacingError, with the numbers and what would fit, when a model is too big.

        What a graphics card takes over is not needed here.
        """
        known = [entry for entry in self._library.entries() if entry.role == "chat"]
        others = sorted(known, key=lambda entry: (self._library.has(entry), entry.bytes), reverse=True)
        shapes = ((entry.name, shape) for entry in others if (shape := self._shape_of(entry)))
        refuse_too_big(name, _shape(path), _offloaded(path, context_tokens, settings), self.free, shapes)

    def has_small_cache(self, path: Path) -> bool:
        """Return whether a model's KV cache can be stored as q8_0. Raises UserFacingError when the file is damaged."""
        return _shape(path).packs

    def loaded(self, path: Path, context_tokens: int, settings: "EngineSettings") -> None:
        """Note what a model holds from now on; mapped weights are the file's, and count as free already."""
        wanted = needs(_shape(path), _layout(context_tokens, settings))
        self._held = wanted.total if settings.repack else wanted.total - wanted.weights

    def unloaded(self) -> None:
        """Note that the model gave its memory back."""
        self._held = 0

    def forecasts(self, multiply_rate: float, memory_rate: float, context_tokens: int) -> dict[str, Forecast]:
        """Return by name what to expect of each chat model whose shape is known; the rates are those of a probe."""
        shapes = {entry.name: self._shape_of(entry) for entry in self._library.entries() if entry.role == "chat"}
        free, layout = self.free, Layout(context_tokens)
        return {
            name: forecast(shape, multiply_rate=multiply_rate, memory_rate=memory_rate, free=free, layout=layout)
            for name, shape in shapes.items()
            if shape
        }

    @property
    def free(self) -> int:
        """Bytes of memory that a model may take in the place of the loaded one."""
        return free_memory() + self._held

    def _shape_of(self, entry: ModelEntry) -> Shape | None:
        if entry.shape:
            return entry.shape
        try:
            return _shape(self._library.path_of(entry)) if self._library.has(entry) else None
        except UserFacingError:
            return None


def _shape(path: Path) -> Shape:
    """Return the shape of a file, of all its pieces together. Raises UserFacingError."""
    shape = Shape.of(read_head(path))
    return replace(shape, weights=max(shape.weights, total_bytes(path)))


def _offloaded(path: Path, context_tokens: int, settings: "EngineSettings") -> Layout:
    """Return how a model is laid out, less what a graphics card takes over."""
    from desktop_agent.llm.devices import gpus
    from desktop_agent.llm.offload import plan_for

    offload = plan_for(path, context_tokens, settings, gpus())
    return replace(_layout(context_tokens, settings), offloaded=offload.layers)


def _layout(context_tokens: int, settings: "EngineSettings") -> Layout:
    return Layout(
        context_tokens,
        settings.ubatch,
        settings.key_type,
        settings.value_type,
        flash_attention=settings.flash_attention is not False,
    )
