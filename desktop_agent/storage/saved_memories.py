"""Short facts that the user keeps."""

import builtins
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from desktop_agent import lexical
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Origin, SavedMemory
from desktop_agent.storage import forgotten, word_index
from desktop_agent.storage.clock import checked_day, new_id, now
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


class SavedMemories:
    """The saved memories of one database. Every method returns only when its change is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, text: str, origin: Origin, *, message_id: str = "", pinned: bool = False, valid_until: str = ""
    ) -> SavedMemory:
        """Save a fact; one that is there already, in other punctuation or case, is returned as it is.

        `valid_until` is the last day on which it holds. What the user says or writes anew counts as forgotten no
        longer. Raises UserFacingError when there are no words in it, or the end is no day.
        """
        made = SavedMemory(
            new_id(), text, origin, now(), "", message_id, pinned=pinned, valid_until=checked_day(valid_until)
        )
        return self._database.run(lambda db: add(db, made))

    def get(self, memory_id: str) -> SavedMemory:
        """Return one; raises UserFacingError when it is gone."""
        return self._database.read(lambda db: get(db, memory_id))

    def list(self, search: str = "", origin: str = "", since: str = "", until: str = "") -> builtins.list[SavedMemory]:
        """Return those with these words (literally), of this origin, saved from and to these days; newest first.

        Those that ended or were replaced are among them.
        """
        query = f"""
            {_SELECT} WHERE instr(saved.normal, ?) AND ? IN ('', saved.origin)
            AND date(saved.created_at, 'localtime') BETWEEN ? AND ? ORDER BY saved.number DESC
        """
        values = (lexical.normal(search), origin, since or "0000", until or "9999-12-31")
        return [_memory(row) for row in self._database.select(query, *values)]

    def active(self, today: str) -> builtins.list[SavedMemory]:
        """Return those that hold on a day (ISO 8601): pinned ones first, then the last used or changed."""
        query = f"""
            {_SELECT} WHERE saved.replaced_by = '' AND (saved.valid_until = '' OR saved.valid_until >= ?)
            ORDER BY saved.pinned DESC, max(saved.used_at, saved.updated_at) DESC, saved.number DESC
        """
        return [_memory(row) for row in self._database.select(query, today)]

    def edit(self, memory_id: str, text: str) -> None:
        """Give it another text; raises UserFacingError when it is gone or the text has no words."""
        text, normal = _clean(text)
        query = (
            "UPDATE saved_memories SET text = ?, normal = ?, updated_at = ? WHERE id = ? RETURNING number, created_at"
        )

        def change(db: "Connection") -> None:
            row = db.execute(query, (text, normal, now(), memory_id)).fetchone()
            if row is None:
                raise _unknown()
            forgotten.allow(db, text)
            word_index.index_memory(db, row[0], text, row[1])

        self._database.run(change)

    def pin(self, memory_id: str, pinned: bool) -> None:
        """Put it before the others in every prompt, or no longer; raises UserFacingError when it is gone."""
        self._change("pinned = ?", pinned, memory_id)

    def set_end(self, memory_id: str, day: str) -> None:
        """Say the last day (ISO 8601) on which it holds; "" for no end. Raises UserFacingError for no day or memory."""
        self._change("valid_until = ?", checked_day(day), memory_id)

    def replace(self, old_id: str, new_id: str) -> None:
        """Set a memory aside because another contradicts it; "" lets it hold again. Nothing is deleted."""
        self._change("replaced_by = ?", new_id, old_id)

    def merge(self, ids: Iterable[str], text: str) -> SavedMemory:
        """Save one text in the place of several memories, which are set aside; pinned when one of them is."""
        merged = list(ids)

        def change(db: "Connection") -> SavedMemory:
            parts = [get(db, id_) for id_ in merged]
            made = SavedMemory(new_id(), text, "written", now(), "", pinned=any(part.pinned for part in parts))
            whole = add(db, made)
            for part in parts:
                if part.id != whole.id:
                    db.execute("UPDATE saved_memories SET replaced_by = ? WHERE id = ?", (whole.id, part.id))
            return whole

        return self._database.run(change)

    def used(self, ids: Iterable[str]) -> None:
        """Note that these were used for an answer now."""
        query = "UPDATE saved_memories SET used_at = ? WHERE id IN (SELECT value FROM json_each(?))"
        self._database.execute(query, now(), json.dumps(list(ids)))

    def delete(self, memory_id: str) -> None:
        """Delete it; what it had replaced holds again. Raises UserFacingError when it is gone."""
        self._database.run(lambda db: delete(db, memory_id))

    def _change(self, setting: str, value: object, memory_id: str) -> None:
        if not self._database.execute(_CHANGE.format(setting), value, now(), memory_id):
            raise _unknown()


_SELECT = """
    SELECT saved.id, saved.text, saved.origin, saved.created_at, saved.updated_at,
        CASE WHEN conversations.id IS NULL THEN '' ELSE saved.message_id END,
        ifnull(conversations.id, ''), ifnull(conversations.title, ''),
        saved.pinned, saved.valid_until, saved.replaced_by, saved.used_at
    FROM saved_memories AS saved
    LEFT JOIN messages ON messages.id = saved.message_id
    LEFT JOIN conversations ON conversations.id = messages.conversation_id AND conversations.deleted_at IS NULL
"""


_CHANGE = "UPDATE saved_memories SET {}, updated_at = ? WHERE id = ? RETURNING id"
_INSERT = """
    INSERT INTO saved_memories (
        id, text, normal, origin, created_at, updated_at, message_id, pinned, valid_until, replaced_by, used_at
    ) VALUES (?, ?, ?, ?, ?, ?, (SELECT id FROM messages WHERE id = ?), ?, ?, ?, ?)
    ON CONFLICT DO NOTHING RETURNING number
"""


def add(db: "Connection", made: SavedMemory) -> SavedMemory:
    """Insert a new memory, or return the one that says the same and still holds."""
    text, normal = _clean(made.text)
    query = "SELECT id FROM living_memories WHERE number IN (SELECT -number FROM saved_memories WHERE normal = ?)"
    same = db.execute(query, (normal,)).fetchone()
    if made.origin != "suggested":
        forgotten.allow(db, text)  # the user says it anew
    if same:
        return get(db, same[0].removeprefix("memory-"))
    insert(db, replace(made, text=text, updated_at=made.created_at))
    return get(db, made.id)


def get(db: "Connection", memory_id: str) -> SavedMemory:
    """Return one memory; raises UserFacingError when it is gone."""
    row = db.execute(f"{_SELECT} WHERE saved.id = ?", (memory_id,)).fetchone()
    if row is None:
        raise _unknown()
    return _memory(row)


def insert(db: "Connection", saved: SavedMemory) -> None:
    """Insert a memory as it is, unless it is there; its link is kept when the message is there."""
    text, normal = _clean(saved.text)
    row = (saved.id, text, normal, saved.origin, saved.created_at, saved.updated_at, saved.message_id)
    rest = (saved.pinned, saved.valid_until, saved.replaced_by, saved.used_at)
    for (number,) in db.execute(_INSERT, (*row, *rest)).fetchall():
        word_index.index_memory(db, number, text, saved.created_at)


def delete(db: "Connection", memory_id: str) -> None:
    """Delete a memory; what it had replaced holds again."""
    if not db.execute("DELETE FROM saved_memories WHERE id = ? RETURNING id", (memory_id,)).fetchall():
        raise _unknown()
    db.execute("UPDATE saved_memories SET replaced_by = '' WHERE replaced_by = ?", (memory_id,))


def _clean(text: str) -> tuple[str, str]:
    """Return the text as it is kept, and as it is compared."""
    text = text.strip().encode("utf-8", "replace").decode()
    normal = lexical.normal(text)
    if not normal:
        raise UserFacingError("There are no words in that memory.", "Write what should be remembered.")
    return text, normal


def _memory(row: tuple[Any, ...]) -> SavedMemory:
    memory = SavedMemory(*row)
    return replace(memory, pinned=bool(memory.pinned))


def _unknown() -> UserFacingError:
    return UserFacingError("There is no such memory.", "It was probably deleted.")
