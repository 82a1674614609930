"""What memory searches and recalls: the turns of all living chats, and the saved memories that hold."""

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from desktop_agent.lexical import LexicalHits
from desktop_agent.messages import Message, Turn
from desktop_agent.storage import retention, word_search
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


class Turns:
    """The turns of one database, without those of deleted chats and saved memories that ended or were replaced."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self) -> set[str]:
        """Return the ids of all turns."""
        return {row[0] for row in self._database.select(_IDS)}

    def count(self) -> int:
        """Return how many turns there are."""
        count: int = self._database.select(_COUNT)[0][0]
        return count

    def messages(self) -> int:
        """Return how many of them are messages of chats."""
        count: int = self._database.select("SELECT count(*) FROM living_turns")[0][0]
        return count

    def leave_out(self, ids: Iterable[str]) -> None:
        """Remember these messages no longer; they stay in their chats."""
        wanted = list(ids)
        self._database.run(lambda db: retention.leave_out(db, wanted))

    def get(self, ids: Iterable[str]) -> list[Turn]:
        """Return the turns in the order of their ids, skipping what is unknown, deleted or no longer holds."""
        wanted = list(ids)
        found = self._database.read(lambda db: _by_id(db, wanted))
        return [found[id_] for id_ in wanted if id_ in found]

    def neighbours(self, ids: Iterable[str]) -> dict[str, tuple[Turn, ...]]:
        """Return for each id that is known the turn before it in its chat, itself, and the turn after it.

        A saved memory stands alone.
        """
        wanted = list(ids)

        def look(db: "Connection") -> dict[str, tuple[Turn, ...]]:
            rows = db.execute(_NEIGHBOURS, (json.dumps(wanted),)).fetchall()
            turns = _by_id(db, [*wanted, *(id_ for row in rows for id_ in row if id_)])
            runs = {row[1]: row for row in rows}
            return {
                id_: tuple(turns[near] for near in runs.get(id_, (id_,)) if near in turns)
                for id_ in wanted
                if id_ in turns
            }

        return self._database.read(look)

    def search(self, text: str, count: int) -> LexicalHits:
        """Return at most `count` turns by their own words and by those of their windows; scores are BM25's.

        Only words count, whatever else is in the text; without any (see `lexical.terms`) nothing is found.
        """
        return self._database.read(lambda db: word_search.search(db, text, count))

    def coverage(self, text: str, ids: Collection[str]) -> dict[str, float]:
        """Return for each turn how much of the text's words it has, 0 to 1; rare words count more than common ones."""
        return self._database.read(lambda db: word_search.coverage(db, text, ids))

    def between(self, start: str, end: str, count: int) -> list[str]:
        """Return the ids of the latest turns from `start` on and before `end` (ISO 8601 in UTC), newest first."""
        return [row[0] for row in self._database.select(_BETWEEN, start, end, count)]


_IDS = "SELECT id FROM living_turns UNION ALL SELECT id FROM living_memories"
_COUNT = "SELECT (SELECT count(*) FROM living_turns) + (SELECT count(*) FROM living_memories)"
_GET = """
    SELECT id, conversation_id, title, date, content, origin FROM {} WHERE id IN (SELECT value FROM json_each(?))
"""
_BETWEEN = """
    SELECT id FROM (SELECT id, date FROM living_turns UNION ALL SELECT id, date FROM living_memories)
    WHERE date >= ? AND date < ? ORDER BY date DESC LIMIT ?
"""
_NEIGHBOURS = """
    SELECT
        (SELECT id FROM turns WHERE conversation_id = here.conversation_id AND position < here.position
            ORDER BY position DESC LIMIT 1),
        id,
        (SELECT id FROM turns WHERE conversation_id = here.conversation_id AND position > here.position
            ORDER BY position LIMIT 1)
    FROM turns AS here WHERE id IN (SELECT value FROM json_each(?))
"""


def _by_id(db: "Connection", ids: list[str]) -> dict[str, Turn]:
    views = ("living_turns", "living_memories")
    rows = [row for view in views for row in db.execute(_GET.format(view), (json.dumps(ids),))]
    return {row[0]: _turn(row) for row in rows}


def _turn(row: tuple[Any, ...]) -> Turn:
    id_, conversation_id, title, date, content, origin = row
    if origin != "chat":
        return Turn(id_, conversation_id, title, date, "User", content, origin)
    message = Message.from_dict(json.loads(content))
    speaker = message.author or ("User" if message.role == "user" else "Assistant")
    return Turn(id_, conversation_id, title, date, speaker, message.text)
