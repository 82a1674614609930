"""CPython as a WebAssembly component: its file, the hashes it is pinned by, and the machine code made of it here."""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent import durable
from desktop_agent.errors import UserFacingError

if TYPE_CHECKING:
    from wasmtime import Engine
    from wasmtime.component import Component

WASM = "python.wasm"
PIN = "python.json"
BUILD = "Run: make sandbox"
_STACK = 7 << 18
"""Bytes of stack for the code; the most that the engine allows is 2 MiB."""


@dataclass(frozen=True)
class Pin:
    """SHA-256 of the sources that the component was built from, and of the component. Empty when there is none."""

    sources: str = ""
    wasm: str = ""


class ComponentMissing(UserFacingError):
    """There is no component, or it is not the one that was built."""


class NotCompiled(Exception):
    """There is no machine code of the component that may be used."""


def pinned(folder: Path) -> Pin:
    """Return what the component in a folder is pinned by, an empty Pin where there is none."""
    try:
        return Pin(**json.loads((folder / PIN).read_bytes())) if (folder / WASM).is_file() else Pin()
    except (OSError, ValueError, TypeError):
        return Pin()


def keep(folder: Path, wasm: bytes, sources: str) -> None:
    """Put a component that was just built into a folder, with what it is pinned by. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / WASM, wasm)
    _write(folder / PIN, json.dumps(asdict(Pin(sources, hashlib.sha256(wasm).hexdigest()))).encode())


def verify(folder: Path) -> Pin:
    """Return what the component is pinned by. Raises ComponentMissing when it is not the one that was built."""
    pin = pinned(folder)
    if not pin.wasm:
        raise ComponentMissing("The Python sandbox is not installed.", BUILD)
    try:
        found = _sha256_of(folder / WASM)
    except OSError as error:
        raise ComponentMissing(f"The Python sandbox cannot be read: {error.strerror}.", BUILD) from error
    if found != pin.wasm:
        raise ComponentMissing("The Python sandbox was changed or damaged, so it is not used.", BUILD)
    return pin


def compile_here(folder: Path) -> None:
    """Make the machine code, once for each computer and version of the engine; takes some seconds.

    Raises ComponentMissing, and UserFacingError where it cannot be kept.
    """
    from wasmtime.component import Component

    target = _compiled(folder, verify(folder))
    code = bytes(Component.from_file(engine(), folder / WASM).serialize())
    try:
        for old in folder.glob("compiled-*"):
            old.unlink(missing_ok=True)
        _write(target, code)
        _write(target.with_suffix(".sha256"), hashlib.sha256(code).hexdigest().encode())
    except OSError as error:
        raise UserFacingError(f"The Python sandbox cannot be prepared in {folder}: {error.strerror}.") from error


def load(folder: Path, using: "Engine") -> "Component":
    """Return the component, ready to run. Raises ComponentMissing; NotCompiled where `compile_here` is needed.

    Machine code of unknown origin could do anything at all, so none is looked at that this program did not make.
    """
    from wasmtime import WasmtimeError
    from wasmtime.component import Component

    file = _compiled(folder, verify(folder))
    try:
        if _sha256_of(file) != file.with_suffix(".sha256").read_text(encoding="ascii"):
            raise NotCompiled
        return Component.deserialize_file(using, str(file))
    except (OSError, ValueError, WasmtimeError) as error:  # the last where it was made for another processor
        raise NotCompiled from error


def engine() -> "Engine":
    """Return an engine whose runs can be ended from another thread, by its epoch."""
    from wasmtime import Config, Engine

    config = Config()
    config.wasm_component_model = True
    config.epoch_interruption = True
    config.max_wasm_stack = _STACK
    return Engine(config)


def _compiled(folder: Path, pin: Pin) -> Path:
    return folder / f"compiled-{pin.wasm[:16]}-{version('wasmtime')}-{platform.machine()}.cwasm"


def _write(path: Path, data: bytes) -> None:
    durable.write(path, data)
    path.chmod(0o644)  # as the models beside it: nothing personal


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
