"""Taking a backup back. At every moment the database's name leads to a whole database, the former one or the new."""

import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.storage.backup import REPLACED, UNREADABLE, free_name
from desktop_agent.storage.copies import Contents, Progress, copy, inspect, one_file, remove
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting


@dataclass(frozen=True)
class Restored:
    """What is there now, and where the former state is kept (None: there was none).

    `forgotten` is in how many places the backup said what was forgotten here; it does not say it any more.
    """

    contents: Contents
    kept: Path | None
    forgotten: int = 0


def restore(paths: Paths, key: bytes, file: Path, progress: Progress | None = None) -> Restored:
    """Put a backup in the place of the database, which is kept among the backups first.

    The caller holds the profile's lock and has not opened the database. Raises UserFacingError with the database as it
    was: also when the backup is damaged, belongs to another key, or comes from a newer program.
    """
    contents = _check(file, key)
    staged = paths.database.with_name(f"{paths.database.name}.restored")
    try:
        copy(file, staged, key, progress)
        opens = _opens(paths.database, key)
        forgotten = _settle(staged, paths.database if opens else None, key)
        one_file(staged, key)
        kept = _keep(paths, key, opens)
        _replace(staged, paths.database)
    except OSError as error:
        raise UserFacingError(f"The backup cannot be restored: {error.strerror}.", "Nothing was changed.") from error
    finally:
        remove(staged)
    return Restored(contents, kept, forgotten)


def _check(file: Path, key: bytes) -> Contents:
    if not file.is_file():
        raise UserFacingError(f"There is no file {file}.")
    try:
        return inspect(file, key, thoroughly=True)
    except UserFacingError as error:
        raise UserFacingError(f"{file} cannot be restored. {error.message}", "Nothing was changed.") from error


def _settle(staged: Path, present: Path | None, key: bytes) -> int:
    """Bring the copy to this version and forget in it again, while nothing depends on it yet."""
    with closing(Database.open(staged, key)) as restored:
        if present is None:
            return 0
        with closing(Database.open(present, key)) as database:
            return Forgetting(database).forget_again(restored)


def _keep(paths: Paths, key: bytes, opens: bool) -> Path | None:
    """Keep the present database among the backups, as it is when it cannot be opened; leave it without a log."""
    if not any(Path(f"{paths.database}{suffix}").exists() for suffix in ("", "-wal")):
        return None
    if opens:
        kept = free_name(paths.backups, REPLACED)
        copy(paths.database, kept, key)
        one_file(paths.database, key)
    else:
        kept = free_name(paths.backups, UNREADABLE)
        _copy_files(paths.database, kept)
    return kept


def _opens(path: Path, key: bytes) -> bool:
    if not path.exists():
        return False
    try:
        inspect(path, key, thoroughly=True)
    except UserFacingError:
        return False
    return True


def _copy_files(source: Path, target: Path) -> None:
    for suffix in ("-wal", ""):
        if (file := Path(f"{source}{suffix}")).exists():
            durable.create(new := Path(f"{target}{suffix}"), b"")
            shutil.copyfile(file, new)
            with new.open("r+b") as written:
                os.fsync(written.fileno())
    if not target.exists():  # a log alone; it is removed one day together with the file that it belongs to
        durable.create(target, b"")


def _replace(staged: Path, database: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):  # SQLite would replay a log of the former one into the new one
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    durable.sync_folder(database.parent)
    staged.replace(database)
    durable.sync_folder(database.parent)
