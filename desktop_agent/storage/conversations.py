"""The list of conversations."""

import builtins
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desktop_agent.errors import UserFacingError
from desktop_agent.storage import retention, titles, word_index
from desktop_agent.storage.clock import new_id, now, utc
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True)
class Conversation:
    """A conversation's entry in the list; times are ISO 8601 in UTC.

    `uses_memory`: earlier chats and saved memories may be recalled in it. `saves_memory`: it may be remembered itself.
    """

    id: str
    title: str
    created_at: str
    updated_at: str
    uses_memory: bool = True
    saves_memory: bool = True


class Conversations:
    """The conversations of one database. A deleted one is hidden at once and removed by `purge_deleted`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, title: str = "", created_at: str = "", prefix: str = "") -> Conversation:
        """Add an empty conversation; without a title its first message gives it one. `prefix` is how its id begins.

        `created_at` is for an imported one: ISO 8601. Raises UserFacingError when that is no time.
        """
        time = utc(created_at) if created_at else now()
        made = Conversation(f"{prefix}{new_id()}", titles.clean(title), time, time)
        query = "INSERT INTO conversations (id, title, title_folded, created_at, updated_at) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(query, made.id, made.title, titles.fold(made.title), time, time)
        return made

    def get(self, conversation_id: str) -> Conversation:
        """Return the conversation; raises UserFacingError when there is none or it was deleted."""
        rows = self._database.select(f"{_SELECT} AND id = ?", conversation_id)
        if not rows:
            raise _unknown()
        return _conversation(rows[0])

    def list(self, search: str = "") -> list[Conversation]:
        """Return those whose title contains the words as typed, in any case; the last used one first."""
        query = f"{_SELECT} AND instr(title_folded, ?) ORDER BY updated_at DESC, rowid DESC"
        return [_conversation(row) for row in self._database.select(query, titles.fold(search))]

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it another title; raises UserFacingError when it is unknown."""
        title = titles.clean(title)
        change = "UPDATE conversations SET title = ?, title_folded = ? WHERE id = ? AND deleted_at IS NULL"
        self._change(change, title, titles.fold(title), conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Hide it until it is restored or purged; raises UserFacingError when it is unknown."""
        change = "UPDATE conversations SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"
        self._change(change, now(), conversation_id)

    def restore(self, conversation_id: str) -> None:
        """Show a deleted one again; raises UserFacingError when it is gone for good."""
        self._change("UPDATE conversations SET deleted_at = NULL WHERE id = ?", conversation_id)

    def set_memory(
        self, conversation_id: str, *, uses: bool | None = None, saves: bool | None = None
    ) -> builtins.list[str]:
        """Let a conversation use memory, or be remembered, or not; None leaves it as it is.

        Returns the ids of the turns that are no longer remembered: with `saves` false all that was said so far becomes
        private and stays so. Raises UserFacingError when the conversation is unknown.
        """

        def change(db: "Connection") -> builtins.list[str]:
            query = (
                "UPDATE conversations SET uses_memory = ifnull(?, uses_memory), saves_memory = ifnull(?, saves_memory)"
            )
            if not db.execute(
                f"{query} WHERE id = ? AND deleted_at IS NULL RETURNING id", (uses, saves, conversation_id)
            ).fetchall():
                raise _unknown()
            return retention.make_private(db, conversation_id) if saves is False else []

        return self._database.run(change)

    def purge_deleted(self, older_than: timedelta = timedelta(0)) -> builtins.list[str]:
        """Remove for good what was deleted longer ago, with its messages, turns, grants and approvals.

        Returns the ids of the conversations. Nothing of them is left in the file or its log, not even encrypted.
        """
        before = now(ago=older_than)

        def purge(db: "Connection") -> builtins.list[str]:
            gone = db.execute("DELETE FROM conversations WHERE deleted_at <= ? RETURNING id", (before,)).fetchall()
            if gone:
                word_index.optimise(db)
            return [row[0] for row in gone]

        gone = self._database.run(purge)
        if gone:
            self._database.checkpoint()
        return gone

    def _change(self, change: str, *values: str) -> None:
        if not self._database.execute(f"{change} RETURNING id", *values):
            raise _unknown()


_SELECT = """
    SELECT id, title, created_at, updated_at, uses_memory, saves_memory FROM conversations WHERE deleted_at IS NULL
"""


def _conversation(row: tuple[Any, ...]) -> Conversation:
    id_, title, created_at, updated_at, uses, saves = row
    return Conversation(id_, title, created_at, updated_at, bool(uses), bool(saves))


def _unknown() -> UserFacingError:
    return UserFacingError("There is no such conversation.", "It was probably deleted.")
