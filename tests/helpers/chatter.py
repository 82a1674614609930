"""Endless talk without meaning: words by Zipf's law, each turn about one of some topics, a tenth of it Chinese."""

import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_COMMON = (
    "the of and to a in that it is was for on you with as I be at have this not are but had they from we there can an "
    "which their said if do will about out so up what her him like time when would no some them could other than then"
)
_SOUNDS = [first + second for first in "bcdfghjklmnprstvwz" for second in ("a", "e", "i", "o", "u", "ar", "en", "is")]
_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
_VOCABULARY = 20_000
_TOPICS = 300
_OF_TOPIC = 40
_SHARE_OF_TOPIC = 0.35
_SHARE_OF_HAN = 0.1


@dataclass(frozen=True)
class Talk:
    """A turn's text, and what it is about."""

    text: str
    topic: int


class Chatter:
    """The same seed always says the same."""

    def __init__(self, seed: int = 0) -> None:
        self._dice = random.Random(seed)  # noqa: S311 -- no secret
        rare = ["".join(self._dice.choices(_SOUNDS, k=self._dice.randint(2, 4))) for _ in range(_VOCABULARY)]
        self._words = {"other": [*_COMMON.split(), *rare], "han": [self._han_word() for _ in range(_VOCABULARY)]}
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(_VOCABULARY)))
        self._topics = {
            script: [self._dice.sample(words[200:], _OF_TOPIC) for _ in range(_TOPICS)]
            for script, words in self._words.items()
        }

    def turn(self) -> Talk:
        """Return something said: about 25 words, sometimes a few, sometimes two hundred."""
        script = "han" if self._dice.random() < _SHARE_OF_HAN else "other"
        topic = self._dice.randrange(_TOPICS)
        count = max(3, min(200, round(self._dice.lognormvariate(3, 0.7))))
        return Talk(self._said(script, topic, count), topic)

    def question(self, about: Talk) -> str:
        """Return a question of about fifteen tokens: a few words of a turn and a few common ones."""
        if about.text.isascii():
            words = about.text.strip(".").split()
            return f"What did I say about {' '.join(self._dice.sample(words, min(3, len(words))))}?"
        start = self._dice.randrange(max(1, len(about.text) - 8))
        return f"{about.text[start : start + 8]}是什么？"

    def topic(self, number: int) -> str:
        """Return the words of a topic."""
        return " ".join(self._topics["other"][number][:12])

    def _said(self, script: str, topic: int, count: int) -> str:
        own = self._topics[script][topic]
        words = [
            self._dice.choice(own) if self._dice.random() < _SHARE_OF_TOPIC else self._general(script)
            for _ in range(count)
        ]
        return f"{_joined(words, script)}{'。' if script == 'han' else '.'}"

    def _general(self, script: str) -> str:
        place = bisect(self._weights, self._dice.random() * self._weights[-1])
        return self._words[script][min(place, _VOCABULARY - 1)]

    def _han_word(self) -> str:
        return "".join(self._dice.choices(_HAN, k=2))


def _joined(words: Sequence[str], script: str) -> str:
    return ("" if script == "han" else " ").join(words)
