"""Copies of the encrypted database: made while the program runs, and proven before they count."""

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.storage.database import connect
from desktop_agent.storage.faults import faults_in_words
from desktop_agent.storage.migrations import check_version

if TYPE_CHECKING:
    from sqlite3 import Connection

Progress: TypeAlias = Callable[[int, int], None]
"""Told how much is done of how much; what it raises ends the work with nothing left behind."""

PAGES_AT_ONCE = 500
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Contents:
    """What a database file holds."""

    conversations: int
    messages: int


def remove(path: Path) -> None:
    """Remove a database file and its logs, those that are there."""
    for suffix in ("", *_LOGS):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def copy(source: Path, target: Path, key: bytes, progress: Progress | None = None) -> Contents:
    """Copy a database that nobody has open; otherwise as `copy_snapshot`."""
    with faults_in_words(), closing(connect(source, key, "ro")) as reader:
        reader.execute("BEGIN")
        return copy_snapshot(reader, target, key, progress)


def copy_snapshot(reader: "Connection", target: Path, key: bytes, progress: Progress | None = None) -> Contents:
    """Copy what a connection in a transaction sees; the target is whole and proven, or is not there.

    The copy is one file, without a log. Raises UserFacingError.
    """
    new = target.with_name(target.name + ".new")
    try:
        remove(new)
        durable.create(new, b"")
        with faults_in_words():
            wanted = _fill(reader, new, key, progress)
        if inspect(new, key, thoroughly=True) != wanted:
            raise UserFacingError("The copy of your conversations is not whole.", "Check that the disk is healthy.")
        _to_disk(new)
        new.replace(target)
        durable.sync_folder(target.parent)
    except OSError as error:
        raise UserFacingError(f"Your conversations cannot be copied to {target}: {error.strerror}.") from error
    finally:
        remove(new)
    return wanted


def inspect(path: Path, key: bytes, *, thoroughly: bool = False) -> Contents:
    """Return what the file holds. Raises UserFacingError when it is damaged, has another key, or is too new.

    Thoroughly: every page is read, and compared with its signature.
    """
    with faults_in_words(), closing(connect(path, key, "ro")) as connection:
        if not check_version(connection):
            raise UserFacingError(f"The file {path} is empty.")
        if thoroughly:
            faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
            if faults or connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise UserFacingError(f"The file {path} is damaged.")
        return _count(connection)


def one_file(path: Path, key: bytes) -> None:
    """Write the log back and make the database one that needs none, so that it can be moved as a single file."""
    with faults_in_words(), closing(connect(path, key, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _fill(reader: "Connection", new: Path, key: bytes, progress: Progress | None) -> Contents:
    # Without the transaction, every change meanwhile would make the copy begin anew.
    wanted = _count(reader)
    with closing(connect(new, key, "rw")) as writer:
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):  # an unfinished copy is thrown away
            writer.execute(f"PRAGMA {pragma}")
        _copy_pages(reader, writer, progress)
        writer.execute("PRAGMA journal_mode = DELETE")
    return wanted


def _copy_pages(reader: "Connection", writer: "Connection", progress: Progress | None) -> None:
    from sqlcipher3 import dbapi2

    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    try:
        reader.backup(writer, pages=PAGES_AT_ONCE, progress=told, sleep=0)
    except dbapi2.Error as error:  # the one place where it carries no code to find a sentence by
        raise UserFacingError(
            f"Your conversations cannot be copied: {error}.", "Check that the disk is healthy and has free space."
        ) from error


def _count(connection: "Connection") -> Contents:
    query = "SELECT (SELECT count(*) FROM conversations WHERE deleted_at IS NULL), (SELECT count(*) FROM messages)"
    return Contents(*connection.execute(query).fetchone())


def _to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
