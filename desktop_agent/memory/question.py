"""What a message asks memory for, when it leans on the one before it."""

import re

from desktop_agent.lexical import terms
from desktop_agent.messages import RecallQuery

_WORDS = re.compile(r"[^\W\d_]+")
_SHORT, _LONG = 6, 20
"""Words. Shorter ones may lean; in longer ones a pronoun mostly means something in the message itself."""
_BEFORE = 500
"""Characters of the message before."""
_LEANING = frozenset(
    [
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "it",
        "its",
        "that",
        "they",
        "them",
        "their",
        "theirs",
        "this",
        "these",
        "those",
    ]
)
_HAN_LEANING = re.compile("[它他她那]|这(?!里|儿|么)")


def question(query: RecallQuery) -> str:
    """Return the message, behind the one before it when it can hardly be understood without."""
    return f"{query.before[:_BEFORE]}\n{query.text}" if query.before.strip() and _leans(query.text) else query.text


def _leans(text: str) -> bool:
    """Tell whether a message is short and names less than two things, or points at something said before."""
    words = [word.casefold() for word in _WORDS.findall(text)]
    length = sum(1 if word.isascii() else (len(word) + 1) // 2 for word in words)
    if length > _LONG:
        return False
    pointing = _LEANING.intersection(words) or _HAN_LEANING.search(text)
    return bool(pointing) or (length < _SHORT and len(set(terms(text))) < 2)
