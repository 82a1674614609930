"""A turn as the embedder reads it, and as the model is reminded of it."""

import re
from collections.abc import Collection, Iterator

from desktop_agent.lexical import terms
from desktop_agent.messages import Turn

_EMBEDDED = 2000
"""Characters: more than the 512 tokens that the embedder reads, and not a whole book for its tokenizer."""
_SENTENCES = 400
_CUTS = re.compile(r"(?<=[.!?…\n])\s+|(?<=[。！？])")


def passage(turn: Turn) -> str:
    """Return the text to embed: with the speaker, which brings recall@5 of dense vectors on LoCoMo from 27 to 46 %.

    Without the date, which changes nothing there.
    """
    return f"{turn.speaker}: {turn.text[:_EMBEDDED]}"


def line(turn: Turn, tokens: int, words: Collection[str] = ()) -> str:
    """Return a turn on one line in about so many tokens, a long one around the words that are looked for."""
    speaker = f"{turn.speaker}: " if turn.origin == "chat" else ""
    return f"{speaker}{around(turn.text, tokens - int(cost(speaker)), words)}"


def around(text: str, tokens: int, words: Collection[str]) -> str:
    """Return a text on one line in about so many tokens, from the sentence that has most of the words on."""
    if cost(text) <= tokens or not words:
        return shortened(text, tokens)
    shown = int(tokens * len(text) / cost(text))
    start = max(_starts(text), key=lambda at: _shared(text[at : at + shown], words))
    return f"…{shortened(text[start:], tokens)}" if start else shortened(text, tokens)


def shortened(text: str, tokens: int) -> str:
    """Return the beginning of a text on one line, in about so many tokens."""
    line = " ".join(text[: tokens * 8].split())
    spent = 0.0
    for end, char in enumerate(line):
        spent += cost(char)
        if spent > tokens:
            return f"{line[:end].rstrip()}…"
    return line if len(text) <= tokens * 8 else f"{line}…"


def cost(text: str) -> float:
    """Estimate tokens: about four ASCII characters make one, of others each is one."""
    return len(text) - 0.75 * len(re.sub(r"[^\x00-\x7f]+", "", text))


def _starts(text: str) -> Iterator[int]:
    """Yield where sentences begin, the first few hundred."""
    yield 0
    for _, cut in zip(range(_SENTENCES), _CUTS.finditer(text), strict=False):
        yield cut.end()


def _shared(text: str, words: Collection[str]) -> int:
    return len(set(terms(text)).intersection(words))
