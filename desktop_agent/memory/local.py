"""Indexes in a folder of this computer."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_agent.memory import folder as folders
from desktop_agent.memory.index import IndexFailed, IndexUnusable, VectorIndex, stem

DAMAGED = (
    "The memory index was damaged and is being built again from your conversations. "
    "Until that is done, memory goes mostly by words."
)


class LocalChroma:
    """Chroma's files in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self._client: Any = None
        # Without _env_file a file .env in the current folder would change the settings, or be refused as a whole.
        settings = Settings(anonymized_telemetry=False, _env_file=None)
        try:
            self._client = chromadb.PersistentClient(folder, settings)
        except BaseException:
            # Chroma keeps a system that failed to start, and would hand it out again for the same folder.
            chromadb.api.client.SharedSystemClient._identifier_to_system.pop(str(folder), None)
            raise

    def collection(self, name: str, configuration: Mapping[str, Any], /) -> Any:
        """Return a collection, made when there is none."""
        return self._client.get_or_create_collection(name, embedding_function=None, configuration=configuration)

    def close(self) -> None:
        """Release the files. Safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # what cannot be closed is given up
                client.close()


class LocalIndex(VectorIndex):
    """An index in a folder. While it is open the folder has no seal, so that a killed program is noticed."""

    def __init__(self, folder: Path) -> None:
        """Open or create the index; raises IndexFailed when it is damaged or cannot be made."""
        self.folder = folder
        self._chroma: LocalChroma | None = None
        try:
            with self.calling():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._chroma = LocalChroma(folder)
                super().__init__(self._chroma, folder.name)
                self.check()
                folders.note_version(folder)
        except BaseException:
            self.close()
            raise

    @property
    def owing(self) -> bool:
        """Whether bytes of what was forgotten may still be in its files."""
        return (self.folder / folders.OWING).exists()

    def owe(self) -> None:
        """Note that it must be written anew, and remove the copy from before a newer chromadb."""
        with self.calling():
            folders.owe(self.folder)

    def serve(self) -> None:
        """From now on, this is the index that an opening returns."""
        with self.calling():
            (self.folder / folders.SERVING).touch()

    def close(self) -> None:
        """Release the files; one that failed gets no seal, and is looked at closely at the next opening."""
        chroma, self._chroma = self._chroma, None
        if chroma is not None:
            chroma.close()
            if not self.failed:
                folders.Seal.put(self.folder)

    def destroy(self) -> None:
        """Close and remove it with everything it wrote."""
        self.failed = True
        self.close()
        folders.discard(self.folder)


@dataclass(frozen=True)
class LocalPlace:
    """A folder of this computer with nothing but indexes in it. Only one process at a time may use it."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder."""
        return str(self.folder)

    def open(self, embedder_id: str) -> LocalIndex:
        """Return the embedder's index; a damaged one is replaced by an empty one, and those of others are removed."""
        self._prepare()
        mine = self._generations(embedder_id)
        serving = [path for path in mine if (path / folders.SERVING).exists()]
        index = self._opened((serving or mine or [self._next(embedder_id)])[-1], embedder_id)
        index.serve()
        for other in set(self.folder.iterdir()) - {index.folder, *folders.copies(index.folder)}:
            folders.remove(other)
        return index

    def begin(self, embedder_id: str) -> LocalIndex:
        """Return a new, empty index beside those that are there."""
        return LocalIndex(self._next(embedder_id))

    def obstacle(self) -> IndexFailed | None:
        """Return why the folder cannot be written, be it a full disk; None when it can."""
        try:
            self._prepare()
        except IndexUnusable as error:
            return error
        return None

    def _opened(self, path: Path, embedder_id: str) -> LocalIndex:
        fresh = not path.exists()
        if not fresh and (index := _reopened(path)) is not None:
            return index
        self._demand_writable()  # a full disk is no damage
        if not fresh:
            folders.discard(path)
        index = LocalIndex(path if not path.exists() else self._next(embedder_id))
        index.fresh = True
        index.news = "" if fresh else DAMAGED
        return index

    def _generations(self, embedder_id: str) -> list[Path]:
        found = [path for path in self.folder.glob(f"{stem(embedder_id)}.*") if path.suffix[1:].isdecimal()]
        return sorted(found, key=lambda path: int(path.suffix[1:]))

    def _next(self, embedder_id: str) -> Path:
        last = int(mine[-1].suffix[1:]) if (mine := self._generations(embedder_id)) else 0
        return self.folder / f"{stem(embedder_id)}.{last + 1}"

    def _prepare(self) -> None:
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders.make_writable(self.folder)
        self._demand_writable()

    def _demand_writable(self) -> None:
        try:
            folders.try_writing(self.folder)
        except OSError as error:
            raise IndexUnusable(f"The memory index cannot be written in {self.folder}: {error.strerror}.") from error


def _reopened(path: Path) -> LocalIndex | None:
    """Return the index in a folder, None when it is damaged."""
    try:
        folders.check_version(path)
        seal = folders.Seal(path)
        if seal.holds() if seal.there else folders.survives(path):
            seal.take()  # before the opening: what kills this program now is looked at closely next time
            return LocalIndex(path)
    except (OSError, IndexFailed):
        pass
    return None
