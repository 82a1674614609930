"""Scores of different kinds made comparable and added up.

Each list of hits is standardised (z = distance from the mean in standard deviations) over all candidates. Unlike ranks
(RRF) this keeps how much better the best is: a list in which nothing stands out decides nothing. Who is not on a list
has nothing in common with the question, or as much as the last one when the list was cut. Measured on LoCoMo and XQuAD,
see ../shared/facts/memory.md.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from desktop_agent.lexical import Group, LexicalHits

DENSE, TURN, WINDOW = 2.0, 1.0, 1.0
"""Weights: meaning counts as much as words. Between 1 and 3 for DENSE the figures hardly move."""
_OWN_WORDS = 0.001
"""Who says the words goes before who stands beside: alone on its list, a turn is no better than those that are not."""
CANDIDATES = 200
"""So long is a list when it is cut."""
_LEAST_SPREAD = 2.0
_MOST_DEVIATIONS = 5.0
"""Of BM25 scores: a few hits (a number in a question of another language) are no sensation, nor is one that beats all
others. Without these bounds a Chinese question finds the English copy in a mixed store in 77 of 100 cases, with them in
90, among the first ten."""
_PRIOR = 20
"""Candidates' worth of trust in the cosines of all groups together: three turns have no deviation of their own."""
_LEAST_DENSE_SPREAD = 0.02

Ranked = Sequence[tuple[str, float]]


def fused(dense: Mapping[Group, Ranked], lexical: LexicalHits, others: Iterable[str] = ()) -> dict[str, float]:
    """Return a score for every turn on any of the lists; `others` are candidates without any score of their own."""
    meaning = standardised_by_group(dense)
    turns, windows = dict(lexical.turns), dict(lexical.windows)
    ids = dict.fromkeys([*meaning, *turns, *windows, *others])
    by_turn, by_window = standardised(turns, ids), standardised(windows, ids)
    least = min(meaning.values(), default=0.0)
    return {
        id_: DENSE * meaning.get(id_, least)
        + TURN * by_turn[id_]
        + WINDOW * by_window[id_]
        + _OWN_WORDS * turns.get(id_, 0.0)
        for id_ in ids
    }


def standardised(scores: Mapping[str, float], ids: Collection[str]) -> dict[str, float]:
    """Return z of each id's score; without scores all are 0."""
    if not scores:
        return dict.fromkeys(ids, 0.0)
    least = min(scores.values()) if len(scores) >= CANDIDATES else 0.0
    values = [scores.get(id_, least) for id_ in ids]
    mean, deviation = _moments(values)
    spread = max(deviation, _LEAST_SPREAD, (max(values) - mean) / _MOST_DEVIATIONS)
    return {id_: (value - mean) / spread for id_, value in zip(ids, values, strict=True)}


def standardised_by_group(dense: Mapping[Group, Ranked]) -> dict[str, float]:
    """Return z of each cosine among those of its group, small groups leaning on all groups together."""
    every = [cosine for hits in dense.values() for _, cosine in hits]
    if not every:
        return {}
    mean_of_all, deviation_of_all = _moments(every)
    found: dict[str, float] = {}
    for hits in dense.values():
        if hits:
            mean, deviation = _moments([cosine for _, cosine in hits])
            own = len(hits) / (len(hits) + _PRIOR)
            middle = own * mean + (1 - own) * mean_of_all
            spread = max(own * deviation + (1 - own) * deviation_of_all, _LEAST_DENSE_SPREAD)
            found.update((id_, (cosine - middle) / spread) for id_, cosine in hits)
    return found


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Return mean and standard deviation."""
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
