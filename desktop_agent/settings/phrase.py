"""The words of a recovery phrase: BIP-39, 24 of them (256 bits and a checksum), in English or Chinese."""

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

from desktop_agent.errors import UserFacingError

if TYPE_CHECKING:
    from mnemonic import Mnemonic

Language: TypeAlias = Literal["english", "chinese_simplified"]

WORDS, BITS = 24, 256
_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]+")


class WrongPhrase(UserFacingError):
    """What was typed is not the recovery phrase."""


def generate(language: Language) -> str:
    """Return a new phrase, its words apart by single spaces."""
    return _book(language).generate(BITS)


def spelt(text: str) -> str:
    """Return a typed phrase as `generate` writes it: without numbers, commas, capitals and line breaks.

    Raises WrongPhrase, and says which word is wrong.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    book = _book("chinese_simplified" if _HAN.search(" ".join(words)) else "english")
    _refuse_unknown(words, book)
    if len(words) != WORDS:
        raise WrongPhrase(f"A recovery phrase has {WORDS} words, but these are {len(words)}.", "Type all of them.")
    phrase = " ".join(words)
    if not book.check(phrase):
        message = "Each of these words is in the list, but together they are no recovery phrase."
        raise WrongPhrase(message, "One of them is wrong, or two have changed places.")
    return phrase


def _refuse_unknown(words: list[str], book: "Mnemonic") -> None:
    for number, word in enumerate(words, 1):
        if word not in book.wordlist:
            near = difflib.get_close_matches(word, book.wordlist, n=1)
            hint = f"Did you mean {near[0]}?" if near else "Look at what you wrote down."
            raise WrongPhrase(f"Word {number}, {word!r}, is not in the list of words.", hint)


def _book(language: Language) -> "Mnemonic":
    from mnemonic import Mnemonic

    return Mnemonic(language)
