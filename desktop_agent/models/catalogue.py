"""The models this program knows, each pinned by size and SHA-256, and where they come from."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.models.shape import Shape
from desktop_agent.paths import resources

Role: TypeAlias = Literal["chat", "embedding", "test"]


@dataclass(frozen=True)
class PackageSource:
    """A Python package, or several numbered ones, whose wheels carry the file as data.

    `{n}` in `package` and `member` is the part's number, from 1. Each part but the last has `part_bytes` bytes.
    """

    package: str
    member: str
    parts: int = 1
    part_bytes: int = 0
    platform: str = ""
    member_sha256: str = ""
    convert: str = ""


@dataclass(frozen=True)
class HubSource:
    """A file in a repository of the model hub. An empty `endpoint` is the hub's own default."""

    repository: str
    file: str
    revision: str = "main"
    endpoint: str = ""


Source: TypeAlias = PackageSource | HubSource


@dataclass(frozen=True)
class ModelEntry:
    """One model file. `bytes` is its size, `context` the trained length in tokens, `file` its name on disk.

    `location` is the path of a file that is used where it lies, outside the models folder. A split model has the name
    or path of its first piece, and the size of all. `shape` says what a chat model will need and how fast it will be.
    """

    name: str
    title: str
    role: Role
    file: str
    architecture: str
    parameters: str
    quantisation: str
    bytes: int
    sha256: str
    licence: str
    context: int
    note: str = ""
    sources: tuple[Source, ...] = ()
    location: str = ""
    shape: Shape | None = None


class Catalogue:
    """The entries in the order they are shown."""

    def __init__(self, entries: Iterable[ModelEntry]) -> None:
        self.entries = tuple(entries)

    @classmethod
    def load(cls, path: Path | None = None) -> "Catalogue":
        """Return the catalogue that ships with the program, or the one in the TOML file `path`."""
        with (path or resources() / "models.toml").open("rb") as file:
            return cls(_entry(table) for table in tomllib.load(file)["model"])

    def get(self, name: str) -> ModelEntry:
        """Return the entry called `name`; raise UserFacingError, with the names that come near, when there is none."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise UserFacingError(*unknown(name, [entry.name for entry in self.entries]))


def unknown(name: str, names: Iterable[str]) -> tuple[str, str]:
    """Return the sentence and the hint for a model name that nobody knows."""
    near = difflib.get_close_matches(name.lower(), names := list(names), n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
    return f"There is no model called {name!r}.", hint


def _entry(table: Mapping[str, Any]) -> ModelEntry:
    fields = {key: value for key, value in table.items() if key not in {"source", "shape"}}
    shape = Shape.described(table["shape"], table["bytes"], table["context"]) if "shape" in table else None
    return ModelEntry(**fields, sources=tuple(_source(source) for source in table.get("source", ())), shape=shape)


def _source(table: Mapping[str, Any]) -> Source:
    fields = {key: value for key, value in table.items() if key != "kind"}
    return PackageSource(**fields) if table["kind"] == "package" else HubSource(**fields)
