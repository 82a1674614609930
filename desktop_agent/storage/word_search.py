"""Looks words up in the full-text tables, best first by BM25."""

import json
import math
from collections.abc import Collection
from typing import TYPE_CHECKING

from desktop_agent.lexical import LexicalHits, terms

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_TERMS = 64
"""Of a longer question its beginning and its end count: between them lies what was pasted."""


def search(db: "Connection", text: str, count: int) -> LexicalHits:
    """Return the ids of at most `count` living turns with their scores, by their own words and by their windows'."""
    wanted = _ends(list(dict.fromkeys(terms(text))))
    if not wanted:
        return LexicalHits([], [])
    question = " OR ".join(f'"{term}"' for term in wanted)
    hidden: int = db.execute(_HIDDEN).fetchone()[0]
    return LexicalHits(*(_best(db, table, question, count, hidden) for table in ("turn_words", "window_words")))


def coverage(db: "Connection", text: str, ids: Collection[str]) -> dict[str, float]:
    """Return for each living turn the share of the text's words that it has, 0 to 1, by their rarity.

    A word counts log(1 + (n - d + 0.5) / (d + 0.5)) when d of n turns have it.
    """
    numbers = dict(db.execute(_NUMBERS, (json.dumps(list(ids)),)).fetchall())
    count: int = db.execute(_COUNT).fetchone()[0]
    total, found = 0.0, dict.fromkeys(numbers.values(), 0.0)
    for term in _ends(list(dict.fromkeys(terms(text)))):
        frequency, holders = db.execute(_HOLDERS, (json.dumps(list(numbers)), f'"{term}"')).fetchone()
        weight = math.log1p(max(0.0, count - frequency + 0.5) / (frequency + 0.5))
        total += weight
        for number in holders.split(",") if holders else ():
            found[numbers[int(number)]] += weight
    return {id_: weight / total for id_, weight in found.items()} if total else found


_COUNT = "SELECT (SELECT count(*) FROM turns) + (SELECT count(*) FROM saved_memories)"
_NUMBERS = """
    SELECT number, id FROM living_turns WHERE id IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT number, id FROM living_memories WHERE id IN (SELECT value FROM json_each(?1))
"""
_HOLDERS = """
    SELECT count(*), group_concat(CASE WHEN rowid IN (SELECT value FROM json_each(?)) THEN rowid END)
    FROM turn_words WHERE turn_words MATCH ?
"""
_HIDDEN = """
    SELECT (SELECT count(*) FROM turns WHERE conversation_id IN (
        SELECT id FROM conversations WHERE deleted_at IS NOT NULL
    )) + (SELECT count(*) FROM saved_memories) - (SELECT count(*) FROM living_memories)
"""
_BEST = """
    SELECT id, score FROM (
        SELECT rowid AS number, -bm25({table}) AS score FROM {table} WHERE {table} MATCH ? ORDER BY score DESC LIMIT ?
    ) AS best
    JOIN (SELECT number, id FROM living_turns UNION ALL SELECT number, id FROM living_memories) USING (number)
    ORDER BY score DESC, number DESC
"""


def _ends(words: list[str]) -> list[str]:
    half = MOST_TERMS // 2
    return words if len(words) <= MOST_TERMS else words[:half] + words[-half:]


def _best(db: "Connection", table: str, question: str, count: int, hidden: int) -> list[tuple[str, float]]:
    """Return the best hits; so many more than asked for are looked at as might be hidden."""
    rows = db.execute(_BEST.format(table=table), (question, count + hidden)).fetchall()
    return [(id_, score) for id_, score in rows][:count]
