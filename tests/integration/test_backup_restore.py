"""Backups and archives as people use them: with the program, killed in the middle, on another machine."""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from desktop_agent.settings.secrets import open_key
from desktop_agent.storage.backup import Backups
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.transcript import Transcript
from tests.helpers.program import COMMAND, Run

KILLS = 8


def memories(run: Run) -> list[str]:
    listed = run("memory", "list", "--json")
    assert listed.code == 0, listed.err
    return sorted(memory["text"] for memory in json.loads(listed.out))


def ok(run: Run, *arguments: str, **environment: str) -> str:
    ran = run(*arguments, **environment)
    assert ran.code == 0, ran.err
    return ran.out


def test_what_was_saved_after_a_backup_is_gone_after_its_restore_and_comes_back_with_the_kept_state(run: Run):
    ok(run, "memory", "add", "I live in Bonn.")
    name = json.loads(ok(run, "backup", "now", "--json"))["name"]
    ok(run, "memory", "add", "I live in Köln.")
    done = json.loads(ok(run, "backup", "restore", name, "--yes", "--json"))
    assert memories(run) == ["I live in Bonn."]
    ok(run, "backup", "restore", Path(done["kept"]).stem, "--yes")
    assert memories(run) == ["I live in Bonn.", "I live in Köln."]


def test_what_is_forgotten_is_forgotten_in_the_backups_too(run: Run):
    ok(run, "memory", "add", "My sister is called Ottilie.")
    name = json.loads(ok(run, "backup", "now", "--json"))["name"]
    ok(run, "memory", "forget", "Ottilie", "--yes")
    ok(run, "backup", "restore", name, "--yes")
    assert memories(run) == []


def test_an_archive_carries_everything_into_another_home(run: Run, tmp_path: Path):
    ok(run, "memory", "add", "I live in Bonn.", "--pin")
    (tmp_path / "passphrase").write_text("correct horse\n")
    options = (str(tmp_path / "all.age"), "--passphrase-file", str(tmp_path / "passphrase"), "--json")
    assert json.loads(ok(run, "memory", "export", *options))["memories"] == 1
    there = {"DESKTOP_AGENT_HOME": str(tmp_path / "there")}
    for added in (1, 0):
        assert json.loads(ok(run, "memory", "import", *options, **there))["memories"] == added
    (memory,) = json.loads(ok(run, "memory", "list", "--json", **there))
    assert (memory["text"], memory["pinned"], memory["origin"]) == ("I live in Bonn.", True, "written")


def fill(paths: Paths, megabytes: int) -> Path:
    """Make a home with so much in it and return a backup of it."""
    key = open_key(paths.create()).value
    database = Database.open(paths.database, key)
    chat = Conversations(database).create("in the backup")
    for _ in range(megabytes):
        Transcript(database).append(chat.id, Message("tool", os.urandom(500_000).hex()))
    backup = Backups(paths, key, database).make()
    database.close()
    return backup.path


def rename(paths: Paths, title: str) -> None:
    """Change the database, so that it is another than the backup."""
    database = Database.open(paths.database, open_key(paths).value)
    (chat,) = Conversations(database).list()
    Conversations(database).rename(chat.id, title)
    database.close()


def title(paths: Paths) -> str:
    """Return the title of the one chat in the whole and sound database."""
    database = Database.open(paths.database, open_key(paths).value)
    try:
        assert database.execute("PRAGMA quick_check") == [("ok",)]
        assert database.execute("PRAGMA cipher_integrity_check") == []
        assert database.execute("SELECT count(*) FROM messages") == [(12,)]
        (chat,) = Conversations(database).list()
        return chat.title
    finally:
        database.close()


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_restore_that_is_killed_at_any_time_leaves_the_former_or_the_new_database(home: Paths):
    backup = fill(home, 12)
    command = [*COMMAND, "backup", "restore", str(backup), "--yes"]
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    lasts = time.monotonic() - began
    for _ in range(KILLS):
        rename(home, "made later")
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
            with suppress(subprocess.TimeoutExpired):
                program.wait(random.uniform(0.3, 1.0) * lasts)  # noqa: S311
            program.send_signal(signal.SIGKILL)
        assert title(home) in {"in the backup", "made later"}
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert title(home) == "in the backup"
    assert not list(home.home.glob("*.restored*"))
