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
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns

INDEXING_SECONDS = 3600


class Said(NamedTuple):
    """A message of an imported chat."""

    text: str
    role: Role = "user"
    author: str = ""
    created_at: str = ""


class Lent:
    """An embedder for several indexes one after the other, which none of them closes."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.id = embedder.id

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        return self._embedder.embed(texts, kind)

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
        self._database = Database.open(folder / "desktop-agent.db", bytes(32))
        self._conversations = Conversations(self._database)
        self._transcript = Transcript(self._database)
        self.turns = Turns(self._database)
        self._idle = threading.Event()
        self._idle.set()
        dense = Dense.open(LocalPlace(folder / "index"), Lent(embedder), self.turns, self._idle) if embedder else None
        self._dense = dense
        self.memory = Memory(self.turns, dense, clock=clock)

    def tell(self, chat: Iterable[Said], title: str = "") -> list[str]:
        """Keep a chat and return the ids of its messages."""
        where = self._conversations.create(title).id
        stored = [
            self._transcript.append(
                where, Message(said.role, said.text, author=said.author), created_at=said.created_at
            )
            for said in chat
        ]
        ids = [message.id for message in stored]
        self.memory.remember(ids)
        return ids

    def settle(self) -> None:
        """Wait until all that was told is in the index."""
        if self._dense and not self._dense.drain(INDEXING_SECONDS):
            raise RuntimeError(f"the index is not complete: {self._dense.state()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.memory.close()
        self._database.close()
