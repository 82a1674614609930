"""Every tool call, who allowed it, and what came of it."""

from typing import Any

from desktop_agent.records import AuditEntry
from desktop_agent.storage.clock import now
from desktop_agent.storage.database import Database

_COLUMNS = (
    "at, conversation_id, call_id, tool, effect, arguments, digest, verdict, tainted, ok, result_size, seconds, fault, "
    "undo_id"
)
_SELECT = f"""
    SELECT audit.id, {", ".join(f"audit.{name}" for name in _COLUMNS.split(", "))}, ifnull(undo_copies.undone_at, '')
    FROM audit LEFT JOIN undo_copies ON undo_copies.id = audit.undo_id
"""  # noqa: S608 -- names of columns


class Audit:
    """The calls of one database, in the order in which they ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Keep a call; its id and time are set here."""
        marks = ", ".join("?" * 14)
        query = f"INSERT INTO audit ({_COLUMNS}) VALUES ({marks})"  # noqa: S608 -- names of columns
        self._database.execute(query, now(), *_row(entry))

    def list(self, conversation_id: str = "", words: str = "", before: int = 0, count: int = 200) -> list[AuditEntry]:
        """Return calls, newest first: of one conversation, with these words in tool or arguments, before an id."""
        query = f"""
            {_SELECT} WHERE ? IN ('', audit.conversation_id) AND instr(lower(audit.tool || audit.arguments), lower(?))
            AND (? = 0 OR audit.id < ?) ORDER BY audit.id DESC LIMIT ?
        """
        rows = self._database.select(query, conversation_id, words, before, before, count)
        return [_entry(row) for row in rows]


def _row(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.conversation_id or None,
        entry.call_id,
        entry.tool,
        entry.effect,
        entry.arguments,
        entry.digest,
        entry.verdict,
        entry.tainted,
        entry.ok,
        entry.result_size,
        entry.seconds,
        entry.fault,
        entry.undo_id,
    )


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    id_, at, chat, *rest = row
    entry = AuditEntry(id_, at, chat or "", *rest)
    return AuditEntry(**{**entry.__dict__, "tainted": bool(entry.tainted), "ok": bool(entry.ok)})
