"""Looks words up in the full-text tables, best first by BM25."""

import json
import math
from bisect import bisect_right
from collections.abc import Collection
from itertools import accumulate
from typing import TYPE_CHECKING

from desktop_agent.lexical import LexicalHits, terms

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST_TERMS = 64
"""Of a longer question its beginning and its end count: between them lies what was pasted."""

MOST_ROWS = 5_000
"""Turns to be scored for one question; about three times as many windows come to it. Words that very many turns have
say little, and each costs its rows: at 100,000 turns a question of common words would take 150 ms instead of 20."""


def search(db: "Connection", text: str, count: int) -> LexicalHits:
    """Return the ids of at most `count` living turns with their scores, by their own words and by their windows'."""
    wanted = _ends(list(dict.fromkeys(terms(text))))
    if not wanted:
        return LexicalHits([], [])
    question = " OR ".join(_rarest(db, wanted))
    hidden: int = db.execute(_HIDDEN).fetchone()[0]
    return LexicalHits(
        *(_best(db, table, question, count + hidden)[:count] for table in ("turn_words", "window_words"))
    )


def coverage(db: "Connection", text: str, ids: Collection[str]) -> dict[str, float]:
    """Return for each living turn the share of the text's words that it has, 0 to 1, by their rarity.

    A word counts log(1 + (n - d + 0.5) / (d + 0.5)) when d of about n turns have it.
    """
    numbers = dict(db.execute(_NUMBERS, (json.dumps(list(ids)),)).fetchall())
    count: int = db.execute(_COUNT).fetchone()[0]
    total, found = 0.0, dict.fromkeys(numbers.values(), 0.0)
    for term in _ends(list(dict.fromkeys(terms(text)))):
        frequency, holders = db.execute(_HOLDERS, (json.dumps(list(numbers)), f'"{term}"')).fetchone()
        weight = math.log1p((max(count, frequency) - frequency + 0.5) / (frequency + 0.5))
        total += weight
        for number in holders.split(",") if holders else ():
            found[numbers[int(number)]] += weight
    return {id_: weight / total for id_, weight in found.items()} if total else found


_COUNT = "SELECT ifnull(max(position), 0) FROM turns"  # near enough: to count 100,000 rows takes 10 ms
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
_FREQUENCY = "SELECT count(*) FROM (SELECT 1 FROM turn_words WHERE turn_words MATCH ? LIMIT ?)"
_BEST = """
    SELECT rowid, -bm25({table}) AS score FROM {table} WHERE {table} MATCH ? ORDER BY score DESC, rowid DESC LIMIT ?
"""
_LIVING = """
    SELECT number, id FROM living_turns WHERE number IN (SELECT value FROM json_each(?1))
    UNION ALL SELECT number, id FROM living_memories WHERE number IN (SELECT value FROM json_each(?1))
"""


def _ends(words: list[str]) -> list[str]:
    half = MOST_TERMS // 2
    return words if len(words) <= MOST_TERMS else words[:half] + words[-half:]


def _best(db: "Connection", table: str, question: str, count: int) -> list[tuple[str, float]]:
    """Return the best hits that are not hidden."""
    best = db.execute(_BEST.format(table=table), (question, count)).fetchall()
    ids = dict(db.execute(_LIVING, (json.dumps([number for number, _score in best]),)).fetchall())
    return [(ids[number], score) for number, score in best if number in ids]


def _rarest(db: "Connection", wanted: list[str]) -> list[str]:
    """Return the words to look for, quoted: the common ones only as long as not too many turns have them."""
    quoted = [f'"{term}"' for term in wanted]
    frequency = {term: db.execute(_FREQUENCY, (term, MOST_ROWS)).fetchone()[0] for term in quoted}
    known = sorted((term for term in quoted if frequency[term]), key=lambda term: frequency[term])
    rows = list(accumulate(frequency[term] for term in known))
    return known[: max(1, bisect_right(rows, MOST_ROWS))] or quoted
