"""What a conversation is called, and how a title is found."""

import unicodedata

TITLE_LENGTH = 60


def clean(title: str) -> str:
    """Return the title on one line, without characters that cannot be shown or stored."""
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in title).split())


def from_text(text: str) -> str:
    """Return the first line that says something, at most TITLE_LENGTH characters."""
    line = next((line for line in map(clean, text.splitlines()) if line), "")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def fold(text: str) -> str:
    """Return the text as it is compared: without case, and with one spelling for each character."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean(text)).casefold())
