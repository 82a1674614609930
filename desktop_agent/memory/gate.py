"""Whether a turn has anything to do with a question."""

from desktop_agent.lexical import terms
from desktop_agent.memory.ranking import Hit

GATE = 0.25
"""Least relevance. For the rates of right and false recall see tests/unit/memory/test_memory_gate.py."""
SLACK = 0.6
"""Share of the best one's relevance that others need: where one fits well, the half-fitting mislead and cost time."""
_COVERAGE = 0.2
_STRONG_COVERAGE = 0.5
"""So much is enough alone: a rare name that is asked for."""
_WORDS_COVERAGE = 0.25
"""So much is enough where there are no vectors."""
_LEAST_WORDS = 3
"""In fewer there is no meaning to be near: "OK." is as near to any thanks as to nothing."""
_IN_PERIOD = 0.1
_DISMISSED = 0.1


def relevance(hit: Hit, by_words: bool = False) -> float:
    """Return a figure, mostly 0 to 1, that grows with how well a turn fits and is comparable between questions.

    It is the centred cosine, and what share of the question's words the turn has; with `by_words` the latter alone,
    stretched so that the same gate fits, and days that the question names are let in whatever was said.
    """
    if by_words:
        found = hit.lexical * GATE / _WORDS_COVERAGE + GATE * hit.in_period
    else:
        meaning = (hit.cosine or 0.0) if len(set(terms(hit.turn.text))) >= _LEAST_WORDS else 0.0
        found = meaning + _COVERAGE * hit.lexical + _IN_PERIOD * hit.in_period
    if hit.lexical >= _STRONG_COVERAGE:
        found = max(found, GATE)
    return found - _DISMISSED * hit.dismissals
