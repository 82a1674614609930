"""The full-text rows of turns and saved memories: the words of each, and those of its window.

A window is a turn with the turns before and after it in its chat. Author and day of a turn are indexed with its text;
"User" and "Assistant" are not, since they would be in every row.
"""

import json
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from desktop_agent.lexical import terms

if TYPE_CHECKING:
    from sqlite3 import Connection

NEIGHBOUR_CHARACTERS = 4000
"""So much of a neighbour counts in a window: more would drown the turn itself, and cost time at every write."""
_MONTHS = "january february march april may june july august september october november december"


class _Turn(NamedTuple):
    position: int
    words: list[str]
    shortened: list[str]
    day: list[str]


def add_turn(db: "Connection", position: int, conversation_id: str) -> None:
    """Make the message at a position a turn, or index it again when its text changed."""
    query = "INSERT OR IGNORE INTO turns SELECT position, id, conversation_id FROM messages WHERE position = ?"
    db.execute(query, (position,))
    _index(db, position, conversation_id)


def remove_turn(db: "Connection", position: int) -> None:
    """Let the message at a position be a turn no longer; harmless when it is none."""
    gone = db.execute("DELETE FROM turns WHERE position = ? RETURNING conversation_id", (position,)).fetchone()
    if gone:
        _index(db, position, gone[0])


def index_memory(db: "Connection", number: int, text: str, date: str) -> None:
    """Index a saved memory, anew when its text changed; it is its own window."""
    words = " ".join([*day_words(date), *terms(text)])
    for table in ("turn_words", "window_words"):
        _put(db, table, -number, words)


def optimise(db: "Connection") -> None:
    """Merge the tables, so that words of deleted rows are gone from them: about a second at 100,000 turns."""
    for table in ("turn_words", "window_words"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 -- one of two tables


def day_words(date: str) -> list[str]:
    """Return the local day of a time as it is looked up: "8 may 2023"."""
    day = datetime.fromisoformat(date).astimezone()
    return [str(day.day), _MONTHS.split()[day.month - 1], str(day.year)]


_TURNS = """
    SELECT turns.position, messages.content, messages.created_at
    FROM turns JOIN messages ON messages.position = turns.position
"""


def _index(db: "Connection", position: int, conversation_id: str) -> None:
    """Write the rows of the turn at a position, if there is one, and the windows beside it."""
    condition = "WHERE turns.conversation_id = ? AND turns.position"
    here = (conversation_id, position)
    until = db.execute(f"{_TURNS} {condition} <= ? ORDER BY turns.position DESC LIMIT 3", here).fetchall()
    after = db.execute(f"{_TURNS} {condition} > ? ORDER BY turns.position LIMIT 2", here).fetchall()
    turns = [_turn(*row) for row in chain(reversed(until), after)]
    for turn in turns:
        if turn.position == position:
            _put(db, "turn_words", position, " ".join(turn.day + turn.words))
    middle = len(until) - 1
    for at in range(max(0, middle - 1), min(len(turns), middle + 2)):
        _put_window(db, turns, at)


def _turn(position: int, content: str, created_at: str) -> _Turn:
    message = json.loads(content)
    author, text = terms(message.get("author", "")), message.get("text", "")
    words = author + terms(text)
    shortened = words if len(text) <= NEIGHBOUR_CHARACTERS else author + terms(text[:NEIGHBOUR_CHARACTERS])
    return _Turn(position, words, shortened, day_words(created_at))


def _put_window(db: "Connection", turns: list[_Turn], at: int) -> None:
    beside = [turn.shortened for turn in (*turns[max(0, at - 1) : at], *turns[at + 1 : at + 2])]
    words = chain(turns[at].day, turns[at].words, *beside)
    _put(db, "window_words", turns[at].position, " ".join(words))


def _put(db: "Connection", table: str, number: int, words: str) -> None:
    db.execute(f"INSERT OR REPLACE INTO {table} (rowid, words) VALUES (?, ?)", (number, words))  # noqa: S608 -- one of two tables
