"""Which tokens of a multilingual vocabulary a text in Latin, Han or kana script can use.

Written as ranges of code points rather than with `unicodedata`, whose answers change with Python's version: the file
that is made with them has a fixed checksum.
"""

from collections.abc import Iterable, Sequence

OTHER_SCRIPTS = (
    (0x0370, 0x1CFF),  # Greek, Cyrillic, Armenian, Hebrew, Arabic, the Indic scripts, Georgian, Ethiopic, Khmer, ...
    (0x1F00, 0x1FFF),  # Greek with accents
    (0x2C00, 0x2C5F),  # Glagolitic
    (0x2C80, 0x2DFF),  # Coptic, Georgian, Tifinagh, Ethiopic, Cyrillic
    (0x3130, 0x318F),  # Hangul letters
    (0xA000, 0xA6FF),  # Yi, Lisu, Vai, Cyrillic, Bamum
    (0xA800, 0xAB2F),  # Indic scripts, Ethiopic
    (0xAB70, 0xD7FF),  # Cherokee, Meetei, Hangul
    (0xFB1D, 0xFDFF),  # Hebrew and Arabic forms
    (0xFE70, 0xFEFE),  # Arabic forms
    (0x10000, 0x1AFFF),  # scripts of long ago
)
"""First and last code point of blocks whose script is neither Latin, Han nor kana."""


def latin_han_kana(tokens: Sequence[bytes]) -> list[int]:
    """Return the places of the tokens to keep: those with at most one character of another script.

    One is kept so that "μm", "π/2" and a foreign name among Latin words are still read letter by letter.
    """
    return [place for place, token in enumerate(tokens) if _others(token.decode()) <= 1]


def _others(characters: Iterable[str]) -> int:
    return sum(any(first <= ord(one) <= last for first, last in OTHER_SCRIPTS) for one in characters)
