"""A real encrypted database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.storage.database import Database

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
