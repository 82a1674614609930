"""Names, sizes and dates of files as a person and a model may safely see them."""

import unicodedata
from datetime import datetime

from desktop_agent.visible import escaped, visible


def shown(name: str, limit: int = 200) -> str:
    """Return a name, cut after `limit` characters, with control, bidirectional and invisible ones escaped as in JSON.

    A model that copies the escape into its JSON names the same file. Combining marks of a decomposed name are escaped
    too, so that two names that look alike read differently.
    """
    text = visible(name[:limit], kept="")
    if not unicodedata.is_normalized("NFC", text):
        text = "".join(escaped(char) if unicodedata.combining(char) else char for char in text)
    return text if len(name) <= limit else f"{text}…"


def size(count: int) -> str:
    """Return a number of bytes in words: 28 bytes, 1.2 kB, 3.4 MB."""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    value, unit = float(count), ""
    for unit in ("kB", "MB", "GB", "TB"):  # noqa: B007 -- the unit that fits is used below
        value /= 1000
        if value < 999.95:
            break
    return f"{value:.1f} {unit}"


def day(timestamp: float) -> str:
    """Return the local date of a time stamp; file systems hold stranger ones than calendars do."""
    try:
        return f"{datetime.fromtimestamp(timestamp):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return "no date"
