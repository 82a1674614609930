"""Taking a backup back. At every moment the database's name leads to a whole database, the former one or the new."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.storage.backup import REPLACED, UNREADABLE, free_name
from desktop_agent.storage.copies import Contents, Progress, copy, inspect, one_file, remove
from desktop_agent.storage.database import Database


@dataclass(frozen=True)
class Restored:
    """What is there now, and where the former state is kept (None: there was none)."""

    contents: Contents
    kept: Path | None


def restore(paths: Paths, key: bytes, file: Path, progress: Progress | None = None) -> Restored:
    """Put a backup in the place of the database, which is kept among the backups first.

    The caller holds the profile's lock and has not opened the database. Raises UserFacingError with the database as it
    was: also when the backup is damaged, belongs to another key, or comes from a newer program.
    """
    contents = _check(file, key)
    staged = paths.database.with_name(f"{paths.database.name}.restored")
    try:
        copy(file, staged, key, progress)
        Database.open(staged, key).close()  # brought to this version while nothing depends on it yet
        one_file(staged, key)
        kept = _keep(paths, key)
        _replace(staged, paths.database)
    except OSError as error:
        raise UserFacingError(f"The backup cannot be restored: {error.strerror}.", "Nothing was changed.") from error
    finally:
        remove(staged)
    return Restored(contents, kept)


def _check(file: Path, key: bytes) -> Contents:
    if not file.is_file():
        raise UserFacingError(f"There is no file {file}.")
    try:
        return inspect(file, key, thoroughly=True)
    except UserFacingError as error:
        raise UserFacingError(f"{file} cannot be restored. {error.message}", "Nothing was changed.") from error


def _keep(paths: Paths, key: bytes) -> Path | None:
    """Keep the present database among the backups, as it is when it cannot be opened; leave it without a log."""
    if not paths.database.exists():
        return None
    if _opens(paths.database, key):
        kept = free_name(paths.backups, REPLACED)
        copy(paths.database, kept, key)
        one_file(paths.database, key)
    else:
        kept = free_name(paths.backups, UNREADABLE)
        _copy_files(paths.database, kept)
    return kept


def _opens(path: Path, key: bytes) -> bool:
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


def _replace(staged: Path, database: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):  # SQLite would replay a log of the former one into the new one
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    durable.sync_folder(database.parent)
    staged.replace(database)
    durable.sync_folder(database.parent)
