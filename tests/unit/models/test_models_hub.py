"""Downloads from the model hub, played by a server on loopback."""

from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.catalogue import HubSource
from desktop_agent.models.library import Library, Progress
from tests.helpers.fake_models import MIB, Hub, catalogue, hub

DATA = bytes(range(256)) * (3 * MIB // 256) + b"end"


@pytest.fixture
def server() -> Iterator[Hub]:
    with hub(DATA) as state:
        yield state
    huggingface_hub.close_session()


@pytest.fixture
def library(tmp_path: Path, server: Hub) -> Library:
    source = HubSource("someone/toys", "toy.gguf", revision="abc", endpoint=server.url)
    return Library(tmp_path / "models", catalogue(DATA, source))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_a_file_comes_whole(library: Library, server: Hub) -> None:
    seen: list[Progress] = []
    assert library.pull("toy", seen.append).read_bytes() == DATA
    assert server.paths == ["/someone/toys/resolve/abc/toy.gguf"]
    assert seen[-1].done == len(DATA)
    assert names(library.folder) == ["toy.gguf"]


def test_a_lost_connection_is_said_and_the_next_try_goes_on(library: Library, server: Hub) -> None:
    server.drops_after = MIB + 10
    with pytest.raises(UserFacingError, match=r"toy could not be downloaded: .*connection was lost"):
        library.pull("toy")
    have = library.downloaded(library.entry("toy"))
    assert 0 < have <= MIB + 10
    server.drops_after = None
    assert library.pull("toy").read_bytes() == DATA
    assert server.ranges[-1] == f"bytes={have}-"


def test_a_server_that_ignores_ranges(library: Library, server: Hub) -> None:
    with pytest.raises(Cancelled):
        library.pull("toy", stop_at_once)
    server.ignores_ranges = True
    assert library.pull("toy").read_bytes() == DATA
    assert len(server.ranges) == 2


def stop_at_once(progress: Progress) -> None:
    raise Cancelled


def test_wrong_bytes_leave_nothing(library: Library, server: Hub) -> None:
    server.data = DATA[:-1] + b"!"
    with pytest.raises(UserFacingError, match="checksum differs"):
        library.pull("toy")
    assert names(library.folder) == []


def test_a_complete_part_needs_no_server(library: Library, server: Hub) -> None:
    library.folder.mkdir()
    (library.folder / "toy.gguf.part").write_bytes(DATA)
    assert library.pull("toy").read_bytes() == DATA
    assert server.ranges == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "wants a login"),
        (403, "refuses access"),
        (404, "does not have this file"),
        (429, "too many requests"),
        (500, "error 500"),
    ],
)
def test_a_refusal_is_said_in_words(library: Library, server: Hub, status: int, words: str) -> None:
    server.status = status
    with pytest.raises(UserFacingError, match=words):
        library.pull("toy")
    assert "toy.gguf" not in names(library.folder)


def test_nobody_listens(tmp_path: Path) -> None:
    source = HubSource("someone/toys", "toy.gguf", endpoint="http://127.0.0.1:9")
    library = Library(tmp_path / "models", catalogue(DATA, source))
    with pytest.raises(UserFacingError, match="the model hub cannot be reached"):
        library.pull("toy")
