"""How much memory is free: what the system says, and every control group around the program."""

import sys
from pathlib import Path

import pytest

from desktop_agent.models import free_memory as room
from desktop_agent.models.free_memory import free_memory, left_in_groups, macos_pages

GB = 10**9
UNLIMITED_V1 = "9223372036854771712"


def group(folder: Path, limit: str, used: int, files: int = 0, *, version: int = 2) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = ("memory.max", "memory.current") if version == 2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {files}\nactive_file 1\nshmem 7\n")


def mine(folder: Path, text: str) -> Path:
    (folder / "mine").write_text(text)
    return folder / "mine"


def test_this_computer_has_some() -> None:
    assert 100_000_000 < free_memory() < 1 << 50


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_system_and_the_groups_are_both_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "left_in_groups", lambda *_: iter([4711]))
    assert free_memory() == 4711


def test_the_narrowest_group_counts(tmp_path: Path) -> None:
    group(tmp_path / "user", str(3 * GB), 1 * GB)
    group(tmp_path / "user" / "app", "max", 5)
    left = list(left_in_groups(mine(tmp_path, "0::/user/app\n"), tmp_path))
    assert min(left) == 2 * GB + 1


def test_files_that_can_be_read_again_are_free(tmp_path: Path) -> None:
    group(tmp_path / "app", str(3 * GB), 2 * GB, files=GB)
    assert min(left_in_groups(mine(tmp_path, "0::/app\n"), tmp_path)) == 2 * GB + 1


def test_the_older_kind_of_groups(tmp_path: Path) -> None:
    group(tmp_path / "memory" / "box", str(2 * GB), GB, version=1)
    group(tmp_path / "memory", UNLIMITED_V1, 5 * GB, version=1)
    lines = "5:devices:/box\n4:cpu,memory:/box\n1:name=systemd:/\n0::/\n"
    assert min(left_in_groups(mine(tmp_path, lines), tmp_path)) == GB + 1


def test_a_group_that_is_over_its_limit_has_nothing_left(tmp_path: Path) -> None:
    group(tmp_path / "app", "100", 500)
    assert min(left_in_groups(mine(tmp_path, "0::/app\n"), tmp_path)) == 0


def test_no_groups_no_limit(tmp_path: Path) -> None:
    assert all(left >= 1 << 62 for left in left_in_groups(mine(tmp_path, "0::/gone\nnonsense\n"), tmp_path))
    assert list(left_in_groups(tmp_path / "missing", tmp_path)) == []


def test_what_a_mac_says() -> None:
    told = (
        "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
        "Pages free:                                3983.\n"
        "Pages active:                            155436.\n"
        "Pages inactive:                          153992.\n"
        "Pages speculative:                          820.\n"
        "Pages wired down:                        115832.\n"
        "Pages purgeable:                              5.\n"
        '"Translation faults":                 123456789.\n'
    )
    assert macos_pages(told) == 3983 + 153992 + 820 + 5
    assert macos_pages("") == 0
