import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from desktop_agent.storage import migrations
from desktop_agent.storage.backup import KEPT_AT_LEAST, REPLACED, UNREADABLE, Backup, Backups, find
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.copies import inspect
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting
from desktop_agent.storage.restore import restore
from desktop_agent.storage.store import Store
from desktop_agent.storage.transcript import Transcript
from tests.helpers.sqlcipher_pages import decrypted

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


@pytest.fixture
def paths(home) -> Paths:
    return home.create()


@pytest.fixture
def path(paths) -> Path:
    return paths.database


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def backups(paths, database, notices) -> Backups:
    return Backups(paths, KEY, database, notices.append)


def aged(backup: Backup, days: int, ending: str = "") -> Path:
    """The backup as if it had been made so many days before NOW."""
    time = NOW - timedelta(days=days)
    target = backup.path.with_name(f"{time:%Y-%m-%dT%H-%M-%S}{ending}.db")
    return backup.path.rename(target)


def week(backups: Backups, days: int) -> list[Path]:
    """Backups of so many days, today's first."""
    return [aged(backups.make(), day) for day in range(days)]


def say(database: Database, text: str) -> str:
    chat = Conversations(database).create(text)
    return Transcript(database).append(chat.id, Message("user", text)).id


def titles(path: Path, key: bytes = KEY) -> list[str]:
    """The titles in a database file, which is left as it is."""
    shutil.copy(path, copy := path.with_name("looked-at"))
    database = Database.open(copy, key)
    try:
        return sorted(chat.title for chat in Conversations(database).list())
    finally:
        database.close()
        copy.unlink()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_backup_holds_everything_in_one_private_file(backups, database):
    say(database, "kept")
    made = backups.make()
    assert titles(made.path) == ["kept"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert files(backups.folder) == [made.path.name]
    assert (made.conversations, made.bytes) == (1, made.path.stat().st_size)
    assert backups.list() == [made]
    assert abs(datetime.now(UTC) - datetime.fromisoformat(made.made_at)) < timedelta(seconds=60)


def test_a_backup_is_encrypted_with_the_same_key(backups, database):
    say(database, "Schrödinger")
    made = backups.make()
    assert b"Schr" not in made.path.read_bytes()
    with pytest.raises(UserFacingError, match="key does not open"):
        inspect(made.path, bytes(32))


def test_a_backup_is_one_moment_of_a_database_that_is_written_to(backups, database):
    """Pairs of rows are written together, so a whole pair is in the backup or none of it."""
    chat, stop = Conversations(database).create("busy"), threading.Event()
    query = "INSERT INTO messages (id, conversation_id, created_at, status, content) VALUES (?, ?, '', 'failed', '{}')"

    def write() -> None:
        number = 0
        while not stop.is_set():
            pair = [(f"{number}-{half}", chat.id) for half in "ab"]
            database.run(lambda db, pair=pair: db.executemany(query, pair) and None)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backups.make() for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    counts = [inspect(backup.path, KEY, thoroughly=True).messages for backup in made]
    assert all(count % 2 == 0 for count in counts)
    assert sorted(counts) == counts
    assert len({backup.path for backup in made}) == 3


def test_the_log_is_emptied_after_a_backup(backups, database, path):
    say(database, "kept")
    backups.make(lambda _done, _total: say(database, "meanwhile"))
    assert Path(f"{path}-wal").stat().st_size == 0


def test_a_backup_works_while_nobody_has_the_database_open(paths, database):
    say(database, "kept")
    database.close()
    assert titles(Backups(paths, KEY).make().path) == ["kept"]


def test_a_backup_that_is_given_up_leaves_nothing(backups, database):
    say(database, "kept")
    before = backups.make()

    def give_up(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        backups.make(give_up)
    assert files(backups.folder) == [before.path.name]


def test_progress_ends_with_all_of_it(backups, database):
    say(database, "x" * 3_000_000)
    told = []
    backups.make(lambda done, total: told.append((done, total)))
    assert len(told) > 1
    assert told[-1][0] == told[-1][1]


def test_the_profile_lies_beside_the_backups(backups, paths):
    paths.profile.write_text('{"id": "a"}')
    backups.make()
    paths.profile.write_text('{"id": "b"}')
    backups.make()
    assert (paths.backups / "profile.json").read_text() == '{"id": "b"}'


def test_the_profile_is_kept_up_to_date_without_a_new_backup(backups, paths):
    """Otherwise a passphrase that was changed would go on opening the copy."""
    paths.profile.write_text("old")
    backups.daily(7)
    paths.profile.write_text("new")
    assert backups.daily(7) is None
    assert (paths.backups / "profile.json").read_text() == "new"


def test_what_a_killed_backup_or_restore_left_is_swept_away(backups, paths):
    """It may hold what is forgotten."""
    made = backups.make()
    left = [paths.backups / "2026-01-01T00-00-00.db.new", paths.home / "desktop-agent.db.restored"]
    left.append(left[1].with_name("desktop-agent.db.restored.new"))
    for sweep in (backups.make, lambda: backups.forget([])):
        for path in left:
            path.write_bytes(b"half")
            Path(f"{path}-wal").write_bytes(b"half")
        sweep()
        assert all(name.endswith((".db", "-wal", "-shm")) for name in files(paths.home))
        assert not any(".new" in name or ".restored" in name for name in files(paths.home))
    assert made.path.exists()


def test_one_backup_a_day(backups):
    assert backups.due(NOW)
    aged(backups.make(), 0)
    assert not backups.due(NOW)
    assert backups.due(NOW + timedelta(days=1))
    assert backups.due(NOW - timedelta(days=1))  # the clock was wrong when it was made


def test_a_day_is_the_users_own(backups):
    aged(backups.make(), 0)  # 10:15 in UTC
    far_east, far_west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-11))
    assert not backups.due(datetime(2026, 11, 23, 0, 30, tzinfo=far_east))
    assert backups.due(datetime(2026, 11, 22, 23, 0, tzinfo=far_east) + timedelta(days=2))
    assert not backups.due(datetime(2026, 11, 21, 23, 30, tzinfo=far_west))


def test_daily_makes_one_and_no_more(backups, notices):
    made = backups.daily(7)
    assert made is not None
    assert backups.daily(7) is None
    assert backups.list() == [made]
    assert notices == []


def test_the_newest_days_are_kept(backups):
    all_days = week(backups, 10)
    assert backups.rotate(7, NOW) == all_days[7:]
    assert [backup.path for backup in backups.list()] == all_days[:7]


def test_days_without_a_backup_do_not_count(backups):
    old, older, oldest = (aged(backups.make(), days) for days in (30, 60, 90))
    backups.rotate(2, NOW)
    assert [backup.path for backup in backups.list()] == [old, older]
    assert not oldest.exists()


def test_without_copies_none_is_made_and_none_is_left(backups):
    aged(backups.make(), 1)
    assert backups.daily(0, NOW) is None
    assert backups.list() == []


def test_what_a_restore_replaced_is_kept_for_a_week_whatever_the_settings_say(backups):
    young = aged(backups.make(), 6, REPLACED)
    unreadable = aged(backups.make(), 6, UNREADABLE)
    old = aged(backups.make(), 8, REPLACED)
    assert timedelta(days=6) < KEPT_AT_LEAST < timedelta(days=8)
    assert backups.rotate(0, NOW) == [old]
    assert young.exists()
    assert unreadable.exists()
    assert [backup.path for backup in backups.list()] == [young]


def test_other_files_in_the_folder_are_left_alone(backups):
    backups.make()
    for name in ("holiday.db", "2026-11-01T10-15-00.db.txt", "notes.txt"):
        (backups.folder / name).write_text("mine")
    backups.rotate(0)
    assert files(backups.folder) == ["2026-11-01T10-15-00.db.txt", "holiday.db", "notes.txt"]


def test_a_folder_that_cannot_be_made_is_a_notice(backups, paths, notices):
    paths.backups.write_text("in the way")
    assert backups.daily(7) is None
    assert "cannot be made" in notices[0]
    with pytest.raises(UserFacingError, match="cannot be made"):
        backups.make()


def test_a_backup_is_found_by_its_name(backups):
    made = backups.make()
    assert find(backups.folder, made.name) == find(backups.folder, made.path.name) == made.path
    with pytest.raises(UserFacingError, match="no backup yesterday"):
        find(backups.folder, "yesterday")


def test_a_file_that_cannot_be_opened_is_listed_as_such(backups):
    made = backups.make()
    made.path.write_bytes(b"rubbish" * 1000)
    assert [backup.conversations for backup in backups.list()] == [None]


OUT_OF_SPACE = """
import resource, sys
from desktop_agent.paths import Paths
from desktop_agent.storage.backup import Backups
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database

paths, key = Paths.from_environment().create(), bytes(range(32))
database = Database.open(paths.database, key)
backups = Backups(paths, key, database, print)
first = backups.make()
Conversations(database).create("long " * 100_000)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    backups.make()
except Exception as error:
    print(type(error).__name__)
assert [backup.name for backup in backups.list()] == [first.name]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
backups.make()
database.close()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the limit on a file's size is POSIX")
def test_a_full_disk_is_said_and_the_others_stay(paths):
    ran = subprocess.run([sys.executable, "-c", OUT_OF_SPACE], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "UserFacingError\n"
    assert len(files(paths.backups)) == 2


@pytest.fixture
def changed(backups, database) -> Backup:
    """A backup, after which the database went on."""
    say(database, "then")
    made = backups.make()
    say(database, "now")
    database.close()
    return made


def test_a_backup_is_restored_and_the_former_state_is_kept(changed, paths):
    done = restore(paths, KEY, changed.path)
    assert titles(paths.database) == ["then"]
    assert (done.contents.conversations, done.contents.messages) == (1, 1)
    assert titles(done.kept) == ["now", "then"]
    assert files(paths.home) == sorted(
        ["desktop-agent.db", f"backups/{changed.path.name}", f"backups/{done.kept.name}"]
    )
    again = restore(paths, KEY, done.kept)
    assert titles(paths.database) == ["now", "then"]
    assert titles(again.kept) == ["then"]
    assert changed.path.exists()


def test_a_log_that_a_crash_left_is_kept_and_not_replayed_into_what_is_restored(backups, database, paths, tmp_path):
    say(database, "then")
    made = backups.make()
    say(database, "in the log only")
    crashed = Paths(tmp_path / "crashed", tmp_path).create()
    for suffix in ("", "-wal"):
        shutil.copy(f"{paths.database}{suffix}", f"{crashed.database}{suffix}")
    done = restore(crashed, KEY, made.path)
    assert titles(crashed.database) == ["then"]
    assert titles(done.kept) == ["in the log only", "then"]


@pytest.mark.parametrize("log", [True, False])
def test_a_damaged_database_is_kept_as_it_is(changed, paths, log):
    paths.database.write_bytes(b"rubbish" * 5000)
    if log:
        Path(f"{paths.database}-wal").write_bytes(b"more rubbish")
    done = restore(paths, KEY, changed.path)
    assert titles(paths.database) == ["then"]
    assert done.kept.name.endswith(f"{UNREADABLE}.db")
    assert done.kept.read_bytes() == b"rubbish" * 5000
    assert Path(f"{done.kept}-wal").exists() == log


def test_a_lost_database_comes_back(changed, paths):
    paths.database.unlink()
    assert restore(paths, KEY, changed.path).kept is None
    assert titles(paths.database) == ["then"]


def test_a_log_without_its_database_is_kept(changed, paths):
    paths.database.rename(log := Path(f"{paths.database}-wal"))
    was = log.read_bytes()
    kept = restore(paths, KEY, changed.path).kept
    assert Path(f"{kept}-wal").read_bytes() == was
    assert titles(paths.database) == ["then"]


def damaged(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(64))


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("harm", [damaged, cut_off, lambda path: path.write_bytes(b""), Path.unlink])
def test_a_damaged_backup_is_refused_and_changes_nothing(changed, paths, harm):
    harm(changed.path)
    before = paths.database.read_bytes()
    with pytest.raises(UserFacingError, match=r"cannot be restored|no file"):
        restore(paths, KEY, changed.path)
    assert paths.database.read_bytes() == before
    assert not Path(f"{paths.database}.restored").exists()


def test_a_backup_with_another_key_is_refused_and_changes_nothing(changed, paths):
    before = paths.database.read_bytes()
    with pytest.raises(UserFacingError, match="key does not open"):
        restore(paths, bytes(32), changed.path)
    assert paths.database.read_bytes() == before


def test_a_newer_backup_is_refused_in_words(changed, paths, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:-1])
    with pytest.raises(UserFacingError, match="newer Desktop Agent"):
        restore(paths, KEY, changed.path)
    monkeypatch.undo()
    assert titles(paths.database) == ["now", "then"]


def test_an_older_backup_is_brought_to_this_version(paths, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
    database = Database.open(paths.database, KEY)
    database.execute("INSERT INTO conversations VALUES ('id', 'old', 'old', '', '', NULL)")
    old = Backups(paths, KEY, database).make()
    database.close()
    monkeypatch.undo()
    restore(paths, KEY, old.path)
    database = Database.open(paths.database, KEY)
    assert database.execute("PRAGMA user_version") == [(len(migrations.MIGRATIONS),)]
    assert [chat.title for chat in Conversations(database).list()] == ["old"]
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_restore_that_is_killed_at_any_step_leaves_a_whole_database(tmp_path):
    command = [sys.executable, "-m", "tests.helpers.crash_restore", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    steps, former, new = map(int, ran.stdout.split())
    assert steps > 10
    assert former > 0
    assert new > 0
    assert former + new == steps + 1


MARKER = "Ottilie"


def pages(path: Path) -> bytes:
    """Every page as a thief with the key would see it, unused ones too; and what lies beside the file."""
    beside = [file for file in path.parent.glob(f"{path.name}-*") if file.is_file()]
    return decrypted(path, KEY) + b"".join(file.read_bytes() for file in beside)


def forget(database: Database, backups: Backups, words: str, *kept: str) -> None:
    """Forget what has the words, but for the texts that the user left unticked, as the desk does."""
    forgetting = Forgetting(database)
    items = [(found.kind, found.id) for found in forgetting.find(words) if found.text not in kept]
    forgetting.forget(items, words)
    backups.forget(items, words)


def everywhere(store: Store) -> str:
    """Put the marker wherever text can be; return the id of the message."""
    chat = store.conversations.create(f"About {MARKER}")
    question = store.transcript.append(chat.id, Message("user", f"My sister is called {MARKER}."))
    store.transcript.append(chat.id, Message("assistant", "I see.", notes=f"> My sister is called {MARKER}.\n> kept"))
    store.transcript.append(chat.id, Message("assistant", "Yes.", notes=f"> a line about {MARKER}\n> kept"))
    store.saved.add(f"Sister: {MARKER}", "said", message_id=question.id)
    store.suggestions.add(f"The user has a sister called {MARKER}", question.id)
    return question.id


def test_what_is_forgotten_is_in_no_page_of_any_backup(backups, database):
    store = Store(database)
    everywhere(store)
    say(database, "kept")
    made = [backups.make() for _ in range(2)]
    assert all(MARKER.encode() in pages(backup.path) for backup in made)
    forget(database, backups, MARKER)
    for backup in backups.list():
        assert MARKER.encode() not in pages(backup.path)
        assert MARKER.lower().encode() not in pages(backup.path)
        assert "kept" in titles(backup.path)
        assert backup.conversations == 2
        assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert files(backups.folder) == sorted(backup.path.name for backup in made)


def test_one_message_is_forgotten_in_the_backups_without_any_words(backups, database):
    message = say(database, f"My sister is called {MARKER}.")
    backups.make()
    Forgetting(database).forget([("message", message)])
    backups.forget([("message", message)])
    (backup,) = backups.list()
    assert MARKER.encode() not in pages(backup.path)


def test_what_only_a_backup_still_says_is_forgotten_too(backups, database):
    """The chat was purged, and the memory had other words later: neither can be ticked in the list any more."""
    store = Store(database)
    chat = store.conversations.create("chat")
    store.transcript.append(chat.id, Message("user", f"My sister is called {MARKER}."))
    memory = store.saved.add(f"Sister: {MARKER}", "said")
    backups.make()
    store.conversations.delete(chat.id)
    store.conversations.purge_deleted()
    store.saved.edit(memory.id, "Sister: yes")
    forget(database, backups, MARKER)
    (backup,) = backups.list()
    assert MARKER.encode() not in pages(backup.path)


def test_what_the_user_left_unticked_stays_in_the_backups(backups, database):
    for text in (f"{MARKER} one", f"{MARKER} two"):
        Store(database).saved.add(text, "said")
    backups.make()
    forget(database, backups, MARKER, f"{MARKER} two")
    (backup,) = backups.list()
    assert b"Ottilie one" not in pages(backup.path)
    assert b"Ottilie two" in pages(backup.path)


def test_a_backup_that_cannot_be_opened_is_removed_when_something_is_forgotten(backups, database, notices):
    message = say(database, MARKER)
    good, bad = backups.make(), backups.make()
    unreadable = aged(backups.make(), 1, UNREADABLE)
    for path in (bad.path, unreadable):
        path.write_bytes(b"rubbish" * 1000)
    Path(f"{unreadable}-wal").write_bytes(b"rubbish")
    backups.forget([("message", message)])
    assert files(backups.folder) == [good.path.name]
    assert len(notices) == 2
    assert f"The backup {bad.name} was removed" in "".join(notices)
    assert "Nothing was changed" not in "".join(notices)


def test_an_older_backup_is_forgotten_in_as_well(paths, notices, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
    old = Database.open(paths.database, KEY)
    time = "2026-01-01T00:00:00.000000+00:00"
    old.execute("INSERT INTO conversations VALUES ('chat', 't', 't', ?, ?, NULL)", time, time)
    content = f'{{"role": "user", "text": "{MARKER}"}}'
    old.execute("INSERT INTO messages VALUES (1, 'm', 'chat', ?, 'complete', ?)", time, content)
    Backups(paths, KEY, old).make()
    old.close()
    monkeypatch.undo()
    database = Database.open(paths.database, KEY)
    backups = Backups(paths, KEY, database, notices.append)
    forget(database, backups, MARKER)
    database.close()
    (backup,) = backups.list()
    assert MARKER.encode() not in pages(backup.path)
    assert titles(backup.path) == ["t"]
    assert notices == []


def test_a_copy_from_elsewhere_does_not_bring_back_what_was_forgotten(backups, database, paths, tmp_path):
    store = Store(database)
    everywhere(store)
    say(database, "kept")
    copy = backups.make().path.rename(tmp_path / "on a stick.db")
    store.conversations.delete(store.conversations.list(f"About {MARKER}")[0].id)
    forget(database, backups, MARKER)
    store.conversations.purge_deleted()
    database.close()
    done = restore(paths, KEY, copy)
    assert done.forgotten == 4  # the message, the memory, the suggestion and the title
    assert MARKER.encode() not in pages(paths.database)
    restored = Store(Database.open(paths.database, KEY))
    assert [chat.title for chat in restored.conversations.list()] == ["kept", ""]
    assert restored.forgetting.forgotten(f"My sister is called {MARKER}.")
    assert restored.forgetting.find(MARKER) == []
    restored.database.close()


def test_what_the_user_left_unticked_comes_back_with_a_backup(backups, database, paths):
    for text in (f"{MARKER} one", f"{MARKER} two"):
        Store(database).saved.add(text, "said")
    forget(database, backups, MARKER, f"{MARKER} two")
    copy = backups.make().path
    database.close()
    assert restore(paths, KEY, copy).forgotten == 0
    restored = Store(Database.open(paths.database, KEY))
    assert [saved.text for saved in restored.saved.list()] == [f"{MARKER} two"]
    restored.database.close()


def test_a_damaged_database_cannot_say_what_was_forgotten(changed, paths):
    paths.database.write_bytes(b"rubbish" * 5000)
    assert restore(paths, KEY, changed.path).forgotten == 0
