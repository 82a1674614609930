"""Words in bold within a text."""

import html
import re


def marked(text: str, words: str) -> str:
    """Return the text as HTML with the words in bold; nothing in the text itself is markup."""
    pattern = _pattern(text, words.strip())
    if pattern is None:
        inside = html.escape(text)
    else:
        parts = pattern.split(text)  # what is between matches, and every second one a match
        inside = "".join(
            f"<b>{html.escape(part)}</b>" if number % 2 else html.escape(part) for number, part in enumerate(parts)
        )
    return f'<p style="white-space: pre-wrap; margin: 0">{inside}</p>'


def _pattern(text: str, words: str) -> re.Pattern[str] | None:
    """Return what finds the words as they were typed; where they are not in the text like that, each by itself."""
    if not words:
        return None
    whole = re.compile(r"(" + r"\s+".join(map(re.escape, words.split())) + ")", re.IGNORECASE)
    if whole.search(text):
        return whole
    single = sorted({word for word in words.split() if len(word) > 2 or not word.isascii()}, key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, single)) + ")", re.IGNORECASE) if single else None
