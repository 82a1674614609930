"""What steps with guesses take here, and how often guesses come right: measured while answers are written."""

from collections import deque
from collections.abc import Iterable
from statistics import median

_COST = 0.35
"""What a guess is thought to add to a step, in plain steps, before it is measured."""

_HOPE = (1.4, 2.0)
"""How many guesses came right, of how many, before any was made."""

_FADE = 0.95
"""What a guess counts for at each later one of its level."""

_SAMPLES = 7
"""Measurements that a median is taken of; other programs disturb single ones."""

_KEPT_FOR = 100
"""Plain steps after which one measurement of each width is dropped: the machine may be less busy by now."""


class Costs:
    """What a step with guesses takes, measured against a plain one."""

    def __init__(self) -> None:
        self._plain: deque[float] = deque(maxlen=_SAMPLES)
        self._ratios: dict[int, deque[float]] = {}
        self._plain_steps = 0

    @property
    def known(self) -> bool:
        """Whether a plain step was ever measured."""
        return bool(self._plain)

    def note(self, width: int, seconds: float) -> None:
        """Take the time of a step with `width` guesses, 0 for a plain one."""
        if width and self._plain:
            self._ratios.setdefault(width, deque(maxlen=_SAMPLES)).append(seconds / median(self._plain))
        elif not width:
            self._plain.append(seconds)
            self._plain_steps += 1
            if self._plain_steps % _KEPT_FOR == 0:
                self._drop_one_each()

    def of(self, width: int) -> float:
        """Return what a step with `width` guesses costs in plain steps; one not measured is like the nearest one."""
        if not self._ratios:
            return 1.0 + _COST * width
        nearest = min(self._ratios, key=lambda measured: abs(measured - width))
        return 1.0 + (median(self._ratios[nearest]) - 1.0) * width / nearest

    def best_width(self, chances: Iterable[float]) -> int:
        """Return how many guesses bring the most tokens for their time; `chances` are of each, if those before hold.

        0 when plain steps are faster than any.
        """
        best, best_rate = 0, 1.0
        reached, tokens = 1.0, 1.0
        for width, chance in enumerate(chances, start=1):
            reached *= chance
            tokens += reached
            rate = tokens / self.of(width)
            if rate > best_rate:
                best, best_rate = width, rate
        return best

    def _drop_one_each(self) -> None:
        for ratios in self._ratios.values():
            ratios.popleft()
        self._ratios = {width: ratios for width, ratios in self._ratios.items() if ratios}


class Chances:
    """How often guesses of each level came right lately."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, float]] = {}
        self._all = _HOPE

    @property
    def overall(self) -> float:
        """The chance of any guess, 0 to 1."""
        return self._all[0] / self._all[1]

    def note(self, level: int, right: bool) -> None:
        """Take whether a guess came right."""
        self._seen[level] = _faded(self._seen.get(level, _HOPE), right)
        self._all = _faded(self._all, right)

    def of(self, level: int) -> float:
        """Return the chance of a guess, 0 to 1, given that those before it are right."""
        rights, count = self._seen.get(level, _HOPE)
        return rights / count


def _faded(seen: tuple[float, float], right: bool) -> tuple[float, float]:
    rights, count = seen
    return rights * _FADE + right, count * _FADE + 1
