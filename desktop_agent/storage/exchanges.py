"""Finished questions with their answers, for memory."""

import json
from collections.abc import Iterable
from typing import Any

from desktop_agent.messages import Exchange, Message
from desktop_agent.storage.database import Database


class Exchanges:
    """The finished exchanges of one database, without those of deleted conversations. An id is the question's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self) -> set[str]:
        """Return the ids of all exchanges."""
        return {row[0] for row in self._database.execute("SELECT id FROM finished_exchanges")}

    def get(self, ids: Iterable[str]) -> list[Exchange]:
        """Return the exchanges in the order of their ids, skipping what is unknown or deleted."""
        wanted = list(ids)
        query = "SELECT * FROM finished_exchanges WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._database.execute(query, json.dumps(wanted))
        found = {row[0]: _exchange(row) for row in rows}
        return [found[id_] for id_ in wanted if id_ in found]


def _exchange(row: tuple[Any, ...]) -> Exchange:
    id_, conversation_id, title, date, question, answer, from_files = row
    return Exchange(id_, conversation_id, title, date, _text(question), _text(answer), bool(from_files))


def _text(content: str) -> str:
    return Message.from_dict(json.loads(content)).text
