"""What the user wants to be reminded of."""

import builtins
from dataclasses import astuple, replace

from desktop_agent.errors import UserFacingError
from desktop_agent.records import Reminder
from desktop_agent.storage.clock import now, utc
from desktop_agent.storage.database import Database


class Reminders:
    """The reminders of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, reminder: Reminder) -> None:
        """Keep a reminder; one with the same id is replaced.

        Raises UserFacingError when it does not say of what or when.
        """
        text = reminder.text.strip().encode("utf-8", "replace").decode()
        if not text:
            raise UserFacingError("A reminder needs words.", "Say of what you want to be reminded.")
        created_at = reminder.created_at or now()
        kept = replace(reminder, text=text, due_at=utc(reminder.due_at), created_at=created_at)
        self._database.execute("INSERT OR REPLACE INTO reminders VALUES (?, ?, ?, ?, ?, ?, ?)", *astuple(kept))

    def get(self, reminder_id: str) -> Reminder:
        """Return one; raises UserFacingError when it is gone."""
        rows = self._database.select("SELECT * FROM reminders WHERE id = ?", reminder_id)
        if not rows:
            raise UserFacingError("There is no such reminder any more.", "The list of reminders shows those there are.")
        return Reminder(*rows[0])

    def list(self, *, done: bool = False) -> builtins.list[Reminder]:
        """Return the reminders to come, the next first; with `done` those that are done as well."""
        query = "SELECT * FROM reminders WHERE ? OR done_at = '' ORDER BY due_at, rowid"
        return [Reminder(*row) for row in self._database.select(query, done)]

    def due(self, time: str) -> builtins.list[Reminder]:
        """Return those whose time has come at `time` and that were not shown since."""
        query = "SELECT * FROM reminders WHERE done_at = '' AND due_at <= ? AND shown_at < due_at ORDER BY due_at"
        return [Reminder(*row) for row in self._database.select(query, time)]

    def delete(self, reminder_id: str) -> None:
        """Delete a reminder; harmless when it is gone."""
        self._database.execute("DELETE FROM reminders WHERE id = ?", reminder_id)
