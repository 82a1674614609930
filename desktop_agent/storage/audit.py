"""Every tool call, who allowed it, and what came of it."""

import builtins
from collections.abc import Iterator
from dataclasses import astuple, fields
from typing import Any

from desktop_agent.records import AuditEntry
from desktop_agent.storage.clock import now
from desktop_agent.storage.database import Database

_BATCH = 500
"""Entries read at once: others want the database as well."""
_COLUMNS = ", ".join(field.name for field in fields(AuditEntry))
_SELECT = f"SELECT {_COLUMNS} FROM audit"  # noqa: S608 -- names of columns
_INSERT = f"INSERT INTO audit ({_COLUMNS}) VALUES ({', '.join('?' * len(fields(AuditEntry)))}) RETURNING id"  # noqa: S608
_FINISH = """
    UPDATE audit SET verdict = ?, ok = ?, result_size = ?, seconds = ?,
        fault = CASE arguments WHEN '' THEN '' ELSE ? END, undo_id = ?
    WHERE id = ?
"""


class Audit:
    """The calls of one database, in the order in which they began."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> int:
        """Keep a call and return its id, which is set here, as its time is."""
        _id, _at, chat, *rest = astuple(entry)
        rows = self._database.execute(_INSERT, None, now(), chat or None, *map(_storable, rest))
        return int(rows[0][0])

    def finish(self, entry_id: int, entry: AuditEntry) -> None:
        """Note what came of a call. What was forgotten of it meanwhile stays so."""
        came = (entry.verdict, entry.ok, entry.result_size, entry.seconds, _storable(entry.fault), entry.undo_id)
        self._database.execute(_FINISH, *came, entry_id)

    def list(
        self, conversation_id: str = "", words: str = "", before: int = 0, count: int = 200
    ) -> builtins.list[AuditEntry]:
        """Return calls, newest first: of one conversation, with these words in tool or arguments, before an id."""
        query = f"""
            {_SELECT} WHERE ? IN ('', conversation_id) AND instr(lower(tool || ' ' || arguments), lower(?))
            AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?
        """
        rows = self._database.select(query, conversation_id, words, before, before, count)
        return [_entry(row) for row in rows]

    def all(self, conversation_id: str = "") -> Iterator[AuditEntry]:
        """Yield the calls, of one conversation or of all, oldest first."""
        query = f"{_SELECT} WHERE ? IN ('', conversation_id) AND id > ? ORDER BY id LIMIT ?"
        after = 0
        while rows := self._database.select(query, conversation_id, after, _BATCH):
            yield from map(_entry, rows)
            after = rows[-1][0]


def _storable(value: object) -> object:
    """Return the value with half characters, which a model can write but no database keeps, as JSON escapes them."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    values = dict(zip((field.name for field in fields(AuditEntry)), row, strict=True))
    flags = {name: bool(values[name]) for name in ("tainted", "ok")}
    return AuditEntry(**values | flags | {"conversation_id": values["conversation_id"] or ""})
