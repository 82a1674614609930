"""The vector index in Chroma: vectors and ids, never a text. It can be thrown away and built again at any time."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, get_args

from desktop_agent.errors import UserFacingError
from desktop_agent.lexical import Group

_VERSION = 2
"""Counts up whenever the same turn gets another vector because of what memory does before it is embedded."""
_REASON = 200
"""Characters of what Chroma has to say about a failure."""
_BATCH = 5_000  # Chroma takes at most 5,461 records a call
_PAGE = 1_000
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_search": 200}}
BY_WORDS = "No text is lost. Meanwhile memory goes by words."
GROUPS: tuple[Group, ...] = get_args(Group)


class IndexFailed(UserFacingError):
    """Chroma could not do what it was asked to."""

    def __init__(self, cause: object, hint: str = BY_WORDS) -> None:
        reason = " ".join(str(cause).split())[:_REASON] or type(cause).__name__
        super().__init__(f"The memory index failed: {reason.rstrip('.')}.", hint)


class IndexUnusable(IndexFailed):
    """There is nothing wrong with the index itself: its folder cannot be written, its server cannot be reached."""

    def __init__(self, message: str, hint: str = BY_WORDS) -> None:
        super().__init__("", hint)
        self.message = message
        self.args = (message,)


class Row(NamedTuple):
    """A turn's vector, of length 1, and the group that it is compared in."""

    id: str
    group: Group
    vector: Sequence[float]


class Chroma(Protocol):
    """What is asked of a Chroma client, be it a folder or a server."""

    def collection(self, name: str, configuration: Mapping[str, Any], /) -> Any:
        """Return a collection, made when there is none."""

    def close(self) -> None:
        """Release files and connections. Safe to call twice."""


class VectorIndex(ABC):
    """The vectors of one embedder: a collection for each group. Any thread may use it.

    `fresh` says that it was made just now, `news` is a sentence about what happened at the opening, empty when nothing
    did.
    """

    def __init__(self, client: Chroma, name: str) -> None:
        """Open or create the collections; raises IndexFailed."""
        self.fresh = self.failed = False
        self.news = ""
        self.client = client
        with self.calling():
            self.parts: dict[Group, Any] = {
                group: client.collection(f"{name}.{group}", _CONFIGURATION) for group in GROUPS
            }

    def add(self, rows: Sequence[Row]) -> None:
        """Add vectors, or replace those of the same ids; an id is in one group only."""
        for group, part in self.parts.items():
            mine = [row for row in rows if row.group == group]
            self._remove(part, [row.id for row in rows if row.group != group])
            with self.calling():
                for at in range(0, len(mine), _BATCH):
                    some = mine[at : at + _BATCH]
                    part.upsert(ids=[row.id for row in some], embeddings=[row.vector for row in some])

    def query(self, vector: Sequence[float], count: int) -> dict[Group, list[tuple[str, float]]]:
        """Return, for each group, the ids nearest to a vector with their cosines, best first."""
        found: dict[Group, list[tuple[str, float]]] = {}
        with self.calling():
            for group, part in self.parts.items():
                answer = part.query([vector], n_results=count, include=["distances"])
                pairs = zip(answer["ids"][0], answer["distances"][0], strict=True)
                found[group] = [(id_, 1.0 - distance) for id_, distance in pairs]
        return found

    def ids(self) -> set[str]:
        """Return all ids."""
        with self.calling():
            return {id_ for part in self.parts.values() for id_ in part.get(include=[])["ids"]}

    def count(self) -> int:
        """Return how many vectors there are."""
        with self.calling():
            return sum(part.count() for part in self.parts.values())

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that have a vector."""
        with self.calling():
            return {id_ for part in self.parts.values() for id_ in _present(part, ids)}

    def remove(self, ids: Sequence[str]) -> int:
        """Remove vectors and return how many there were; Chroma leaves their bytes in its files."""
        return sum(self._remove(part, ids) for part in self.parts.values())

    def rows(self) -> Iterator[list[Row]]:
        """Yield everything there is, in pages."""
        for group, part in self.parts.items():
            with self.calling():
                ids = part.get(include=[])["ids"]
            for at in range(0, len(ids), _PAGE):
                with self.calling():
                    page = part.get(ids=ids[at : at + _PAGE], include=["embeddings"])
                yield [Row(id_, group, found) for id_, found in zip(page["ids"], page["embeddings"], strict=True)]

    def check(self) -> None:
        """Ask for neighbours: an index without its vector files answers, but with a single one."""
        for part in self.parts.values():
            with self.calling():
                sample = part.get(limit=1, include=["embeddings"])
                wanted = min(20, part.count()) if sample["ids"] else 0
                found = part.query(sample["embeddings"], n_results=wanted, include=[])["ids"][0] if wanted else ()
            if len(found) < wanted:
                self.failed = True
                raise IndexFailed("vectors are missing")

    @property
    @abstractmethod
    def owing(self) -> bool:
        """Whether bytes of what was forgotten may still be in its files."""

    @abstractmethod
    def owe(self) -> None:
        """Note, where a crash cannot lose it, that the index must be written anew."""

    @abstractmethod
    def serve(self) -> None:
        """From now on, this is the index that an opening returns."""

    @abstractmethod
    def close(self) -> None:
        """Release files or connection. Safe to call twice."""

    @abstractmethod
    def destroy(self) -> None:
        """Close and remove it with everything it wrote."""

    def _remove(self, part: Any, ids: Sequence[str]) -> int:
        with self.calling():
            present = _present(part, ids)
            for at in range(0, len(present), _BATCH):
                part.delete(ids=present[at : at + _BATCH])
        return len(present)

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Turn whatever Chroma raises, Rust panics included, into IndexFailed."""
        try:
            yield
        except IndexFailed:
            self.failed = True
            raise
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:
            self.failed = True
            raise IndexFailed(error) from error


def _present(part: Any, ids: Sequence[str]) -> list[str]:
    pages = (list(ids[at : at + _BATCH]) for at in range(0, len(ids), _BATCH))
    return [id_ for page in pages for id_ in part.get(ids=page, include=[])["ids"]]


class IndexPlace(Protocol):
    """Where indexes are kept. Each embedder has its own, and each is a generation: the next is built beside it."""

    @property
    def name(self) -> str:
        """The folder or the address, as people are told."""

    def open(self, embedder_id: str) -> VectorIndex:
        """Return the index of an embedder, mended or new where need be; all others go. Raises IndexFailed."""

    def begin(self, embedder_id: str) -> VectorIndex:
        """Return a new, empty index beside those that are there. Raises IndexFailed."""

    def obstacle(self) -> IndexFailed | None:
        """Return why nothing can be written although the index may be read, None when it can."""


def stem(embedder_id: str) -> str:
    """Return a name within Chroma's rules that changes with the embedder and with what memory does with its texts."""
    digest = hashlib.sha256(embedder_id.encode()).hexdigest()[:8]
    return f"turns-{re.sub(r'[^A-Za-z0-9_-]', '-', embedder_id)[:100]}-{digest}-v{_VERSION}"
