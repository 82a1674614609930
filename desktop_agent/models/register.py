"""The list of the models that did not come by download, in a small JSON file in the models folder."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.models import splits
from desktop_agent.models.catalogue import ModelEntry

REGISTER = "imported.json"
NOT_KEPT = "sources"


@dataclass(frozen=True)
class Record:
    """A model on the list. `modified` is when its file was last written as it was hashed, in ns; 0 is unknown."""

    entry: ModelEntry
    modified: int = 0


class Register:
    """Reads and writes the list; whoever changes it holds the lock of imports."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / REGISTER

    def records(self) -> tuple[Record, ...]:
        """Return what is on the list, oldest first; raise UserFacingError when it cannot be read."""
        if not self._path.exists():
            return ()
        try:
            return tuple(_record(data) for data in json.loads(self._path.read_text("utf-8")))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            hint = f"Delete {self._path} and import your models again."
            raise UserFacingError("The list of imported models is damaged.", hint) from error

    def put(self, record: Record) -> None:
        """Add a model, in the place of the one that had its name."""
        self._save([each for each in self.records() if each.entry.name != record.entry.name] + [record])

    def drop(self, name: str) -> None:
        """Take a model off the list."""
        self._save(each for each in self.records() if each.entry.name != name)

    def _save(self, records: Iterable[Record]) -> None:
        part = self._path.with_name(f"{REGISTER}.part")
        with part.open("w", encoding="utf-8") as file:
            json.dump([_plain(record) for record in records], file, indent=1)  # ASCII: paths may be no valid text
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def modified(path: Path) -> int:
    """Return a number that changes when a model's files are written to; 0 when they cannot be reached."""
    try:
        return sum(piece.stat().st_mtime_ns for piece in splits.named(path))
    except OSError:
        return 0


def _plain(record: Record) -> dict[str, Any]:
    kept = {name: value for name, value in vars(record.entry).items() if isinstance(value, str | int)}
    return {**kept, "modified": record.modified}


def _record(data: dict[str, Any]) -> Record:
    names = {field.name for field in fields(ModelEntry)} - {NOT_KEPT}
    return Record(ModelEntry(**{name: data[name] for name in names & data.keys()}), int(data.get("modified", 0)))
