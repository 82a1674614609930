"""Tokens to text as they come: characters that span tokens, stop strings, and cutting back."""

import codecs
from collections import OrderedDict
from collections.abc import Callable, Sequence


class DecodedText:
    """An answer as tokens and as text. Each token's text is what it completes: half a character waits for the rest."""

    def __init__(self, piece: Callable[[int], bytes]) -> None:
        self._piece = piece
        self._decoder = _utf8()
        self._ends: list[int] = []
        self._whole: list[bool] = []
        self.tokens: list[int] = []
        self.text = ""

    def push(self, token: int) -> str:
        """Append a token and return the text that it adds."""
        added = self._decoder.decode(self._piece(token))
        pending, _state = self._decoder.getstate()
        self.tokens.append(token)
        self.text += added
        self._ends.append(len(self.text))
        self._whole.append(not pending)
        return added

    def cut(self, length: int) -> str:
        """Keep `length` characters at most, as whole tokens; return the end of them that no whole token covers."""
        count = len(self.tokens)
        while count and (self._ends[count - 1] > length or not self._whole[count - 1]):
            count -= 1
        kept = self._ends[count - 1] if count else 0
        rest = self.text[kept:length]
        del self.tokens[count:], self._ends[count:], self._whole[count:]
        self.text = self.text[:kept]
        self._decoder = _utf8()
        return rest


class StopStrings:
    """Looks for texts that end an answer, and holds back what could be the beginning of one."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [stop for stop in stops if stop]
        self._held = ""
        self.found = False

    def push(self, text: str) -> str:
        """Take more text; return what can no longer belong to a stop string. Sets `found` at the first one."""
        self._held += text
        hits = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if hits:
            self.found = True
            return self._release(min(hits))
        return self._release(len(self._held) - self._overlap())

    def flush(self) -> str:
        """Return what is held back: the answer is over without a stop string."""
        return "" if self.found else self._release(len(self._held))

    def forget(self) -> None:
        """Drop what is held back: that text was taken back."""
        self._held = ""

    def _release(self, length: int) -> str:
        released, self._held = self._held[:length], self._held[length:]
        return released

    def _overlap(self) -> int:
        """Return how many of the last characters could begin a stop string."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-length:]) for stop in self._stops):
                return length
        return 0


class SampledAnswers:
    """Which tokens the latest answers were sampled as: their text alone could be tokenised in another way."""

    def __init__(self, room: int = 256) -> None:
        self._room = room
        self._tokens: OrderedDict[str, list[int]] = OrderedDict()

    def remember(self, text: str, tokens: list[int]) -> None:
        """Note an answer; the one that was not asked for the longest is forgotten when there is no more room."""
        self._tokens[text] = tokens
        self._tokens.move_to_end(text)
        if len(self._tokens) > self._room:
            self._tokens.popitem(last=False)

    def get(self, text: str) -> list[int] | None:
        """Return the tokens of an answer that was sampled here."""
        if text in self._tokens:
            self._tokens.move_to_end(text)
        return self._tokens.get(text)


def _utf8() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")(errors="replace")
