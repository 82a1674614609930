"""The real sources of the two small files: about 200 MB come over the network."""

import hashlib
from pathlib import Path

import pytest

from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.e5 import convert
from desktop_agent.models.library import Library


@pytest.mark.parametrize("name", ["tiny", "embedder"])
def test_a_real_pull(tmp_path: Path, name: str) -> None:
    library = Library(tmp_path / "models", Catalogue.load())
    path = library.pull(name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == library.entry(name).sha256
    assert [found.name for found in library.installed()] == [name]
    assert len([found for found in library.folder.iterdir() if not found.name.startswith(".")]) == 1


def test_the_conversion_takes_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("E5S0")
    with pytest.raises(ValueError, match="not an E5S1 file"):
        convert(tmp_path / "text", tmp_path / "out")
