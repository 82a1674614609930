"""The tables of an archive, as rows of JSON read from the database.

What the user allowed, folders and tools, is written down for the reader's sake only: an import grants nothing.
"""

import base64
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from desktop_agent.storage.archive_file import Row

if TYPE_CHECKING:
    from sqlite3 import Connection


class _Table(NamedTuple):
    query: str
    """What to read; each column becomes a field of the same name."""
    change: Callable[[Row], Row] = lambda row: row


def _with_json(row: Row) -> Row:
    return {**row, "content": json.loads(row["content"])}


def _with_base64(row: Row) -> Row:
    return {name: base64.b64encode(value).decode() for name, value in row.items()}


def _with_path(row: Row) -> Row:
    return {**row, "path": row["path"].decode("utf-8", "surrogatepass")}


_TABLES = {
    "conversations": _Table(
        """
        SELECT id, title, created_at, updated_at, uses_memory, saves_memory FROM conversations
        WHERE deleted_at IS NULL ORDER BY rowid
        """
    ),
    "messages": _Table(
        """
        SELECT id, conversation_id, created_at, status, private, content FROM messages
        WHERE conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL) ORDER BY position
        """,
        _with_json,
    ),
    "memories": _Table(
        """
        SELECT id, text, origin, created_at, updated_at, ifnull(message_id, '') AS message_id, pinned, valid_until,
            replaced_by, used_at
        FROM saved_memories ORDER BY number
        """
    ),
    "suggestions": _Table(
        """
        SELECT id, text, message_id, created_at FROM suggestions
        WHERE message_id IN (SELECT id FROM living_turns) ORDER BY rowid
        """
    ),
    "notes": _Table("SELECT id, title, text, created_at, updated_at FROM notes ORDER BY rowid"),
    "reminders": _Table("SELECT id, text, due_at, repeat, created_at, shown_at, done_at FROM reminders ORDER BY rowid"),
    "dismissals": _Table("SELECT turn_id, count FROM dismissals"),
    "examined": _Table(
        """
        SELECT messages.id AS message_id FROM examined JOIN messages ON messages.position = (
            SELECT max(position) FROM messages
            WHERE conversation_id = examined.conversation_id AND position <= examined.position
        )
        WHERE messages.conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL)
        """
    ),
    "salts": _Table("SELECT value AS salt FROM salt", _with_base64),
    "forgotten": _Table("SELECT hash FROM forgotten", _with_base64),
    "folders": _Table(
        """
        SELECT path, conversation_id, created_at FROM grants
        WHERE conversation_id IS NULL OR conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL)
        ORDER BY id
        """,
        _with_path,
    ),
    "tools": _Table(
        """
        SELECT tool, conversation_id, folder, created_at FROM standing_approvals
        WHERE conversation_id IS NULL
        OR conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL) ORDER BY id
        """
    ),
}


def counts(reader: "Connection") -> dict[str, int]:
    """Return how many rows each table has."""
    count = "SELECT count(*) FROM ({})"
    return {name: reader.execute(count.format(table.query)).fetchone()[0] for name, table in _TABLES.items()}


def rows(reader: "Connection", name: str) -> Iterator[Row]:
    """Yield the rows of a table."""
    cursor = reader.execute(_TABLES[name].query)
    fields = [column[0] for column in cursor.description]
    change: Callable[[dict[str, Any]], Row] = _TABLES[name].change
    for row in cursor:
        yield change(dict(zip(fields, row, strict=True)))
