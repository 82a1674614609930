"""Times and ids as the database keeps them."""

import uuid
from datetime import UTC, datetime, timedelta


def now(ago: timedelta = timedelta(0)) -> str:
    """Return the time in UTC as ISO 8601, always of the same length so that text order is time order."""
    return (datetime.now(UTC) - ago).isoformat(timespec="microseconds")


def new_id() -> str:
    """Return an id that nothing else has."""
    return uuid.uuid4().hex
