"""Facts that the model proposes to keep, until the user accepts or rejects them."""

import builtins
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop_agent import lexical
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, SavedMemory
from desktop_agent.storage import forgotten, saved_memories
from desktop_agent.storage.clock import new_id, now
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection

_QUOTE = 300


@dataclass(frozen=True)
class Suggestion:
    """A proposed fact with the turn that it comes from; `quote` is the beginning of what was said there."""

    id: str
    text: str
    message_id: str
    conversation_id: str
    conversation_title: str
    created_at: str
    quote: str


class Suggestions:
    """The open suggestions of one database. Every method returns only when its change is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, text: str, message_id: str) -> Suggestion | None:
        """Propose a fact from a turn; None when it is saved, proposed, rejected or forgotten already, or no turn."""
        text, made = text.strip().encode("utf-8", "replace").decode(), new_id()
        normal = lexical.normal(text)

        def insert(db: "Connection") -> Suggestion | None:
            if not normal or _is_known(db, normal) or forgotten.is_forgotten(db, text):
                return None
            db.execute(_INSERT, (made, text, normal, now(), message_id))
            return next(iter(_select(db, made)), None)

        return self._database.run(insert)

    def list(self) -> builtins.list[Suggestion]:
        """Return the open ones, newest first, without those from deleted chats."""
        return self._database.read(_select)

    def accept(self, suggestion_id: str) -> SavedMemory:
        """Save the fact; raises UserFacingError when the suggestion is gone."""

        def accept(db: "Connection") -> SavedMemory:
            text, message_id = _take(db, suggestion_id)
            memory = SavedMemory(new_id(), text, "suggested", now(), "", message_id)
            return saved_memories.add(db, memory)

        return self._database.run(accept)

    def reject(self, suggestion_id: str) -> None:
        """Drop it for good: it is not proposed again. Raises UserFacingError when it is gone."""
        self._database.run(lambda db: forgotten.note(db, _take(db, suggestion_id)[0]))


_INSERT = """
    INSERT INTO suggestions (id, text, normal, created_at, message_id)
    SELECT ?, ?, ?, ?, id FROM living_turns WHERE id = ?
"""
_SELECT = """
    SELECT suggestions.id, text, message_id, conversation_id, title, suggestions.created_at, content
    FROM suggestions JOIN living_turns ON living_turns.id = message_id
    WHERE ? IN ('', suggestions.id) ORDER BY suggestions.created_at DESC, suggestions.rowid DESC
"""


def _select(db: "Connection", suggestion_id: str = "") -> list[Suggestion]:
    return [_suggestion(row) for row in db.execute(_SELECT, (suggestion_id,))]


def _suggestion(row: tuple[Any, ...]) -> Suggestion:
    made = Suggestion(*row)
    return replace(made, quote=Message.from_dict(json.loads(made.quote)).text[:_QUOTE])


def _is_known(db: "Connection", normal: str) -> bool:
    query = "SELECT 1 FROM suggestions WHERE normal = ? UNION ALL SELECT 1 FROM saved_memories WHERE normal = ?"
    return bool(db.execute(query, (normal, normal)).fetchone())


def _take(db: "Connection", suggestion_id: str) -> tuple[str, str]:
    query = "DELETE FROM suggestions WHERE id = ? RETURNING text, message_id"
    taken = db.execute(query, (suggestion_id,)).fetchall()
    if not taken:
        raise UserFacingError("There is no such suggestion.", "It was probably decided on already.")
    text, message_id = taken[0]
    return text, message_id
