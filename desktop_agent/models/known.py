"""What is known of files that came from elsewhere, so that each is hashed and tried only once."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from desktop_agent import durable
from desktop_agent.models.imported import sha256_of
from desktop_agent.models.transfer import Tell

REGISTER = "known.json"
_MOST = 1000
"""Files that are remembered; the oldest is forgotten first."""
_NOTHING = (0, 0, 0)


@dataclass(frozen=True)
class Record:
    """What is known of one file as long as `stamp` (size, time of change and inode) is its own."""

    stamp: tuple[int, int, int]
    sha256: str = ""
    passed: str = ""


class Known:
    """Remembers files by path, size, time of change and inode. `engine` names the engine whose pre-flight counts.

    Kept in a small JSON file; one that is damaged or cannot be written means only that the work is done again.
    """

    def __init__(self, folder: Path, engine: str = "") -> None:
        self._path = folder / REGISTER
        self._engine = engine or "any"

    def passed(self, path: Path) -> bool:
        """Return whether this very file was tried with this engine, and held."""
        return self._record(path).passed == self._engine

    def mark_passed(self, path: Path) -> None:
        """Remember that the file was tried, and held."""
        self._keep(path, replace(self._record(path), passed=self._engine))

    def known_sha256(self, path: Path) -> str:
        """Return the SHA-256 if this very file was hashed before, else nothing."""
        return self._record(path).sha256

    def sha256(self, path: Path, tell: Tell) -> str:
        """Return the file's SHA-256, from memory where it is known. Raises OSError, and what `tell` raises."""
        record = self._record(path)
        if not record.sha256:
            record = replace(record, sha256=sha256_of(path, f"Checking {path.name}", tell))
            self._keep(path, record)
        return record.sha256

    def _record(self, path: Path) -> Record:
        stamp = _stamp(path)
        record = self._records().get(_key(path))
        return record if record and record.stamp == stamp else Record(stamp)

    def _keep(self, path: Path, record: Record) -> None:
        if record.stamp != _stamp(path) or record.stamp == _NOTHING:
            return  # changed meanwhile, or gone
        records = {name: each for name, each in self._records().items() if name != _key(path)}
        records[_key(path)] = record
        kept = dict(list(records.items())[-_MOST:])
        data = json.dumps({name: asdict(each) for name, each in kept.items()}, indent=1)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            durable.write(self._path, data.encode())

    def _records(self) -> dict[str, Record]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
            return {str(name): _from_dict(each) for name, each in data.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}


def _from_dict(data: Mapping[str, Any]) -> Record:
    size, changed, inode = data["stamp"]
    return Record((int(size), int(changed), int(inode)), str(data["sha256"]), str(data["passed"]))


def _key(path: Path) -> str:
    return str(path.absolute())


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except OSError:
        return _NOTHING
    return status.st_size, status.st_mtime_ns, status.st_ino
