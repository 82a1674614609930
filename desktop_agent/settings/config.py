"""Preferences: one model with a title and a description per field, kept as one JSON file. Nothing personal is in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desktop_agent import durable
from desktop_agent.errors import UserFacingError

VERSION = 1
MIGRATORS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Step n turns the settings of version n into those of version n+1."""


class Settings(BaseModel):
    """What the user prefers. The titles and descriptions are meant for the preferences dialog."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = Field(default=VERSION, title="Version", description="The form of the settings file.")
    model: str = Field(
        default="", title="Model", description="The name of the model that answers. Empty: the starter model."
    )
    context_tokens: int = Field(
        default=4096,
        ge=512,
        title="Context",
        description="How much of a chat the model sees, in tokens. More needs more memory.",
    )
    theme: Literal["system", "light", "dark"] = Field(
        default="system", title="Theme", description="The colours of the window."
    )
    language: Literal["system", "en", "zh_CN"] = Field(
        default="system", title="Language", description="The language of the window, not of the answers."
    )
    threads: int = Field(
        default=0,
        ge=0,
        title="Threads",
        description="How many processor cores the model uses. 0: chosen automatically.",
    )
    small_cache: bool = Field(
        default=False,
        title="Store the KV cache as q8_0",
        description="The context takes half the memory. Answers change a little, and long chats are read more slowly.",
    )
    guess_ahead: bool = Field(
        default=False,
        title="Guess ahead always",
        description="Answers that repeat their question come faster; prompts may be read more slowly.",
    )
    gpu: bool = Field(
        default=True, title="Graphics card", description="Compute on the graphics card as far as its memory reaches."
    )
    tune_models: bool = Field(
        default=True,
        title="Measure at the first start of a model",
        description="Finds in at most 15 seconds what makes a model fastest on this computer.",
    )
    read_ahead: bool = Field(
        default=True,
        title="Read ahead",
        description="The model reads what you type while you type it, so that it answers sooner.",
    )
    hot_chats_mb: int = Field(
        default=512,
        ge=0,
        title="Memory for chats",
        description="How many megabytes may hold what the model has read of chats, so that it need not read it again.",
    )
    tools_off: tuple[str, ...] = Field(
        default=(),
        title="Tools that are off",
        description="The groups of tools that new chats begin without.",
    )
    idle_minutes: int = Field(
        default=0,
        ge=0,
        title="Unload when idle",
        description="After so many minutes without use the model gives its memory back. 0: never.",
    )
    thinking: bool = Field(
        default=False,
        title="Think first",
        description="Models that can think before they answer do. Answers take longer.",
    )
    draft_model: str = Field(
        default="",
        title="Draft model",
        description="The name of a small model with the same vocabulary that guesses ahead. Empty: none.",
    )
    hub_endpoint: str = Field(
        default="",
        title="Mirror",
        description="The address of a mirror of the model hub. Empty: the hub itself.",
    )
    memory_paused: bool = Field(
        default=False,
        title="Pause memory",
        description="While paused, nothing is recalled, and what is said is never remembered.",
    )
    embedder: str = Field(
        default="",
        title="Memory model",
        description="The name of the model that finds what was said before. Empty: multilingual-e5-small.",
    )
    memory_server: str = Field(
        default="",
        title="Memory server",
        description="The address of a Chroma server. Empty: the index is kept on this computer. Texts never leave it, "
        "but vectors do, and whoever has a vector can guess what the text was about.",
    )
    memory_certificate: str = Field(
        default="",
        title="Memory server's certificate",
        description="A file with the certificate authority that signed it. Empty: those that this computer trusts.",
    )
    suggest_memories: bool = Field(
        default=True,
        title="Suggest memories",
        description="When the computer is idle, a model of 7B or more looks for facts worth keeping and suggests them.",
    )
    backup_copies: int = Field(
        default=7,
        ge=0,
        le=365,
        title="Backups",
        description="How many daily copies of the encrypted database are kept. 0: none.",
    )


def load(path: Path) -> tuple[Settings, str]:
    """Return the settings, and a notice for the user that is empty when all is well.

    A file that this version cannot use is kept aside as settings.json.bak, and the defaults are used instead.
    """
    try:
        return _parse(path.read_bytes()), ""
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError) as error:
        return Settings(), f"Your settings could not be used ({_reason(error)}). {_set_aside(path)}"


def save(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all; raises UserFacingError when that fails."""
    try:
        durable.write(path, settings.model_dump_json(indent=2).encode() + b"\n")
    except OSError as error:
        raise UserFacingError(f"Your settings could not be saved: {error.strerror}.") from error


def _parse(text: bytes) -> Settings:
    data = json.loads(text)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int) or version < 1:
        raise ValueError("the file holds something else")
    if version > VERSION:
        raise ValueError("a newer Desktop Agent wrote them")
    for number in range(version, VERSION):
        data = MIGRATORS[number](data)
    return Settings.model_validate({**data, "schema_version": VERSION})


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return f"{fault['loc'][0]}: {fault['msg']}"
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__


def _set_aside(path: Path) -> str:
    kept = path.with_name(path.name + ".bak")
    try:
        path.replace(kept)
    except OSError:
        return "The defaults are used."
    return f"The defaults are used; the old file is kept as {kept}."
