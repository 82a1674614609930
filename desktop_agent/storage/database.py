"""The encrypted file and the one thread that uses it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.storage.faults import faults_in_words
from desktop_agent.storage.migrations import check_version, migrate

if TYPE_CHECKING:
    from sqlite3 import Connection  # sqlcipher3's class is a fork of it with the same interface

P = ParamSpec("P")
T = TypeVar("T")
BUSY_SECONDS = 5.0

# FULL: with a write-ahead log NORMAL survives a killed process but may lose the last commits to a power cut, and a
# message counts as kept once it was sent. fullfsync asks the same of macOS, where fsync alone does not reach the disk.
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",  # kB: pages read again need not be decrypted again
)


class Database:
    """A SQLCipher database. Any thread may call `run`; the work happens on the owner thread, one piece at a time."""

    def __init__(self, connection: "Connection", owner: ThreadPoolExecutor, path: Path, key: bytes) -> None:
        self._connection = connection
        self._owner = owner
        self._path = path
        self._key = key
        self._closing = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, path: Path, key: bytes) -> "Database":
        """Open or create the database with its raw 32-byte key and bring it to the current version.

        Raises UserFacingError, with the file left as it was, when the key does not fit, the file is damaged or no
        database, or a newer program wrote it.
        """
        owner = ThreadPoolExecutor(1, thread_name_prefix="storage")
        try:
            return cls(owner.submit(_open, path, key).result(), owner, path, key)
        except BaseException:
            owner.shutdown()
            raise

    @classmethod
    def in_memory(cls) -> "Database":
        """Return an empty database that is gone when it is closed, and never on disk before."""
        owner = ThreadPoolExecutor(1, thread_name_prefix="storage-passing")
        return cls(owner.submit(_passing).result(), owner, Path(":memory:"), b"")

    def run(self, work: "Callable[[Connection], T]") -> T:
        """Return what `work` returns; its changes are on disk by then, or none of them when it raised.

        Faults of the disk come back as UserFacingError. `work` must not call `run` itself.
        """
        return self._submit(self._transact, work, "IMMEDIATE").result()

    def read(self, work: "Callable[[Connection], T]") -> T:
        """Return what `work` returns, which only reads: it sees one state of the database and waits for no writer."""
        return self._submit(self._transact, work, "DEFERRED").result()

    def execute(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one statement that runs in a transaction of its own."""
        return self.run(lambda connection: connection.execute(statement, values).fetchall())

    @contextmanager
    def snapshot(self) -> "Iterator[Connection]":
        """Yield a connection for this thread that reads the database as it is at this moment, while others write on."""
        with faults_in_words():
            connection = connect(self._path, self._key, "ro")
            try:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_schema")  # the moment is that of the first look
                yield connection
            finally:
                connection.close()
                with suppress(UserFacingError):  # what was purged meanwhile stayed in the log for the snapshot's sake
                    self.checkpoint()

    def select(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of one statement that only reads."""
        return self.read(lambda connection: connection.execute(statement, values).fetchall())

    def checkpoint(self) -> None:
        """Write the log back into the file and empty it, so that what was purged is gone from both."""
        self._submit(_checkpoint, self._connection).result()

    def close(self) -> None:
        """Finish what runs, write the log back and close the file; harmless when called again."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            try:
                self._owner.submit(_close, self._connection).result()
            finally:
                self._owner.shutdown()

    def _submit(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[T]:
        with self._closing:
            if self._closed:
                raise UserFacingError("The conversations are closed already.", "Start Desktop Agent again.")
            return self._owner.submit(work, *arguments, **named)

    def _transact(self, work: "Callable[[Connection], T]", kind: str) -> T:
        connection = self._connection
        with faults_in_words():
            connection.execute(f"BEGIN {kind}")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it itself when the disk is full
                    connection.execute("ROLLBACK")
                raise
            return result


def _open(path: Path, key: bytes) -> "Connection":
    try:
        with faults_in_words():
            if path.exists():
                _check(path, key)
            else:
                _create(path, key)
            return _ready(path, key)
    except OSError as error:
        raise UserFacingError(f"Your conversations cannot be kept in {path.parent}: {error.strerror}.") from error


def _check(path: Path, key: bytes) -> None:
    """Raise UserFacingError when the database cannot be used. A connection that may write would change the file."""
    if path.stat().st_size == 0:
        raise UserFacingError(
            f"The file {path} should hold your conversations, but it is empty.", "Restore it from a backup."
        )
    connection = connect(path, key, "ro")
    try:
        check_version(connection)
    finally:
        connection.close()


def _create(path: Path, key: bytes) -> None:
    """Make an empty database under another name first, so that a file under the final name is always a whole one."""
    if Path(f"{path}-wal").exists():  # SQLite would replay it into the new file
        raise UserFacingError(f"The file {path} is missing, but its log is there.", "Restore the file from a backup.")
    new = path.with_name(path.name + ".new")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{new}{suffix}").unlink(missing_ok=True)
    durable.create(new, b"")  # with its mode, which SQLite gives to the log as well
    _ready(new, key).close()
    new.replace(path)
    durable.sync_folder(path.parent)


def _ready(path: Path, key: bytes) -> "Connection":
    connection = connect(path, key, "rw")
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _passing() -> "Connection":
    from sqlcipher3 import dbapi2

    connection: Connection = dbapi2.connect(":memory:", isolation_level=None)
    for pragma in ("foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    migrate(connection)
    return connection


def connect(path: Path, key: bytes, mode: str) -> "Connection":
    """Return a connection for this thread to the file as it is; `mode` is ro or rw. Faults are sqlcipher3's own."""
    from sqlcipher3 import dbapi2

    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection: Connection = dbapi2.connect(uri, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA cipher_log_level = NONE")  # or it writes to standard error
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _checkpoint(connection: "Connection") -> None:
    with faults_in_words():
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _close(connection: "Connection") -> None:
    with suppress(UserFacingError):  # on a full disk it all stays in the log, to be read from there
        _checkpoint(connection)
    connection.close()
