"""How fast a model reads, and how long notes may be for it."""

from collections import deque

from desktop_agent.events import TurnStats

SECONDS = 2.5
"""So long may the user wait for notes to be read."""
FEWEST, MOST = 120, 500
"""Tokens of notes at least, so that slow models remember too, and at most."""
UNMEASURED = 250.0
"""Tokens a second before the first turn: what a model of half a billion parameters reads on two cores."""
_LAST = 5
_TELLING = 50
"""Fewer tokens say little about speed: the first one of a chunk costs as much as the whole chunk."""


class ReadingPace:
    """The reading speed of one model over its last turns."""

    def __init__(self) -> None:
        self._turns: deque[TurnStats] = deque(maxlen=_LAST)

    def observe(self, stats: TurnStats) -> None:
        """Take a turn into account, if it read enough to say something."""
        if stats.read_tokens >= _TELLING and stats.read_seconds > 0:
            self._turns.append(stats)

    @property
    def rate(self) -> float:
        """Tokens a second."""
        seconds = sum(stats.read_seconds for stats in self._turns)
        return sum(stats.read_tokens for stats in self._turns) / seconds if seconds else UNMEASURED

    @property
    def tokens(self) -> int:
        """How long notes may be."""
        return int(min(MOST, max(FEWEST, SECONDS * self.rate)))
