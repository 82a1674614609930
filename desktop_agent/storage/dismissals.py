"""Which turns the user called not relevant, and how often."""

import json
from collections.abc import Iterable

from desktop_agent.storage.database import Database


class Dismissals:
    """The dismissals of one database; they go with their turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, turn_id: str) -> None:
        """Count one more dismissal of a turn."""
        query = "INSERT INTO dismissals VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        self._database.execute(query, turn_id)

    def counts(self, ids: Iterable[str]) -> dict[str, int]:
        """Return how often each of these turns was dismissed; those that never were are left out."""
        query = "SELECT turn_id, count FROM dismissals WHERE turn_id IN (SELECT value FROM json_each(?))"
        return dict(self._database.select(query, json.dumps(list(ids))))
