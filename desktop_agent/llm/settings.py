"""How the engine computes: what a tuning run chooses, as a plain value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeAlias

CacheType: TypeAlias = Literal["f16", "q8_0"]


@dataclass(frozen=True)
class EngineSettings:
    """Choices that change speed and memory, and no answer but by rounding.

    `threads` decode, `threads_batch` read prompts; 0 is one for each core. `repack` lays the weights out anew for wide
    vector units (llama.cpp's default; more memory, a slower start). `ubatch` tokens are computed at once while a prompt
    is read. `flash_attention` None leaves it to llama.cpp. `key_type` and `value_type` are how the KV cache is stored.
    `gpu_layers` -1 means as many as fit. `draft_most` is how many tokens may be guessed ahead at once, 0 for none: as
    many as this machine computes together with exactly the numbers that it gets one by one.
    """

    threads: int = 0
    threads_batch: int = 0
    repack: bool = False
    ubatch: int = 128
    flash_attention: bool | None = None
    key_type: CacheType = "f16"
    value_type: CacheType = "f16"
    gpu_layers: int = -1
    draft_most: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return a value for `json`."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "EngineSettings":
        """Return the settings that `to_dict` wrote; raises TypeError when another version wrote them."""
        if set(data) != {field.name for field in fields(cls)}:
            raise TypeError("these are settings of another version")
        return cls(**data)


UNTUNED = EngineSettings()
"""For where nothing was measured."""
