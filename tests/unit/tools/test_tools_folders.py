import shutil
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from tests.unit.tools.conftest import Bench


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with what such folders hold."""
    home = tmp_path / "people" / "ann"
    for name in (".ssh", ".gnupg", ".config/browser", ".local/share/keyrings", ".mozilla/firefox", "Documents/taxes"):
        (home / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.mark.parametrize(
    "path", ["/", "/home", "/etc", "/proc/self", "/sys", "/dev/pts", "/usr/share", "/boot", "/var/lib"]
)
def test_the_system_is_not_granted(ungranted: Bench, path: str) -> None:
    with pytest.raises(UserFacingError, match="cannot be granted"):
        ungranted.world.folders.grant(path)
    assert not ungranted.world.folders.list()


@pytest.mark.parametrize(
    "name",
    [".", "..", ".ssh", ".gnupg", ".config", ".config/browser", ".local", ".local/share/keyrings", ".mozilla/firefox"],
)
def test_secrets_and_the_home_folder_are_not_granted(ungranted: Bench, people: Path, name: str) -> None:
    with pytest.raises(UserFacingError, match="cannot be granted"):
        ungranted.world.folders.grant(people / name)


def test_the_programs_own_data_is_not_granted(ungranted: Bench, tmp_path: Path) -> None:
    (tmp_path / "home" / "index").mkdir(parents=True)
    for path in (tmp_path, tmp_path / "home", tmp_path / "home" / "index"):
        with pytest.raises(UserFacingError, match="this program's own data"):
            ungranted.world.folders.grant(path)


def test_a_link_hides_nothing(ungranted: Bench, people: Path) -> None:
    (people / "Documents" / "innocent").symlink_to(people / ".ssh")
    with pytest.raises(UserFacingError, match="secrets"):
        ungranted.world.folders.grant(people / "Documents" / "innocent")


@pytest.mark.parametrize(
    ("name", "words"),
    [("nothing", "There is no folder"), ("file.txt", "is not a folder"), ("a\0b", "There is no folder")],
)
def test_what_is_no_folder(ungranted: Bench, name: str, words: str) -> None:
    (ungranted.docs / "file.txt").touch()
    with pytest.raises(UserFacingError, match=words):
        ungranted.world.folders.grant(ungranted.docs / name)


def test_a_folder_of_ones_own_is_granted_and_revoked(ungranted: Bench, people: Path) -> None:
    folders = ungranted.world.folders
    grant = folders.grant("~/Documents")
    assert (grant.path, grant.inode) == (str(people / "Documents"), (people / "Documents").stat().st_ino)
    assert folders.grant(str(people / "Documents")).id == grant.id
    assert ungranted.list("taxes") == "Folder Documents/taxes is empty."
    folders.revoke(grant.id)
    assert not folders.list()
    assert ungranted.list().startswith("No folder is granted.")


def test_a_grant_for_one_conversation_holds_there_only(ungranted: Bench) -> None:
    world = ungranted.world
    from desktop_agent.storage.conversations import Conversations

    other = Conversations(world.database).create().id
    world.folders.grant(ungranted.docs, other)
    with world.folders.open(other) as scope:
        assert [root.name for root in scope.roots] == ["docs"]
    assert ungranted.judge("list_files").verdict == "refuse"


def test_a_replaced_folder_is_suspended_until_it_is_granted_again(bench: Bench, tmp_path: Path) -> None:
    (grant,) = bench.world.folders.list()
    assert bench.world.folders.problem(grant) == ""
    bench.docs.rename(tmp_path / "old")
    assert "was moved" in bench.world.folders.problem(grant)
    shutil.copytree(tmp_path / "old", bench.docs)
    assert "was moved" in bench.world.folders.problem(grant)
    judgement = bench.judge("read_file", path="invoice.txt")
    assert judgement.verdict == "refuse"
    assert f"The granted folder '{bench.docs}' was moved" in judgement.reason
    assert "4711" not in bench.read("invoice.txt")
    bench.world.folders.grant(bench.docs)
    assert "4711" in bench.read("invoice.txt")


def test_a_link_in_the_place_of_a_granted_folder_is_not_followed(bench: Bench, tmp_path: Path) -> None:
    bench.docs.rename(tmp_path / "old")
    bench.docs.symlink_to(tmp_path / "old")
    assert "was moved" in bench.read("invoice.txt")


def test_one_suspended_folder_does_not_take_the_others_along(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("here")
    bench.world.folders.grant(tmp_path / "more")
    bench.docs.rename(tmp_path / "old")
    assert "here" in bench.read("a.txt")
