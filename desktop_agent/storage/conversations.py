"""The list of conversations."""

import builtins
from dataclasses import dataclass
from datetime import timedelta

from desktop_agent.errors import UserFacingError
from desktop_agent.storage import titles
from desktop_agent.storage.clock import new_id, now
from desktop_agent.storage.database import Database


@dataclass(frozen=True)
class Conversation:
    """A conversation's entry in the list; times are ISO 8601 in UTC."""

    id: str
    title: str
    created_at: str
    updated_at: str


class Conversations:
    """The conversations of one database. A deleted one is hidden at once and removed by `purge_deleted`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, title: str = "") -> Conversation:
        """Add an empty conversation; without a title its first message gives it one."""
        time = now()
        made = Conversation(new_id(), titles.clean(title), time, time)
        row = (made.id, made.title, titles.fold(made.title), time, time)
        self._database.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, NULL)", *row)
        return made

    def get(self, conversation_id: str) -> Conversation:
        """Return the conversation; raises UserFacingError when there is none or it was deleted."""
        rows = self._database.execute(f"{_SELECT} AND id = ?", conversation_id)
        if not rows:
            raise _unknown()
        return Conversation(*rows[0])

    def list(self, search: str = "") -> list[Conversation]:
        """Return those whose title contains the words as typed, in any case; the last used one first."""
        query = f"{_SELECT} AND instr(title_folded, ?) ORDER BY updated_at DESC, rowid DESC"
        return [Conversation(*row) for row in self._database.execute(query, titles.fold(search))]

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

    def purge_deleted(self, older_than: timedelta = timedelta(0)) -> builtins.list[str]:
        """Remove for good what was deleted longer ago, with its messages, exchanges, grants and approvals.

        Returns the ids of the conversations. Nothing of them is left in the file or its log, not even encrypted.
        """
        query = "DELETE FROM conversations WHERE deleted_at <= ? RETURNING id"
        gone = self._database.execute(query, now(ago=older_than))
        if gone:
            self._database.checkpoint()
        return [row[0] for row in gone]

    def _change(self, change: str, *values: str) -> None:
        if not self._database.execute(f"{change} RETURNING id", *values):
            raise _unknown()


_SELECT = "SELECT id, title, created_at, updated_at FROM conversations WHERE deleted_at IS NULL"


def _unknown() -> UserFacingError:
    return UserFacingError("There is no such conversation.", "It was probably deleted.")
