"""A real database of exchanges, the real embedder, real Chroma."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pytest

from desktop_agent.llm.embedder import GgufEmbedder
from desktop_agent.memory.protocols import Embedder
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import Message, ToolResult
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.exchanges import Exchanges
from desktop_agent.storage.transcript import Transcript


class Lent:
    """The embedder of the session, which a memory that closes must not free. Remembers what it embedded."""

    def __init__(self, embedder: GgufEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, str], list[float]] = {}
        self.id = embedder.id
        self.asked = 0

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        self.asked += len(texts)
        for text in texts:
            if (text, kind) not in self._known:
                (self._known[text, kind],) = self._embedder.embed([text], kind)
        return [self._known[text, kind] for text in texts]

    def close(self) -> None:
        pass


class Diary:
    """Conversations in a database, and the memory over them."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._database = Database.open(folder / "agent.db", bytes(32))
        self._transcript = Transcript(self._database)
        self.conversations = Conversations(self._database)
        self.exchanges = Exchanges(self._database)
        self.index = folder / "index"
        self.embedder = embedder
        self.reports: list[str] = []
        self.memory = self.open()

    def open(self) -> Memory:
        return Memory.open(self.index, self.embedder, self.exchanges, self.reports.append)

    def reopen(self) -> Memory:
        self.memory.close()
        self.memory = self.open()
        return self.memory

    def chat(self, title: str = "") -> str:
        return self.conversations.create(title).id

    def say(self, chat: str, question: str, answer: str = "OK.", read: str = "") -> str:
        """Finish an exchange without telling memory; `read` is what a file said."""
        asked = self._transcript.append(chat, Message("user", question))
        if read:
            result = ToolResult("1", "read_file", read, untrusted=True)
            self._transcript.append(chat, Message("tool", result=result))
        answered = self._transcript.append(chat, Message("assistant", answer))
        self._transcript.finish_exchange(asked.id, answered.id)
        return asked.id

    def close(self) -> None:
        self.memory.close()
        self._database.close()


@pytest.fixture(scope="session")
def embedder(embedder_path: Path) -> Iterator[Lent]:
    real = GgufEmbedder.load(embedder_path)
    yield Lent(real)
    real.close()


@pytest.fixture
def diary(tmp_path: Path, embedder: Lent) -> Iterator[Diary]:
    made = Diary(tmp_path, embedder)
    yield made
    made.close()
