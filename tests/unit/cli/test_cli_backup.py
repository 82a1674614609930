import argparse
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop_agent.cli import backup
from desktop_agent.paths import Paths
from desktop_agent.settings import sealing
from desktop_agent.settings.secrets import open_key, set_passphrase
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.profile_lock import ProfileLock
from tests.helpers.program import COMMAND
from tests.helpers.terminal import at_a_terminal

PASSPHRASE = "correct horse"


@pytest.fixture
def paths(home, monkeypatch) -> Paths:
    monkeypatch.setattr(sealing, "COST", 2**7)
    return home.create()


def piped(*arguments: str) -> tuple[int, str, str]:
    command = [*COMMAND, "backup", *arguments]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def typed(*arguments: str, dialogue: list[tuple[str, str]]) -> tuple[int, str]:
    return at_a_terminal([*COMMAND, "backup", *arguments], [(asked, f"{answer}\n") for asked, answer in dialogue])


def add(paths: Paths, title: str, key: bytes | None = None) -> None:
    database = Database.open(paths.database, key or open_key(paths).value)
    Conversations(database).create(title)
    database.close()


def titles(paths: Paths, key: bytes | None = None) -> list[str]:
    database = Database.open(paths.database, key or open_key(paths).value)
    try:
        return sorted(chat.title for chat in Conversations(database).list())
    finally:
        database.close()


def test_the_commands_register_on_a_parser():
    parser = argparse.ArgumentParser()
    backup.register(parser.add_subparsers())
    chosen = parser.parse_args(["backup", "restore", "2026-11-22T10-15-00", "--yes", "--json"])
    assert (chosen.backup, chosen.yes, chosen.json) == ("2026-11-22T10-15-00", True, True)


def test_a_backup_is_made_and_listed(paths):
    add(paths, "kept")
    code, out, err = piped("now")
    (file,) = paths.backups.glob("*.db")
    assert code == 0
    assert str(file) in out
    assert "profile.key" in err or err == ""
    code, out, _ = piped("list")
    assert code == 0
    assert file.stem in out
    assert "1 chats" in out


def test_json_says_the_same(paths):
    add(paths, "kept")
    made = json.loads(piped("now", "--json")[1])
    assert made["conversations"] == 1
    assert Path(made["path"]).stem == made["name"]
    assert json.loads(piped("list", "--json")[1]) == [made]


def test_nothing_to_back_up_and_nothing_to_list(home):
    code, _, err = piped("now")
    assert (code, "nothing to back up" in err) == (5, True)
    assert piped("list")[:2] == (0, "There are no backups yet.\n")
    assert json.loads(piped("list", "--json")[1]) == []
    assert not home.profile.exists()


def test_restoring_needs_a_yes(paths):
    add(paths, "then")
    name = json.loads(piped("now", "--json")[1])["name"]
    add(paths, "now")
    code, out, err = piped("restore", name)
    assert (code, out) == (5, "")
    assert "--yes" in err
    assert titles(paths) == ["now", "then"]
    code, out, _ = piped("restore", name, "--yes")
    assert code == 0
    assert "1 chats" in out
    assert "is kept:" in out
    assert titles(paths) == ["then"]


def test_restoring_asks_at_a_terminal(paths):
    add(paths, "then")
    name = json.loads(piped("now", "--json")[1])["name"]
    add(paths, "now")
    assert typed("restore", name, dialogue=[("[y/N]", "")])[0] == 4
    assert titles(paths) == ["now", "then"]
    assert typed("restore", name, dialogue=[("[y/N]", "y")])[0] == 0
    assert titles(paths) == ["then"]


def test_restoring_says_in_json_where_the_former_state_is(paths):
    add(paths, "then")
    name = json.loads(piped("now", "--json")[1])["name"]
    add(paths, "now")
    done = json.loads(piped("restore", name, "--yes", "--json")[1])
    assert (done["conversations"], done["messages"]) == (1, 0)
    assert Path(done["restored"]).stem == name
    code, _, _ = piped("restore", Path(done["kept"]).stem, "--yes")
    assert code == 0
    assert titles(paths) == ["now", "then"]


def test_an_unknown_backup_is_named(paths):
    add(paths, "kept")
    code, _, err = piped("restore", "yesterday", "--yes")
    assert (code, "no backup yesterday" in err) == (5, True)


def test_a_running_program_is_not_disturbed(paths):
    add(paths, "kept")
    lock = ProfileLock.take(paths.lock)
    for arguments in (["now"], ["restore", "any", "--yes"]):
        code, _, err = piped(*arguments)
        assert (code, "already running" in err) == (5, True)
    lock.release()


def test_a_passphrase_is_asked_for(paths):
    add(paths, "kept")
    set_passphrase(paths, PASSPHRASE)
    code, _, err = piped("now")
    assert (code, "passphrase" in err) == (5, True)
    code, shown = typed("now", dialogue=[("Passphrase: ", PASSPHRASE)])
    assert code == 0
    assert PASSPHRASE not in shown
    assert len(list(paths.backups.glob("*.db"))) == 1


@pytest.fixture
def elsewhere(paths, tmp_path, monkeypatch) -> Paths:
    """Another machine, on which lies a copy of this one's folder of backups; its key has a passphrase."""
    add(paths, "from afar")
    key = open_key(paths).value
    set_passphrase(paths, PASSPHRASE)
    typed("now", dialogue=[("Passphrase: ", PASSPHRASE)])
    shutil.copytree(paths.backups, tmp_path / "usb")
    assert key.hex().encode() not in b"".join(file.read_bytes() for file in (tmp_path / "usb").iterdir())
    monkeypatch.setenv("DESKTOP_AGENT_HOME", str(tmp_path / "new home"))
    return Paths.from_environment()


def test_on_another_machine_the_passphrase_opens_a_backup(elsewhere, tmp_path):
    (file,) = (tmp_path / "usb").glob("*.db")
    code, shown = typed("restore", str(file), "--yes", dialogue=[("Passphrase: ", PASSPHRASE)])
    assert code == 0
    assert "from" in shown
    key = open_key(elsewhere, lambda: PASSPHRASE).value
    assert titles(elsewhere, key) == ["from afar"]


def test_a_backup_without_its_profile_is_refused_in_words(elsewhere, tmp_path):
    (file,) = (tmp_path / "usb").glob("*.db")
    (tmp_path / "usb" / "profile.json").unlink()
    code, _, err = piped("restore", str(file), "--yes")
    assert (code, "Copy the whole folder of backups" in err) == (5, True)
    assert not elsewhere.profile.exists()
    assert not elsewhere.database.exists()


def test_a_backup_of_another_home_is_refused_where_there_is_one(elsewhere, tmp_path):
    (file,) = (tmp_path / "usb").glob("*.db")
    add(elsewhere.create(), "mine")
    code, _, err = piped("restore", str(file), "--yes")
    assert (code, "key does not open" in err) == (5, True)
    assert titles(elsewhere) == ["mine"]
