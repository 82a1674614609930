"""The models folder: what is here, and how a model gets in and out."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, ModelEntry, Role, unknown
from desktop_agent.models.download import drop_part, fetch, lock_path, part_path
from desktop_agent.models.elsewhere import Found
from desktop_agent.models.foreign import EMBEDDER, existing_file, foreign_file, is_same, refuse_another
from desktop_agent.models.hub_access import HubAccess
from desktop_agent.models.imported import ImportedModels, path_in, sha256_of
from desktop_agent.models.missing import ModelMissing, damaged, missing
from desktop_agent.models.splits import named, pieces, total_bytes
from desktop_agent.models.transfer import Progress, Tell, locked, writing_to

__all__ = ["Library", "ModelMissing", "Progress"]


def silent(progress: Progress) -> None:
    """Show nothing."""


class Library:
    """The model files: those of the catalogue, and those that the user imported or that other programs keep.

    They lie in `folder`, except for entries with a location, whose files belong to somebody else and are only read.
    `access` returns how the model hub is reached now.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, access: Callable[[], HubAccess] = HubAccess) -> None:
        self.folder = folder
        self._access = access
        self._catalogue = catalogue
        self._imported = ImportedModels(folder, catalogue)

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return all known models: the catalogue's, then the imported ones."""
        imported = {(entry.name, entry.sha256): entry for entry in self._imported.entries()}
        known = [
            self._placed(entry, imported.pop((entry.name, entry.sha256), entry)) for entry in self._catalogue.entries
        ]
        return (*known, *imported.values())

    def _placed(self, entry: ModelEntry, imported: ModelEntry) -> ModelEntry:
        """Return a catalogue entry with the place where another program keeps its file, unless its own is here."""
        return entry if self.has(entry) else replace(entry, location=imported.location)

    def installed(self) -> tuple[ModelEntry, ...]:
        """Return the models whose file is here."""
        return tuple(entry for entry in self.entries() if self.has(entry))

    def has(self, entry: ModelEntry) -> bool:
        """Return whether the entry's file is here in its right size; `verify` looks closer."""
        return total_bytes(self.path_of(entry)) == entry.bytes

    def path_of(self, entry: ModelEntry) -> Path:
        """Return where the entry's file is or would be; the first one of a split model."""
        return path_in(self.folder, entry)

    def holds(self, found: Found) -> bool:
        """Return whether a model that another program keeps is here already, from there or from elsewhere."""
        first = found.paths[0]
        return any(
            (found.sha256 and found.sha256 == entry.sha256) or is_same(first, self.path_of(entry))
            for entry in self.installed()
        )

    def identity(self, name_or_path: str | os.PathLike[str]) -> str:
        """Return the SHA-256 of a model, by name or path, as far as it is known; nothing when it may be out of date."""
        name, path = os.fspath(name_or_path), Path(name_or_path).expanduser()
        for entry in self.entries():
            if name == entry.name or is_same(named(path)[0], self.path_of(entry)):
                return entry.sha256 if self.has(entry) and self._imported.unchanged(entry) else ""
        return ""

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
            return foreign_file(Path(name).expanduser(), role)
        entry = self.entry(name)
        refuse_another(name, role, of_texts=entry.role == "embedding")
        if not self.has(entry):
            raise missing(entry, self.folder)
        return self.path_of(entry)

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
            return self.path_of(entry)
        if not entry.sources:
            raise missing(entry, self.folder)
        return fetch(entry, self.folder, progress, cancel or threading.Event(), self._access())

    def discard(self, name: str) -> None:
        """Delete what is here of an unfinished download; raise UserFacingError while it goes on."""
        entry = self.entry(name)
        if self.downloaded(entry):
            with writing_to(self.folder), locked(lock_path(self.folder, entry)):
                drop_part(self.folder, entry)

    def import_file(self, path: Path, progress: Tell = silent, *, copy: bool = False) -> ModelEntry:
        """Take over a GGUF file of the user's, or all pieces of a model given one; raise UserFacingError for others.

        On the disk of the models folder it is linked, so that it stays when the user deletes the file and takes no
        room; a file on another disk is used where it lies, since copying it may take minutes and gigabytes. With `copy`
        it is copied in any case.
        """
        return self._imported.add(existing_file(path), progress, copy=copy)

    def adopt(self, found: Found | Path, progress: Tell = silent) -> ModelEntry:
        """Use a model where it lies, in another program's folder or at a path of the user's; nothing is copied there.

        Raise UserFacingError when it is no whole language model.
        """
        if isinstance(found, Path):
            found = Found("", "", pieces(existing_file(found)), 0)
        if found.problem:
            raise UserFacingError(f"{found.title} cannot be used: {found.problem}", "Choose another model.")
        return self._imported.adopt(found, progress)

    def verify(self, name: str, progress: Tell = silent) -> ModelEntry:
        """Compare a model's file with its SHA-256; raise ModelMissing or UserFacingError."""
        entry, path = self.entry(name), self.find(name)
        if sha256_of(path, f"Checking {name}", progress) != entry.sha256:
            raise damaged(entry)
        self._imported.confirm(entry)
        return entry

    def remove(self, name: str) -> int:
        """Delete a model's files and unfinished download; return the bytes. Raise ModelMissing when nothing is here.

        A file that lies elsewhere stays: its model is taken off the list, and nothing is freed.
        """
        entry = self.entry(name)
        here = [path for path in (*named(self.folder / entry.file), part_path(self.folder, entry)) if path.exists()]
        if not here and entry.sources and not entry.location:
            raise missing(entry, self.folder)
        freed = sum(path.stat().st_size for path in here)
        with writing_to(self.folder), locked(lock_path(self.folder, entry)):
            for path in here:
                path.unlink()
            drop_part(self.folder, entry)
            if entry.location or not entry.sources:
                self._imported.forget(name)
        return freed
