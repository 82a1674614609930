import ctypes
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_agent.tools import beneath

OPENS = 100_000
SWAP = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
print("ready", flush=True)
while os.getppid() == int(sys.argv[1]):
    for _ in range(1000):
        libc.renameat2(-100, b"dir", -100, b"link", 2)  # RENAME_EXCHANGE
"""


def refuse_openat2(code: int) -> Callable[..., int]:
    def refuse(root: int, parts: tuple[str, ...], flags: int) -> int:
        raise OSError(code, os.strerror(code))

    return refuse


def no_walk(root: int, parts: tuple[str, ...], flags: int) -> int:
    raise AssertionError("openat2 was not used")


@pytest.fixture(params=["openat2", "walk"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the kernel's way, and with the one that is left where the kernel has none."""
    if request.param == "walk":
        monkeypatch.setattr(beneath, "by_openat2", refuse_openat2(errno.ENOSYS))
    else:
        monkeypatch.setattr(beneath, "by_walk", no_walk)
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    folder = tmp_path / "root"
    (folder / "dir").mkdir(parents=True)
    (folder / "dir" / "file").write_text("inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("CANARY")
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    yield folder, fd
    os.close(fd)


def content(fd: int, *parts: str) -> str:
    opened = beneath.open_beneath(fd, parts, os.O_RDONLY)
    with os.fdopen(opened) as file:
        return file.read()


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def refused(fd: int, *parts: str) -> int:
    with pytest.raises(OSError) as caught:  # noqa: PT011 -- the caller looks at errno
        content(fd, *parts)
    return caught.value.errno or 0


@pytest.mark.usefixtures("way")
class TestBoth:
    def test_opens_files_and_the_root(self, root: tuple[Path, int]) -> None:
        _, fd = root
        assert content(fd, "dir", "file") == "inside"
        itself = beneath.open_beneath(fd, (), os.O_RDONLY)
        assert stat.S_ISDIR(os.fstat(itself).st_mode)
        assert not os.get_inheritable(itself)
        os.close(itself)

    @pytest.mark.parametrize(
        "parts", [("..", "outside", "file"), ("dir", "..", "..", "outside", "file"), ("",), (".",)]
    )
    def test_refuses_dots(self, root: tuple[Path, int], parts: tuple[str, ...]) -> None:
        assert refused(root[1], *parts) == errno.EXDEV

    def test_refuses_a_slash_or_nul_in_a_component(self, root: tuple[Path, int]) -> None:
        assert refused(root[1], "/etc/passwd") == errno.EXDEV
        assert refused(root[1], "a\0b") == errno.EXDEV

    @pytest.mark.parametrize("target", ["{outside}", "../outside", "/proc/self/root{outside}", "/proc/self/cwd"])
    def test_refuses_links_out(self, root: tuple[Path, int], target: str, tmp_path: Path) -> None:
        folder, fd = root
        (folder / "link").symlink_to(target.format(outside=tmp_path / "outside"))
        assert refused(fd, "link", "file") in (errno.EXDEV, errno.ELOOP, errno.ENOTDIR)
        (folder / "direct").symlink_to(tmp_path / "outside" / "file")
        assert refused(fd, "direct") in (errno.EXDEV, errno.ELOOP)

    def test_refuses_descriptor_links(self, root: tuple[Path, int], tmp_path: Path) -> None:
        folder, fd = root
        with (tmp_path / "outside" / "file").open() as held:
            for number, place in enumerate((f"/proc/self/fd/{held.fileno()}", f"/dev/fd/{held.fileno()}")):
                (folder / f"fd{number}").symlink_to(place)
                assert refused(fd, f"fd{number}") in (errno.EXDEV, errno.ELOOP)

    def test_refuses_long_chains_and_loops(self, root: tuple[Path, int]) -> None:
        folder, fd = root
        (folder / "link0").symlink_to("dir/file")
        for number in range(1, 42):
            (folder / f"link{number}").symlink_to(f"link{number - 1}")
        (folder / "loop").symlink_to("loop")
        assert refused(fd, "link41") == errno.ELOOP
        assert refused(fd, "loop") == errno.ELOOP

    def test_refuses_another_file_system(self) -> None:
        fd = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        assert refused(fd, "proc", "version") == errno.EXDEV
        os.close(fd)

    def test_no_descriptor_is_lost(self, root: tuple[Path, int]) -> None:
        folder, fd = root
        (folder / "link").symlink_to("../outside")
        before = descriptors()
        content(fd, "dir", "file")
        for parts in (("dir", "nothing"), ("link", "file"), ("dir", "file", "x")):
            refused(fd, *parts)
        assert descriptors() == before

    def test_a_race_for_a_link_is_never_lost(self, root: tuple[Path, int]) -> None:
        """A directory and a link to the outside swap places all the time, from another process."""
        folder, fd = root
        (folder / "link").symlink_to("../outside")
        with swapping(folder):
            texts = [attempt(lambda: content(fd, "dir", "file")) for _ in range(OPENS)]
        assert texts.count("CANARY") == 0
        assert texts.count("inside") > 100, "the directory was never there: nothing was tried"
        assert len(texts) - texts.count("inside") > 100, "the link was never there: nothing was tried"


def test_the_race_is_real(root: tuple[Path, int]) -> None:
    """The usual check of the path before the opening does leak: this is what the tests above would catch."""
    folder, _ = root
    (folder / "link").symlink_to("../outside")

    def check_then_open() -> str:
        path = folder / "dir" / "file"
        if not path.resolve().is_relative_to(folder):
            raise PermissionError
        return path.read_text()

    with swapping(folder):
        assert any(attempt(check_then_open) == "CANARY" for _ in range(OPENS))


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EPERM])
def test_walks_where_the_system_call_is_missing_or_filtered(
    root: tuple[Path, int], monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(beneath, "by_openat2", refuse_openat2(code))
    assert content(root[1], "dir", "file") == "inside"


def test_the_kernel_follows_links_that_stay_inside(root: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, fd = root
    (folder / "short").symlink_to("dir/file")
    assert content(fd, "short") == "inside"
    monkeypatch.setattr(beneath, "by_openat2", refuse_openat2(errno.ENOSYS))
    assert refused(fd, "short") == errno.ELOOP


class swapping:  # noqa: N801 -- reads as a verb
    """Another process swaps `dir` and `link` in a folder until the block ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        command = [sys.executable, "-c", SWAP, str(os.getpid())]
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()


def attempt(action: Callable[[], str]) -> str:
    try:
        return action()
    except OSError:
        return ""


def test_the_system_call_number_fits_this_machine(root: tuple[Path, int]) -> None:
    """A wrong number would be another system call, or ENOSYS and the walk: neither must go unnoticed."""
    opened = beneath.by_openat2(root[1], ("dir", "file"), os.O_RDONLY)
    assert os.read(opened, 10) == b"inside"
    os.close(opened)
    with pytest.raises(OSError, match="No such file"):
        beneath.by_openat2(root[1], ("nothing",), os.O_RDONLY)
    assert ctypes.get_errno() == errno.ENOENT
