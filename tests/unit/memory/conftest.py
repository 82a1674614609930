"""Real chats in a real database, the real embedder, real Chroma."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.llm.embedder import GgufEmbedder
from tests.helpers.remembering import Lent, Remembering


@pytest.fixture(scope="session")
def embedder(embedder_path: Path) -> Iterator[Lent]:
    real = GgufEmbedder.load(embedder_path)
    yield Lent(real)
    real.close()


@pytest.fixture
def diary(tmp_path: Path, embedder: Lent) -> Iterator[Remembering]:
    with Remembering(tmp_path, embedder) as made:
        yield made


@pytest.fixture
def wordy(tmp_path: Path) -> Iterator[Remembering]:
    """Memory without an embedder."""
    with Remembering(tmp_path, None) as made:
        yield made
