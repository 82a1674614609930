"""Text that comes from elsewhere, made safe to look at."""

import re
import unicodedata

KEPT = "\n\t"
INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that act but do not show: control, format (bidi, zero-width), separators."""

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""The category Cc but for KEPT."""


def visible(text: str, kept: str = KEPT) -> str:
    """Return the text with every character that could hide or reorder others written as JSON would escape it."""
    return "".join(
        escaped(char) if unicodedata.category(char) in INVISIBLE and char not in kept else char for char in text
    )


def escaped(char: str) -> str:
    """Return the character as JSON writes it."""
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def without_controls(text: str) -> str:
    """Return the text without control characters, which could drive a terminal; joiners of emoji and scripts stay."""
    return _CONTROLS.sub("", text)
