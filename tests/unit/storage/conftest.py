"""A real encrypted database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.transcript import Transcript

KEY = bytes(range(32))


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database.open(path, KEY)
    yield opened
    opened.close()


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


@pytest.fixture
def transcript(database: Database) -> Transcript:
    return Transcript(database)


@pytest.fixture
def saved(database: Database) -> SavedMemories:
    return SavedMemories(database)


@pytest.fixture
def chat(conversations: Conversations) -> str:
    return conversations.create("our chat").id
