"""Backups: copies of the encrypted database in a folder, one a day, the newest days kept."""

import re
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from desktop_agent import durable
from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.storage.copies import Progress, copy, copy_snapshot, inspect, one_file, remove
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting

REPLACED, UNREADABLE = "-replaced", "-unreadable"
"""How the name ends of what a restore has kept: the state that it replaced, whether or not it could be opened."""
KEPT_AT_LEAST = timedelta(days=7)
"""How long a state that a restore replaced is kept, whatever the settings say."""
_FORM = "%Y-%m-%dT%H-%M-%S"
_NAME = re.compile(rf"(\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\d)({REPLACED}|{UNREADABLE})?\.db")

Item: TypeAlias = tuple[str, str]
"""The kind and the id of something that `Forgetting.find` found."""
Files: TypeAlias = list[Path]
Items: TypeAlias = list[Item]


@dataclass(frozen=True)
class Backup:
    """A backup. `made_at` is ISO 8601 in UTC; `conversations` is None when the file cannot be opened."""

    path: Path
    made_at: str
    bytes: int
    conversations: int | None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem


class Backups:
    """The backups of one home. Any thread may use them, whether the database is open or not; they block.

    `database` is the open database, where there is one. `report` is told what the user should know.
    """

    def __init__(
        self,
        paths: Paths,
        key: bytes,
        database: Database | None = None,
        report: Callable[[str], None] = lambda _notice: None,
    ) -> None:
        self.folder = paths.backups
        self._paths = paths
        self._key = key
        self._database = database
        self._report = report
        self._working = threading.Lock()

    def due(self, now: datetime | None = None) -> bool:
        """Return whether there is none of today yet; a day is one in the time zone of `now` (default: now, here)."""
        now = now or datetime.now().astimezone()
        return all(_time(path).astimezone(now.tzinfo).date() != now.date() for path in restorable(self.folder))

    def make(self, progress: Progress | None = None) -> Backup:
        """Make a backup now, while the program goes on. Raises UserFacingError; the others stay in any case."""
        with self._working:
            self._sweep()
            path = free_name(self.folder)
            if self._database is None:
                contents = copy(self._paths.database, path, self._key, progress)
            else:
                with self._database.snapshot() as reader:
                    contents = copy_snapshot(reader, path, self._key, progress)
            self._copy_profile()
            return _backup(path, contents.conversations)

    def daily(self, copies: int, now: datetime | None = None, progress: Progress | None = None) -> Backup | None:
        """Make today's backup if it is due, then keep the newest days only. A failure becomes a notice.

        Returns the new backup, None when none was due, `copies` is 0, or it failed.
        """
        made = None
        try:
            self._copy_profile()  # a passphrase that was changed must not open it in its old form any longer
            if copies and self.due(now):
                made = self.make(progress)
            self.rotate(copies, now)
        except UserFacingError as error:
            self._report(f"Today's backup failed; the earlier ones are kept. {error}")
        return made

    def rotate(self, days: int, now: datetime | None = None) -> Files:
        """Keep the backups of the newest `days` days that have any, remove the others and return their paths."""
        spared_since = (now or datetime.now(UTC)) - KEPT_AT_LEAST
        with self._working:
            newest = sorted({_day(path) for path in restorable(self.folder)}, reverse=True)[:days]
            gone = [path for path in _all(self.folder) if _day(path) not in newest and not _kept(path, spared_since)]
            _remove_all(gone)
        return gone

    def list(self) -> list[Backup]:
        """Return the backups, newest first."""
        return [_backup(path, self._conversations(path)) for path in restorable(self.folder)]

    def forget(self, items: Iterable[Item], words: str = "") -> None:
        """Forget in every backup what was forgotten in the database, and what only a backup still says of the words.

        What the words still find in the database was spared by the user and stays. A backup in which nothing can be
        forgotten, because it cannot be opened, is removed with a notice.
        """
        wanted = list(items)
        spared = _found(self._database, words) if self._database is not None else set()
        with self._working:
            self._sweep()
            for path in _all(self.folder):
                self._forget_in(path, wanted, words, spared)

    def _forget_in(self, path: Path, items: Items, words: str, spared: set[Item]) -> None:
        try:
            database = Database.open(path, self._key)
            try:
                Forgetting(database).forget({*items, *(_found(database, words) - spared)}, words)
            finally:
                database.close()
            one_file(path, self._key)
        except UserFacingError as error:
            remove(path)
            self._report(f"The backup {path.stem} was removed, for nothing could be forgotten in it. {error.message}")

    def _sweep(self) -> None:
        """Remove what a backup or a restore left that was killed."""
        home = self._paths.database.parent
        _remove_all([*self.folder.glob("*.db.new*"), *home.glob(f"{self._paths.database.name}.restored*")])

    def _conversations(self, path: Path) -> int | None:
        try:
            return inspect(path, self._key).conversations
        except UserFacingError:
            return None

    def _copy_profile(self) -> None:
        """Keep the newest profile.json beside the backups: where the key has a passphrase, it opens them elsewhere."""
        with suppress(OSError):
            durable.write(self.folder / self._paths.profile.name, self._paths.profile.read_bytes())


def restorable(folder: Path) -> list[Path]:
    """Return the files of a folder that can be restored, newest first."""
    return [path for path in _all(folder) if not path.stem.endswith(UNREADABLE)]


def find(folder: Path, name: str) -> Path:
    """Return the file of the backup with this name. Raises UserFacingError."""
    for path in restorable(folder):
        if name in {path.stem, path.name}:
            return path
    raise UserFacingError(f"There is no backup {name}.", "See which there are: desktop-agent backup list")


def free_name(folder: Path, ending: str = "") -> Path:
    """Return a path for a backup made now that nothing has; makes the folder. Raises UserFacingError."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UserFacingError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    time = datetime.now(UTC)
    while (path := folder / f"{time.strftime(_FORM)}{ending}.db").exists():
        time += timedelta(seconds=1)
    return path


def _all(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("*.db") if _NAME.fullmatch(path.name)), reverse=True)


def _found(database: Database, words: str) -> set[Item]:
    return {(found.kind, found.id) for found in Forgetting(database).find(words)} if words else set()


def _remove_all(paths: Files) -> None:
    try:
        for path in paths:
            remove(path)
    except OSError as error:
        raise UserFacingError(f"An old backup cannot be removed: {error.strerror} ({error.filename}).") from error


def _backup(path: Path, conversations: int | None) -> Backup:
    return Backup(path, _time(path).isoformat(timespec="seconds"), path.stat().st_size, conversations)


def _time(path: Path) -> datetime:
    return datetime.strptime(path.name[:19], _FORM).replace(tzinfo=UTC)


def _day(path: Path) -> date:
    return _time(path).astimezone().date()


def _kept(path: Path, since: datetime) -> bool:
    return path.stem.endswith((REPLACED, UNREADABLE)) and _time(path) >= since
