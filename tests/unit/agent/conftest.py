"""A real database, real tools and a scripted model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def papers(tmp_path: Path, world: World) -> Path:
    """A granted folder with an invoice."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "invoice.txt").write_text("Total: 4711.50 EUR", encoding="utf-8")
    world.folders.grant(str(folder))
    return folder
