"""What the user asks to remember, found by rule and without a model: "remember that …", "call me …", 记住…, 叫我….

A wish is a fact about the user or the user's world, in the user's own words. None are questions ("do you remember
that …?"), negations, quotations, code, reported speech, text that is only to be translated or mended, and reminders
("remember to call mum"): those are a matter for a calendar, and as facts they would be wrong tomorrow. A bare "my name
is Anna" is no wish either; "call me Anna" and "remember that my name is Anna" are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from desktop_agent.memory import wishes_chinese, wishes_english
from desktop_agent.memory.sentences import Sentence, sentences

MOST = 300
"""Characters of a saved memory; the message itself stays as long as it is."""
_LONG = 1000
"""Of messages longer than this only the first and the last paragraph count, if they are short: the rest is pasted."""
_BULLET = re.compile(r"^(?:[-*•·]|\d+[.)、])\s*")
_LANGUAGES = (wishes_english, wishes_chinese)


@dataclass(frozen=True)
class Wish:
    """A fact to save. `slot` says what it replaces: "name" for how the user is called, else empty."""

    text: str
    slot: str = ""


def wish(text: str) -> Wish | None:
    """Return what a message asks to remember; several facts become one text. None when it asks for nothing."""
    found = list(dict.fromkeys(_wishes(list(sentences(_likely(text))))))
    if not found:
        return None
    slots = {each.slot for each in found}
    return Wish(_cut(_joined([each.text for each in found])), slots.pop() if len(slots) == 1 else "")


def _likely(text: str) -> str:
    """Return the paragraphs of a message that are likely to be the user's own."""
    if len(text) <= _LONG:
        return text
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(part for part in (paragraphs[0], *paragraphs[1:][-1:]) if len(part) <= _LONG)


def _wishes(said: Sequence[Sentence]) -> Iterator[Wish]:
    for at, sentence in enumerate(said):
        for language in _LANGUAGES:
            found = language.find(sentence)
            if found and found.text:
                yield Wish(_sentence(found.text), found.slot)
            elif found and found.back:
                yield from (Wish(_sentence(each.text)) for each in said[max(0, at - 1) : at] if _states(each))
            elif found:
                yield from (Wish(_sentence(_BULLET.sub("", item))) for item in _list_after(said[at + 1 :]))
            if found:
                break


def _states(said: Sentence) -> bool:
    return not said.asks and any(language.is_statement(said.seen) for language in _LANGUAGES)


def _list_after(said: Sequence[Sentence]) -> list[str]:
    """Return what follows "remember the following:" up to the end of its paragraph, questions left out."""
    return [each.text for each in takewhile(lambda each: not each.opens, said) if not each.asks]


def _sentence(text: str) -> str:
    """Return a clause as a sentence without its full stop."""
    plain = text.strip(" \t,;:，；：、-–—")
    return plain[:1].upper() + plain[1:]


def _joined(texts: Sequence[str]) -> str:
    chinese = all(wishes_chinese.HAN.search(text) for text in texts)
    return ("。" if chinese else ". ").join(texts)


def _cut(text: str) -> str:
    return text if len(text) <= MOST else f"{text[: MOST - 1].rstrip()}…"


def slot(text: str) -> str:
    """Return the slot of a fact as it was saved."""
    asked = wish(f"remember that {text}") or wish(f"记住{text}")
    named = text.startswith((wishes_english.NAMED, wishes_chinese.NAMED))
    return "name" if named else asked.slot if asked else ""
