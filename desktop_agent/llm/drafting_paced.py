"""Guessing only where it is faster."""

from collections.abc import Sequence

from desktop_agent.llm.drafting import Guess, Source
from desktop_agent.llm.drafting_pace import Chances, Costs
from desktop_agent.llm.native import StopFlag

_LEAST_CHANCE = 0.25
"""A guess that is less likely to be reached and right is not worth the making."""

_FIRST_PAUSE, _LONGEST_PAUSE = 64, 1024
"""Steps after which a costly source is tried again that was not worth it; each time twice as many."""


class PacedDrafter:
    """Offers guesses as far as they are expected to make the answer faster, and none otherwise.

    The sources are asked in their order; the first whose guesses are worth a try makes the offer, `most` at once.
    """

    def __init__(self, *sources: Source, most: int) -> None:
        self._most = most
        self._own = sources
        self._sources = [_PacedSource(source) for source in sources]
        self._offering: _PacedSource | None = None

    def draft(self, tokens: Sequence[int], most: int) -> list[int]:
        """Return what may follow `tokens`, at most so many; nothing where plain decoding is expected to be faster."""
        for source in self._sources:
            source.learn(tokens)
        for source in self._sources:
            if offer := source.offer(tokens, min(most, self._most)):
                self._offering = source
                return offer
        return []

    def observe(self, offered: int, seconds: float) -> None:
        """Take what a step took; a plain one is what each source is measured against."""
        if offered and self._offering:
            self._offering.costs.note(offered, seconds)
        elif not offered:
            for source in self._sources:
                source.costs.note(0, seconds)

    def attach(self, stop: StopFlag) -> None:
        """Let `stop` abort what the sources compute from now on."""
        for source in self._own:
            source.attach(stop)

    def free(self) -> None:
        """Give the sources' memory back. Safe to call twice."""
        for source in self._own:
            source.free()


class _PacedSource:
    """A source and what is known of it. Its guesses earn trust whether they are offered or not."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._chances = Chances()
        self._guessed: list[Guess] = []
        self._at = 0
        self._pause = _FIRST_PAUSE
        self._waited = 0
        self.costs = Costs()

    def learn(self, tokens: Sequence[int]) -> None:
        """Compare the last guesses with what came, up to the first wrong one."""
        came = tokens[self._at : self._at + len(self._guessed)]
        for guess, token in zip(self._guessed, came, strict=False):
            self._chances.note(guess.level, guess.token == token)
            if guess.token != token:
                break
        self._guessed = []

    def offer(self, tokens: Sequence[int], most: int) -> list[int]:
        """Return as many guesses as are worth their time."""
        if self._source.costly and not self._is_worth_asking(most):
            return []
        self._guessed, self._at = self._guess(tokens, most), len(tokens)
        if not self.costs.known:
            return []
        width = self.costs.best_width(self._chances.of(guess.level) for guess in self._guessed)
        return [guess.token for guess in self._guessed[:width]]

    def _guess(self, tokens: Sequence[int], most: int) -> list[Guess]:
        guessed: list[Guess] = []
        guesses = self._source.guesses(tokens)
        chance = 1.0
        while len(guessed) < most and chance > _LEAST_CHANCE and (guess := next(guesses, None)):
            chance *= self._chances.of(guess.level)
            guessed.append(guess)
        return guessed

    def _is_worth_asking(self, most: int) -> bool:
        """Tell whether guesses of the usual quality would pay, or whether it is time to look again."""
        if self.costs.known and self.costs.best_width([self._chances.overall] * most):
            self._pause, self._waited = _FIRST_PAUSE, 0
            return True
        self._waited += 1
        if self._waited < self._pause:
            return False
        self._pause, self._waited = min(2 * self._pause, _LONGEST_PAUSE), 0
        return True
