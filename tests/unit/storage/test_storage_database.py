import shutil
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.storage import migrations
from desktop_agent.storage.database import Database


def contents(folder: Path) -> dict[str, bytes]:
    """What the files hold, without SQLite's shared memory, which says nothing that is not in the log."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}


def add_title(database: Database, title: str) -> None:
    database.execute("INSERT INTO conversations VALUES (?, ?, ?, '', '', NULL, 1, 1)", title, title, title)


def titles(database: Database) -> list[str]:
    return [row[0] for row in database.execute("SELECT title FROM conversations ORDER BY rowid")]


@pytest.fixture
def crashed(database: Database, tmp_path: Path) -> Path:
    """The files as a killed program leaves them: the last changes are in the log only."""
    add_title(database, "first")
    folder = tmp_path / "crashed"
    folder.mkdir()
    for name in ("test.db", "test.db-wal"):
        shutil.copy(tmp_path / name, folder / name)
    return folder / "test.db"


def test_what_was_written_is_there_after_reopening(path, key):
    database = Database.open(path, key)
    add_title(database, "kept")
    database.close()
    database = Database.open(path, key)
    assert titles(database) == ["kept"]
    database.close()


def test_a_power_cut_is_guarded_against(database):
    def pragma(name: str) -> object:
        return database.execute(f"PRAGMA {name}")[0][0]

    assert pragma("synchronous") == 2  # FULL
    assert pragma("journal_mode") == "wal"
    assert pragma("secure_delete") == 1
    assert pragma("foreign_keys") == 1
    assert pragma("temp_store") == 2  # memory


def test_closing_leaves_one_file_and_no_thread(path, key):
    database = Database.open(path, key)
    add_title(database, "kept")
    assert any(thread.name.startswith("storage") for thread in threading.enumerate())
    database.close()
    database.close()
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(path.name)] == [path.name]
    assert not any(thread.name.startswith("storage") for thread in threading.enumerate())


def test_a_closed_database_says_so(path, key):
    database = Database.open(path, key)
    database.close()
    with pytest.raises(UserFacingError, match="closed already"):
        database.execute("SELECT 1")


def test_the_files_are_readable_by_this_account_only(database, path):
    add_title(database, "private")
    for file in path.parent.glob("test.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_plain_sqlite_cannot_read_it(database, path):
    database.checkpoint()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        connection.execute("SELECT * FROM conversations")
    connection.close()


def test_a_wrong_key_is_refused_and_changes_nothing(crashed, key):
    before = contents(crashed.parent)
    with pytest.raises(UserFacingError, match="key does not open"):
        Database.open(crashed, bytes(32))
    assert contents(crashed.parent) == before
    database = Database.open(crashed, key)
    assert titles(database) == ["first"]
    database.close()


def test_a_refused_key_is_not_reported_on_standard_error(crashed, capfd):
    with pytest.raises(UserFacingError):
        Database.open(crashed, bytes(32))
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_no_database_is_refused_and_kept(path, key):
    path.write_text("my shopping list\n" * 1000)
    before = path.read_bytes()
    with pytest.raises(UserFacingError, match="damaged"):
        Database.open(path, key)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [0, 100, 4096, 20000])
def test_a_truncated_database_is_refused_and_kept(database, path, key, kept):
    add_title(database, "x" * 100_000)
    database.close()
    with path.open("r+b") as file:
        file.truncate(kept)
    before = path.read_bytes()
    with pytest.raises(UserFacingError, match=r"damaged|empty"):
        Database.open(path, key)
    assert path.read_bytes() == before


def test_a_missing_file_beside_its_log_is_refused(crashed, key):
    crashed.unlink()
    log = crashed.with_name("test.db-wal")
    before = log.read_bytes()
    with pytest.raises(UserFacingError, match="missing"):
        Database.open(crashed, key)
    assert log.read_bytes() == before
    assert not crashed.exists()


def test_a_start_that_died_while_creating_is_begun_anew(path, key):
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}.new{suffix}").write_bytes(b"half written")
    Database.open(path, key).close()
    assert [file.name for file in path.parent.glob("test.db*")] == ["test.db"]


def test_a_folder_that_cannot_hold_it_is_named(tmp_path, key):
    with pytest.raises(UserFacingError, match=r"cannot be kept in .*nowhere"):
        Database.open(tmp_path / "nowhere" / "test.db", key)


def test_a_newer_database_is_refused_and_kept(database, path, key):
    database.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")
    database.close()
    before = path.read_bytes()
    with pytest.raises(UserFacingError, match="newer Desktop Agent"):
        Database.open(path, key)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_old_version(database, path, key, monkeypatch):
    add_title(database, "kept")
    database.close()

    def half_way(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (way)")
        connection.execute("DELETE FROM conversations")
        raise RuntimeError("out of ideas")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, half_way))
    with pytest.raises(RuntimeError, match="out of ideas"):
        Database.open(path, key)
    monkeypatch.undo()
    database = Database.open(path, key)
    assert titles(database) == ["kept"]
    assert database.execute("SELECT * FROM sqlite_master WHERE name = 'half'") == []
    database.close()


def test_a_later_migration_keeps_what_is_there(database, path, key, monkeypatch):
    add_title(database, "kept")
    database.close()

    def add_column(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE conversations ADD COLUMN colour TEXT DEFAULT 'blue'")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, add_column))
    for _ in range(2):  # the second time there is nothing left to do
        database = Database.open(path, key)
        assert database.execute("SELECT title, colour FROM conversations") == [("kept", "blue")]
        database.close()


def test_work_that_raises_leaves_nothing_behind(database):
    def work(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO conversations VALUES ('half', '', '', '', '', NULL, 1, 1)")
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        database.run(work)
    assert titles(database) == []


def test_many_threads_share_it(database):
    def write(thread: int) -> None:
        for number in range(40):
            add_title(database, f"{thread}-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = titles(database)
    assert len(found) == 320
    for thread in range(8):
        assert [title for title in found if title.startswith(f"{thread}-")] == [f"{thread}-{n}" for n in range(40)]


def test_closing_while_others_write_loses_nothing_that_was_acknowledged(path, key):
    database = Database.open(path, key)
    kept: list[str] = []
    started = threading.Event()

    def write() -> None:
        for number in range(100_000):
            try:
                add_title(database, str(number))
            except UserFacingError:
                return
            kept.append(str(number))
            started.set()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write)
        started.wait()
        database.close()
    database = Database.open(path, key)
    assert titles(database) == kept
    database.close()


def test_a_second_program_that_writes_is_waited_for_then_named(database, path, key, monkeypatch):
    monkeypatch.setattr("desktop_agent.storage.database.BUSY_SECONDS", 0.1)
    other = Database.open(path, key)
    writing, done = threading.Event(), threading.Event()

    def hold(_connection: sqlite3.Connection) -> None:
        writing.set()
        done.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(database.run, hold)
        writing.wait()
        with pytest.raises(UserFacingError, match="in use by another program"):
            add_title(other, "too early")
        done.set()
    add_title(other, "now")
    assert titles(database) == ["now"]
    other.close()


def test_a_mistake_of_the_program_is_not_blamed_on_the_disk(database):
    with pytest.raises(Exception, match="no such table") as mistake:
        database.execute("SELECT * FROM nowhere")
    assert not isinstance(mistake.value, UserFacingError)
