"""The models folder: what is here, and how a model gets in and out."""

import os
import threading
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, ModelEntry, Role, unknown
from desktop_agent.models.download import fetch, lock_path, part_path
from desktop_agent.models.gguf_file import read_head
from desktop_agent.models.imported import ImportedModels, sha256_of
from desktop_agent.models.transfer import Progress, Tell, locked, size_text, writing_to

__all__ = ["Library", "ModelMissing", "Progress"]

EMBEDDER = "embedder"


class ModelMissing(UserFacingError):
    """The model is not on this computer; the hint says how to get it."""


def silent(progress: Progress) -> None:
    """Show nothing."""


class Library:
    """The model files in `folder`: those of the catalogue, and those that the user imported."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self._imported = ImportedModels(folder)

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return all known models: the catalogue's, then the imported ones."""
        return (*self._catalogue.entries, *self._imported.entries())

    def installed(self) -> tuple[ModelEntry, ...]:
        """Return the models whose file is here."""
        return tuple(entry for entry in self.entries() if self.has(entry))

    def has(self, entry: ModelEntry) -> bool:
        """Return whether the entry's file is here in its right size; `verify` looks closer."""
        path = self.folder / entry.file
        return path.is_file() and path.stat().st_size == entry.bytes

    def downloaded(self, entry: ModelEntry) -> int:
        """Return how many bytes of an unfinished download are here."""
        part = part_path(self.folder, entry)
        return part.stat().st_size if part.exists() else 0

    def entry(self, name: str) -> ModelEntry:
        """Return the model called `name`; raise ModelMissing with the names that come near."""
        for entry in self.entries():
            if entry.name == name:
                return entry
        raise ModelMissing(*unknown(name, [entry.name for entry in self.entries()]))

    def find(self, name_or_path: str | os.PathLike[str], role: Role | None = None) -> Path:
        """Return the file of a model that is called so, or the path itself when it is a GGUF file's.

        Raise ModelMissing when it is not here, UserFacingError when it is no whole model, or none for that `role`.
        """
        name = os.fspath(name_or_path)
        if name.lower().endswith(".gguf") or Path(name).name != name:
            return _foreign_file(Path(name).expanduser(), role)
        entry = self.entry(name)
        _refuse_another(name, role, of_texts=entry.role == "embedding")
        if not self.has(entry):
            raise self._missing(entry)
        return self.folder / entry.file

    def find_embedder(self, name_or_path: str = "") -> Path:
        """Return the file of the embedding model called so; without a name the catalogue's first that is here.

        Raise ModelMissing when it is not here, UserFacingError when it is a chat model or no whole model.
        """
        here = (entry.name for entry in self.installed() if entry.role == "embedding" and entry.sources)
        return self.find(name_or_path or next(here, EMBEDDER), role="embedding")

    def pull(self, name: str, progress: Tell = silent, cancel: threading.Event | None = None) -> Path:
        """Return the file of a catalogue entry, downloaded and checked when it is not here yet.

        `progress` is called on the calling thread. Raise UserFacingError, or Cancelled soon after `cancel` is set; what
        was downloaded so far is kept for the next time.
        """
        entry = self.entry(name)
        if self.has(entry):
            return self.folder / entry.file
        if not entry.sources:
            raise self._missing(entry)
        return fetch(entry, self.folder, progress, cancel or threading.Event())

    def import_file(self, path: Path, progress: Tell = silent) -> ModelEntry:
        """Take over a GGUF file of the user's; raise UserFacingError when it is no whole model."""
        path = path.expanduser().absolute()
        if not path.is_file():
            raise UserFacingError(f"There is no file {path}.", "Check the spelling.")
        return self._imported.add(path, self._catalogue, progress)

    def verify(self, name: str, progress: Tell = silent) -> ModelEntry:
        """Compare a model's file with its SHA-256; raise ModelMissing or UserFacingError."""
        entry, path = self.entry(name), self.find(name)
        if sha256_of(path, f"Checking {name}", progress) != entry.sha256:
            message = f"{name} is damaged: its file is not the one that was fetched (its checksum differs)."
            raise UserFacingError(message, f"Run: desktop-agent models remove {name}, then: {_how_to_get(entry)}")
        return entry

    def remove(self, name: str) -> int:
        """Delete a model's file and unfinished download; return the bytes. Raise ModelMissing when nothing is here."""
        entry = self.entry(name)
        here = [path for path in (self.folder / entry.file, part_path(self.folder, entry)) if path.exists()]
        if not here and entry.sources:
            raise self._missing(entry)
        freed = sum(path.stat().st_size for path in here)
        with writing_to(self.folder), locked(lock_path(self.folder, entry)):
            for path in here:
                path.unlink()
            if not entry.sources:
                self._imported.forget(name)
        return freed

    def _missing(self, entry: ModelEntry) -> ModelMissing:
        size = size_text(entry.bytes)
        if (self.folder / entry.file).exists():
            message = f"The file of {entry.name} is damaged: it does not have the expected {size}."
        else:
            message = f"The model {entry.name} ({entry.title}, {size}) is not on this computer."
        return ModelMissing(message, f"Fetch it with: {_how_to_get(entry)}")


def _how_to_get(entry: ModelEntry) -> str:
    return f"desktop-agent models pull {entry.name}" if entry.sources else "desktop-agent models import FILE"


def _foreign_file(path: Path, role: Role | None) -> Path:
    if not path.is_file():
        raise ModelMissing(f"There is no file {path}.", "Check the spelling, or see: desktop-agent models list")
    _refuse_another(path.name, role, of_texts=read_head(path).pools)
    return path


def _refuse_another(name: str, role: Role | None, *, of_texts: bool) -> None:
    """Raise UserFacingError when a chat model is to embed or an embedding model is to chat."""
    if role == "embedding" and not of_texts:
        hint = f"Choose an embedding model, such as {EMBEDDER}. See: desktop-agent models list"
        raise UserFacingError(f"{name} is a model that chats: it cannot find memories.", hint)
    if role == "chat" and of_texts:
        hint = "Choose another model. See: desktop-agent models list"
        raise UserFacingError(f"{name} is a model that finds memories: it cannot chat.", hint)
