"""What it takes to undo changes, encrypted like everything else, for a while."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.storage.clock import new_id, now
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

KEPT = timedelta(days=30)
LARGEST = 256 * 2**20
"""Bytes of all copies together; the oldest go first."""


class UndoCopies:
    """The undo history of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, copy: UndoCopy) -> str:
        """Keep what undoes a change, and return its id; old copies make room. Raises UserFacingError."""
        id_ = new_id()
        self._database.run(lambda db: _keep(db, id_, copy))
        return id_

    def get(self, undo_id: str) -> UndoCopy:
        """Return one; raises UserFacingError when it is gone."""
        rows = self._database.select(f"{_SELECT} WHERE id = ?", undo_id)
        if not rows:
            raise UserFacingError("This change can no longer be undone.", "Copies are kept for 30 days.")
        return _copy(rows[0])

    def list(self, conversation_id: str = "", count: int = 100) -> list[UndoCopy]:
        """Return changes of a conversation, or of all, newest first; without what was in them before."""
        query = f"{_SELECT_LIGHT} WHERE ? IN ('', conversation_id) ORDER BY created_at DESC, rowid DESC LIMIT ?"
        return [_copy(row) for row in self._database.select(query, conversation_id, count)]

    def mark_undone(self, undo_id: str) -> None:
        """Note that a change was taken back, also in the audit, which lasts longer."""
        time = now()

        def mark(db: "Connection") -> None:
            db.execute("UPDATE undo_copies SET undone_at = ? WHERE id = ?", (time, undo_id))
            db.execute("UPDATE audit SET undone_at = ? WHERE undo_id <> '' AND undo_id = ?", (time, undo_id))

        self._database.run(mark)

    def drop(self, undo_id: str) -> None:
        """Forget a copy: its change was not made."""
        self._database.execute("DELETE FROM undo_copies WHERE id = ?", undo_id)

    def sweep(self) -> None:
        """Forget the copies that are too old."""
        self._database.execute(_TOO_OLD, now(KEPT))


_COLUMNS = "kind, path, root, device, inode, other, {before}, after, mode, id, conversation_id, created_at, undone_at"
_SELECT = f"SELECT {_COLUMNS.format(before='before')} FROM undo_copies"  # noqa: S608 -- names of columns
_SELECT_LIGHT = f"SELECT {_COLUMNS.format(before='NULL')} FROM undo_copies"  # noqa: S608
_TOO_OLD = "DELETE FROM undo_copies WHERE created_at < ?"
_TOO_MUCH = """
    DELETE FROM undo_copies WHERE id IN (
        SELECT id FROM (
            SELECT id, sum(length(before)) OVER (ORDER BY created_at DESC, rowid DESC) AS bytes FROM undo_copies
        ) WHERE bytes > ?
    )
"""


def _keep(db: "Connection", id_: str, copy: UndoCopy) -> None:
    where = (_bytes(copy.path), _bytes(copy.root), str(copy.device), str(copy.inode), _bytes(copy.other))
    row = (id_, copy.conversation_id or None, copy.kind, *where, copy.before, copy.after, copy.mode, now())
    db.execute("INSERT INTO undo_copies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')", row)
    db.execute(_TOO_OLD, (now(KEPT),))
    db.execute(_TOO_MUCH, (LARGEST,))


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogatepass")


def _copy(row: tuple[Any, ...]) -> UndoCopy:
    kind, path, root, device, inode, other, before, after, mode, id_, chat, created, undone = row
    return UndoCopy(
        kind,
        _text(path),
        _text(root),
        int(device),
        int(inode),
        _text(other),
        before,
        after,
        mode,
        id_,
        chat or "",
        created,
        undone,
    )
