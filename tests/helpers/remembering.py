"""Chats in a fresh home, written and recalled the way the program does it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple, Self

from desktop_agent.memory.dense import Dense
from desktop_agent.memory.local import LocalPlace
from desktop_agent.memory.protocols import Embedder
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import Message, Role
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store

INDEXING_SECONDS = 3600


class Said(NamedTuple):
    """A message of an imported chat."""

    text: str
    role: Role = "user"
    author: str = ""
    created_at: str = ""


class Lent:
    """An embedder for several indexes one after the other, which none of them closes. Remembers what it embedded."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, str], list[float]] = {}
        self.id = embedder.id

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if (text, kind) not in self._known]
        self._known.update(
            {(text, kind): vector for text, vector in zip(new, self._embedder.embed(new, kind), strict=True)}
        )
        return [self._known[text, kind] for text in texts]

    def close(self) -> None:
        pass


class Remembering:
    """An encrypted database in a folder, and the memory over it; without an embedder that goes by words."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder | None,
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.store = Store(Database.open(folder / "desktop-agent.db", bytes(32)))
        idle = threading.Event()
        idle.set()
        place = LocalPlace(folder / "index")
        self.dense = Dense.open(place, Lent(embedder), self.store.turns, idle) if embedder else None
        self.memory = Memory(self.store.turns, self.dense, self.store.saved, self.store.dismissals, clock)

    def tell(self, chat: Iterable[Said], title: str = "") -> list[str]:
        """Keep a chat and return the ids of its messages."""
        where = self.store.conversations.create(title).id
        ids = [self.add(where, said) for said in chat]
        self.memory.remember(ids)
        return ids

    def add(self, conversation_id: str, said: Said) -> str:
        """Add a message to a chat and return its id."""
        message = Message(said.role, said.text, author=said.author)
        return self.store.transcript.append(conversation_id, message, created_at=said.created_at).id

    def settle(self) -> None:
        """Wait until all that was told is in the index."""
        if self.dense and not self.dense.drain(INDEXING_SECONDS):
            raise RuntimeError(f"the index is not complete: {self.dense.state()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.memory.close()
        self.store.database.close()
