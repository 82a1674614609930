"""Which record a model means that names it by its id, its title, or some words."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from desktop_agent import lexical
from desktop_agent.errors import UserFacingError
from desktop_agent.records import Note, Reminder
from desktop_agent.tools.shown import shown

R = TypeVar("R", Note, Reminder)
ID_LENGTH = 6
"""Characters of an id that a model is told: short ones it copies without mistakes."""
LONGEST_HEADING = 60
_LISTED = 8


def short_id(record: Note | Reminder) -> str:
    """Return the id as a model is told it."""
    return record.id[:ID_LENGTH]


def heading(record: Note | Reminder) -> str:
    """Return what a record is called: its title, else its first line, cut where it is too long."""
    lines = (getattr(record, "title", "") or record.text).strip().splitlines()
    return shown(lines[0], LONGEST_HEADING) if lines else ""


def matching(records: Iterable[R], words: str) -> list[R]:
    """Return the records with these words in a row; where none has, those with the most of them."""
    there = list(records)
    needle = lexical.normal(words)
    literal = [record for record in there if needle in lexical.normal(_text(record))]
    if literal:
        return literal
    wanted = set(lexical.terms(words))
    scores = [len(wanted.intersection(lexical.terms(_text(record)))) for record in there]
    best = max(scores, default=0)
    return [record for record, score in zip(there, scores, strict=True) if score == best > 0]


def one(records: Iterable[R], name: str, kind: str) -> R:
    """Return the record that is meant; raises UserFacingError, with what there is, for none or several."""
    there = list(records)
    for find in (_by_id, _by_title, matching):
        found = find(there, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise UserFacingError(f"Several {kind}s fit '{shown(name, 60)}': {_named(found)}.", "Say the id of one.")
    if not there:
        raise UserFacingError(f"There are no {kind}s.")
    raise UserFacingError(f"No {kind} fits '{shown(name, 60)}'.", f"There are: {_named(there)}.")


def _by_id(records: Sequence[R], name: str) -> list[R]:
    wanted = name.strip("[] ").lower()
    return [record for record in records if len(wanted) >= ID_LENGTH and record.id.startswith(wanted)]


def _by_title(records: Sequence[R], name: str) -> list[R]:
    wanted = lexical.normal(name)
    return [record for record in records if wanted and lexical.normal(heading(record)) == wanted]


def _text(record: Note | Reminder) -> str:
    return f"{getattr(record, 'title', '')}\n{record.text}"


def _named(records: Sequence[Note | Reminder]) -> str:
    names = ", ".join(f"[{short_id(record)}] {heading(record)}" for record in records[:_LISTED])
    return f"{names}, …" if len(records) > _LISTED else names
