"""All turns that may matter for a question, best first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desktop_agent.memory.dates import Period
from desktop_agent.messages import Turn

NEIGHBOUR = 0.5
"""A turn gets so much of its better neighbour's score: a question is answered beside where its words are."""
_DATED = 1.0
_DISMISSED = 1.0
_AGEING = 0.3
_HALF_LIFE_DAYS = 90.0


@dataclass(frozen=True)
class Hit:
    """A turn with its fused score. `run` holds the turn before it in its chat, the turn itself, and the one after it.

    `cosine` is centred, None when the turn was not among the nearest; `lexical` is the share of the question's words
    that it has, 0 to 1; `in_period` says that it is from the days that the question names.
    """

    turn_id: str
    score: float
    cosine: float | None
    lexical: float
    turn: Turn
    run: tuple[Turn, ...]
    in_period: bool = False
    dismissals: int = 0


@dataclass(frozen=True)
class Evidence:
    """What is known about the candidates beside their texts; all by turn id."""

    scores: Mapping[str, float]
    cosines: Mapping[str, float]
    coverage: Mapping[str, float]
    dismissals: Mapping[str, int]


def ranked(runs: Mapping[str, tuple[Turn, ...]], evidence: Evidence, now: datetime, period: Period | None) -> list[Hit]:
    """Return hits, best first."""
    hits = (_hit(id_, run, evidence, now, period) for id_, run in runs.items())
    return sorted(hits, key=lambda hit: -hit.score)


def _hit(id_: str, run: tuple[Turn, ...], evidence: Evidence, now: datetime, period: Period | None) -> Hit:
    turn = next(turn for turn in run if turn.id == id_)
    said = _time(turn, now)
    dismissals = evidence.dismissals.get(id_, 0)
    in_period = period is not None and period.holds(said)
    score = evidence.scores[id_] + NEIGHBOUR * max(0.0, _beside(turn, run, evidence.scores))
    score += _DATED * in_period - _DISMISSED * dismissals - _AGEING * _aged(now, said)
    cosine, coverage = evidence.cosines.get(id_), evidence.coverage.get(id_, 0.0)
    return Hit(id_, score, cosine, coverage, turn, run, in_period, dismissals)


def _beside(turn: Turn, run: Sequence[Turn], scores: Mapping[str, float]) -> float:
    """Return the better neighbour's score; a saved memory, which stands alone, counts as its own."""
    if turn.origin != "chat":
        return scores[turn.id]
    return max((scores.get(other.id, 0.0) for other in run if other.id != turn.id), default=0.0)


def _aged(now: datetime, said: datetime) -> float:
    """Return 0 for what was said now, and towards 1 for what is old: a tie-break, lest old facts be buried."""
    days = max(0.0, (now - said).total_seconds() / 86400)
    return 1.0 - math.exp2(-days / _HALF_LIFE_DAYS)


def _time(turn: Turn, now: datetime) -> datetime:
    """Return when a turn was said; a date that cannot be read is taken for now."""
    try:
        said = datetime.fromisoformat(turn.date)
    except ValueError:
        return now
    return said if said.tzinfo else said.astimezone()
