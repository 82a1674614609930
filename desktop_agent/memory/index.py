"""The vector index in Chroma: vectors and ids, never a text. It can be thrown away and built again at any time."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError

_VERSION = 1
_BATCH = 5_000  # Chroma takes at most 5,461 records a call
_PROBE_SECONDS = 60
_CLOSED = "closed-cleanly"
"""A file in the folder while no process has it open."""


class IndexFailed(UserFacingError):
    """Chroma could not do what it was asked to."""

    def __init__(self, cause: object) -> None:
        super().__init__(
            f"The memory index failed: {cause}", "No text is lost; the index is checked at the next start."
        )


class VectorIndex:
    """One collection in a folder of its own. Any thread may use it; only one process at a time."""

    @classmethod
    def open(cls, folder: Path, embedder_id: str) -> "VectorIndex":
        """Open the index of an embedder; a damaged one, and those of other embedders, are removed.

        Raises IndexFailed when not even a new one can be made.
        """
        place = folder / collection_name(embedder_id)
        for other in folder.iterdir() if folder.is_dir() else ():
            if other != place:
                _remove(other)
        if place.exists() and not (place / _CLOSED).exists() and not _survives(place):
            _discard(place)
        try:
            return cls(place)
        except IndexFailed:
            _discard(place)
            return cls(place)

    def __init__(self, place: Path) -> None:
        """Open or create the index; raises IndexFailed when it is damaged or cannot be made."""
        import chromadb
        from chromadb.config import Settings

        self._place = place
        self._client: Any = None
        self._failed = False
        # Without _env_file a file .env in the current folder would change the settings, or be refused as a whole.
        settings = Settings(anonymized_telemetry=False, _env_file=None)
        try:
            with self._calling():
                place.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(place, settings)
                self._collection: Any = self._client.get_or_create_collection(
                    place.name, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
                )
                self._check()
                (place / _CLOSED).unlink(missing_ok=True)
        except IndexFailed:
            self.close()
            # Chroma keeps a system that failed to start, and would hand it out again for the same folder.
            chromadb.api.client.SharedSystemClient.clear_system_cache()
            raise

    def add(self, ids: Sequence[str], vectors: Sequence[Sequence[float]], conversation_ids: Sequence[str]) -> None:
        """Add vectors, or replace those of the same ids."""
        groups = [{"conversation": conversation_id} for conversation_id in conversation_ids]
        with self._calling():
            for part in _batches(len(ids)):
                self._collection.upsert(ids=ids[part], embeddings=vectors[part], metadatas=groups[part])

    def query(self, vector: Sequence[float], count: int, without: str) -> list[tuple[str, float]]:
        """Return the ids nearest to a vector with their cosines, best first, without those of one conversation."""
        where = {"conversation": {"$ne": without}}
        with self._calling():
            found = self._collection.query([vector], n_results=count, where=where, include=["distances"])
        return [(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def ids(self) -> set[str]:
        """Return all ids."""
        with self._calling():
            return set(self._collection.get(include=[])["ids"])

    def remove(self, ids: Sequence[str]) -> None:
        """Remove vectors; unknown ids do no harm."""
        with self._calling():
            for part in _batches(len(ids)):
                self._collection.delete(ids=ids[part])

    def close(self) -> None:
        """Release the files. Safe to call twice. An index that failed is left to be checked at the next opening."""
        if self._client is None:
            return
        with suppress(Exception):  # what cannot be closed is given up
            self._client.close()
        self._client = None
        if not self._failed:
            (self._place / _CLOSED).touch()

    def _check(self) -> None:
        """Ask for neighbours: an index without its vector files answers, but with a single one."""
        sample = self._collection.get(limit=1, include=["embeddings"])
        if sample["ids"]:
            wanted = min(20, self._collection.count())
            found = self._collection.query(sample["embeddings"], n_results=wanted, include=[])
            if len(found["ids"][0]) < wanted:
                raise IndexFailed("vectors are missing.")

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """Turn whatever Chroma raises, Rust panics included, into IndexFailed."""
        try:
            yield
        except IndexFailed:
            self._failed = True
            raise
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:
            self._failed = True
            raise IndexFailed(error) from error


def collection_name(embedder_id: str) -> str:
    """Return a name within Chroma's rules that changes with the embedder."""
    return f"exchanges-{re.sub(r'[^A-Za-z0-9._-]', '-', embedder_id)[:200]}-v{_VERSION}"


def _survives(place: Path) -> bool:
    """Return whether another process can open and ask the index; a damaged one may kill that process."""
    command = [sys.executable, "-P", "-m", "desktop_agent.memory.probe", str(place)]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _discard(place: Path) -> None:
    """Move the folder away before it is deleted, so that no half of it is ever opened."""
    aside = place.with_name(f"{place.name}.damaged")
    _remove(aside)
    with suppress(OSError):
        place.rename(aside)
    _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _batches(count: int) -> Iterator[slice]:
    return (slice(start, start + _BATCH) for start in range(0, count, _BATCH))
