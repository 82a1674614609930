"""The layers that confine untrusted work, by the names that tools use to say which they need."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

State: TypeAlias = Literal["on", "off", "unavailable", "unknown"]

LAYERS = MappingProxyType(
    {
        "directory-descriptors": "Files are opened below a granted folder and nowhere else, whatever links are there.",
        "wasm": "Python runs in a WebAssembly engine that has no files, no network and no other programs.",
        "seccomp": "The system refuses workers every call that opens a file, makes a connection or starts a program.",
        "rlimits": "The system limits the memory, time and files of a worker.",
        "landlock": "The system refuses workers every file and every port, a second time.",
        "bubblewrap": "Programs from elsewhere see only the folders that they were given, and no network.",
    }
)
"""What each layer does."""


@dataclass(frozen=True)
class Layer:
    """What the self-test found of a layer.

    "off" means that it should hold and does not, "unavailable" that this system has none and that tools can do without,
    "unknown" that it was not tested yet. `detail` is a sentence when it is not on.
    """

    name: str
    state: State
    detail: str = ""

    @property
    def fault(self) -> str:
        """Why a tool that needs this layer must be off; nothing when it may be on."""
        return "" if self.state in ("on", "unavailable") else self.detail
