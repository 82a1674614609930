"""What settings are worth to an agent.

The mix: in one turn an agent reads 600 tokens that are new (a question, what a tool returned, what memory found) and
writes 120. What counts is how long that takes, and memory has a price: to take all that is free would have to halve the
time. Of what comes within 5 % of the best, which may be noise, the least memory wins.
"""

from collections.abc import Sequence

from desktop_agent.llm.trial import Trial

READ_TOKENS = 600
WRITTEN_TOKENS = 120
_PRICE_OF_ALL_MEMORY = 1.0
_TIE = 1.05
_NOISE = 1.4
"""How much figures differ for no reason while other programs are busy."""
_BARELY_SLOWER = 0.95


def turn_seconds(trial: Trial) -> float:
    """Return how long an agent's turn takes."""
    return READ_TOKENS / trial.read_rate + WRITTEN_TOKENS / trial.write_rate


def best(trials: Sequence[Trial], free_bytes: int, *, busy: bool = False) -> Trial:
    """Return the measured trial that is worth most; raises ValueError when none was measured.

    The first is the one that was best so far: while other programs are busy it stays, unless it is far worse.
    """
    measured = [trial for trial in trials if trial.outcome == "measured"]
    costs = [_cost(trial, free_bytes) for trial in measured]
    if busy and costs[0] <= _NOISE * min(costs):
        return measured[0]
    near = [trial for trial, cost in zip(measured, costs, strict=True) if cost <= _TIE * min(costs)]
    return min(near, key=lambda trial: (trial.memory, turn_seconds(trial)))


def _cost(trial: Trial, free_bytes: int) -> float:
    return turn_seconds(trial) * (1 + _PRICE_OF_ALL_MEMORY * trial.memory / max(free_bytes, 1))


def best_threads(rates: dict[int, float], usual: int, *, busy: bool = False) -> int:
    """Return how many threads reach the best rate; the usual number, unless another is faster by more than noise."""
    fastest = max(rates, key=lambda count: rates[count])
    return usual if rates.get(usual, 0.0) * (_NOISE if busy else _TIE) >= rates[fastest] else fastest


def barely_slower(trial: Trial, than: Trial) -> bool:
    """Tell whether a trial is neither in reading nor in writing more than 5 % slower than another."""
    return trial.read_rate >= _BARELY_SLOWER * than.read_rate and trial.write_rate >= _BARELY_SLOWER * than.write_rate
