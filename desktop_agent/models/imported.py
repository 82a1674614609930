"""Model files that the user brought along, and what is known of them."""

import hashlib
import itertools
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, ModelEntry
from desktop_agent.models.gguf_file import GgufHead, read_head
from desktop_agent.models.transfer import Progress, Tell, check_free, locked, read_chunks, writing_to

REGISTER = "imported.json"


class ImportedModels:
    """The register of imported files in the models folder, kept in a small JSON file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return the imported models, oldest first; raise UserFacingError when the register cannot be read."""
        path = self._folder / REGISTER
        if not path.exists():
            return ()
        try:
            return tuple(_from_dict(data) for data in json.loads(path.read_text("utf-8")))
        except (ValueError, TypeError, KeyError) as error:
            hint = f"Delete {path} and import your models again."
            raise UserFacingError("The list of imported models is damaged.", hint) from error

    def forget(self, name: str) -> None:
        """Take a model off the register."""
        self._save(entry for entry in self.entries() if entry.name != name)

    def add(self, source: Path, catalogue: Catalogue, tell: Tell) -> ModelEntry:
        """Take a file over into the models folder, linked where that is possible, else copied.

        A file whose SHA-256 is a catalogue entry's becomes that entry. Raise UserFacingError when it is no whole GGUF.
        """
        head = read_head(source)
        with writing_to(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / ".importing"
            with locked(self._folder / ".import.lock"):
                try:
                    _take(source, part, tell)
                    return self._place(
                        part, sha256_of(part, f"Checking {source.name}", tell), head, source.stem, catalogue
                    )
                finally:
                    part.unlink(
                        missing_ok=True
                    )  # also after a rename onto another link of the same file, which does nothing

    def _place(self, part: Path, sha256: str, head: GgufHead, stem: str, catalogue: Catalogue) -> ModelEntry:
        known = (*catalogue.entries, *self.entries())
        entry = next((entry for entry in known if entry.sha256 == sha256), None)
        if entry is None:
            entry = _describe(head, self._free_name(part, stem, known), part.stat().st_size, sha256)
            self._save([*self.entries(), entry])
        part.replace(self._folder / entry.file)
        return entry

    def _free_name(self, part: Path, stem: str, known: Iterable[ModelEntry]) -> str:
        """Return a name like `stem` that no model and no other file has."""
        base = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-.") or "model"
        taken = {entry.name for entry in known} | {entry.file for entry in known}
        for name in itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2))):
            file = self._folder / f"{name}.gguf"
            if not taken & {name, file.name} and (not file.exists() or file.samefile(part)):
                return name
        raise AssertionError("count() never ends")

    def _save(self, entries: Iterable[ModelEntry]) -> None:
        part = self._folder / f"{REGISTER}.part"
        with part.open("w", encoding="utf-8") as file:
            json.dump([asdict(entry) for entry in entries], file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / REGISTER)


def _from_dict(data: dict[str, Any]) -> ModelEntry:
    return ModelEntry(**{**data, "sources": ()})


def _take(source: Path, target: Path, tell: Tell) -> None:
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(source.resolve())
    except OSError:  # another disk, or a file of another account
        _copy(source, target, tell)


def _copy(source: Path, target: Path, tell: Tell) -> None:
    total, done = source.stat().st_size, 0
    check_free(target.parent, total, source.name)
    with target.open("wb") as file:
        for chunk in read_chunks(source):
            file.write(chunk)
            tell(Progress(done := done + len(chunk), total, f"Copying {source.name}"))
        file.flush()
        os.fsync(file.fileno())


def sha256_of(path: Path, what: str, tell: Tell) -> str:
    """Return the SHA-256 of a file in hex digits."""
    digest, total, done = hashlib.sha256(), path.stat().st_size, 0
    for chunk in read_chunks(path):
        digest.update(chunk)
        tell(Progress(done := done + len(chunk), total, what))
    return digest.hexdigest()


def _describe(head: GgufHead, name: str, size: int, sha256: str) -> ModelEntry:
    return ModelEntry(
        name=name,
        title=head.text("general.name", name),
        role="embedding" if head.pools else "chat",
        file=f"{name}.gguf",
        architecture=head.architecture,
        parameters=_short(head.weights),
        quantisation=head.quantisation,
        bytes=size,
        sha256=sha256,
        licence=head.text("general.license", "unknown"),
        context=head.context,
        note="imported",
    )


def _short(weights: int) -> str:
    return f"{weights / 1e9:.1f}B" if weights >= 1e9 else f"{weights / 1e6:.0f}M"
