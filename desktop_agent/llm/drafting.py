"""Guessing how an answer goes on, from what was said already: text that repeats its prompt, or itself."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.states import common_prefix

SHORTEST = 3
"""Tokens that must have been there before in the same order, or nothing is guessed."""

LONGEST = 24
"""Tokens that are compared at most to find the likeliest of several places."""

_PLACES = 32
"""Places that are looked at, the latest first: a step costs the same however long the text is."""

_CHANGED = 12
"""Tokens that a copy may differ in and still be thought to go on behind them."""

_FEW = 16
"""Tokens that a text may have grown by between two looks without being compared as a whole."""


class Drafter(Protocol):
    """What a sequence asks for guesses, and owns."""

    def draft(self, tokens: Sequence[int], most: int) -> list[int]:
        """Return what may follow `tokens`, at most `most` tokens; they are computed together with the last of them."""

    def observe(self, offered: int, seconds: float) -> None:
        """Take how long the step took for which `draft` had offered so many guesses, the drafting included."""

    def attach(self, stop: StopFlag) -> None:
        """Let `stop` abort what is computed from now on."""

    def free(self) -> None:
        """Give all memory back. Safe to call twice."""


class Guess(NamedTuple):
    """A token that may come next. `level` says how sure its source is; more is surer."""

    token: int
    level: int


class Source(Protocol):
    """Something that guesses. It may be wrong at will: what it guesses is checked against the model.

    `costly` tells whether its guesses take so much time that it should not be asked in vain.
    """

    costly: bool

    def guesses(self, tokens: Sequence[int]) -> Iterator[Guess]:
        """Yield what may follow `tokens`, each as if those before it had come right; work is done as they are taken."""

    def attach(self, stop: StopFlag) -> None:
        """Let `stop` abort what is computed from now on."""

    def free(self) -> None:
        """Give all memory back. Safe to call twice."""


class NgramSource:
    """Finds the last few tokens earlier in the text and guesses that what came then comes again.

    This is prompt lookup decoding (Saxena 2023), with an index that grows and shrinks with the text, and a second look
    behind a place where the copy differs from what it copies.
    """

    costly = False

    def __init__(self) -> None:
        self._tokens: list[int] = []
        self._latest: dict[tuple[int, ...], int] = {}
        """Where each n-gram ends for the last time: the number of tokens up to there."""
        self._before: list[int] = []
        """For each token, where the n-gram that it ends had ended the time before; 0 for never."""
        self._copied = (0, 0)
        """The end of the last match, and the number of tokens of the text then."""

    def guesses(self, tokens: Sequence[int]) -> Iterator[Guess]:
        """Yield what followed the same tokens before; the level is how many tokens were the same, up to LONGEST."""
        self._follow(tokens)
        place, length = self._longest_match()
        if not length:
            place, length = self._match_behind_a_change()
        if not length:
            return
        self._copied = place, len(self._tokens)
        guessed: list[int] = []
        while True:
            beyond = place + len(guessed) - len(self._tokens)  # a text that repeats itself runs into its own guesses
            token = self._tokens[beyond] if beyond < 0 else guessed[beyond]
            yield Guess(token, min(length + len(guessed), LONGEST))
            guessed.append(token)

    def attach(self, stop: StopFlag) -> None:
        """Nothing here takes so long that it would have to be stopped."""

    def free(self) -> None:
        """Nothing is held but some lists."""

    def _follow(self, tokens: Sequence[int]) -> None:
        """Bring the index up to date."""
        known = len(self._tokens)
        grown = known <= len(tokens) <= known + _FEW
        if not grown or self._tokens[-_FEW:] != list(tokens[max(known - _FEW, 0) : known]):
            self._cut(common_prefix(self._tokens, tokens))
        for token in tokens[len(self._tokens) :]:
            self._append(token)

    def _append(self, token: int) -> None:
        self._tokens.append(token)
        ngram = tuple(self._tokens[-SHORTEST:])
        self._before.append(self._latest.get(ngram, 0))
        if len(ngram) == SHORTEST:
            self._latest[ngram] = len(self._tokens)

    def _cut(self, length: int) -> None:
        """Undo what the tokens from `length` on did to the index, the last one first."""
        while len(self._tokens) > length:
            ngram = tuple(self._tokens[-SHORTEST:])
            before = self._before.pop()
            if before:
                self._latest[ngram] = before
            else:
                self._latest.pop(ngram, None)
            self._tokens.pop()
        self._copied = (0, 0)

    def _longest_match(self) -> tuple[int, int]:
        """Return where the longest match of the last tokens ends, and its length; the latest of equally long ones."""
        best, longest = 0, 0
        place = self._before[-1] if self._before else 0
        for _look in range(_PLACES):
            if not place or longest == LONGEST:
                break
            length = self._match(place)
            if length > longest:
                best, longest = place, length
            place = self._before[place - 1]
        return best, longest

    def _match(self, place: int) -> int:
        """Return how many of the last tokens stand before `place` too; the shortest n-gram is known to."""
        length, most = SHORTEST, min(LONGEST, place)
        tokens = self._tokens
        while length < most and tokens[place - 1 - length] == tokens[-1 - length]:
            length += 1
        return length

    def _match_behind_a_change(self) -> tuple[int, int]:
        """Return where the last token stands soon behind the place that was copied last, and 1, or 2 if two do."""
        tokens = self._tokens
        place, count = self._copied
        since = len(tokens) - count
        if not place or since > _CHANGED:
            return 0, 0
        for near in range(place + 1, min(place + since + _CHANGED, len(tokens) - 1) + 1):
            if tokens[near - 1] == tokens[-1]:
                return near, 2 if tokens[near - 2] == tokens[-2] else 1
        return 0, 0
