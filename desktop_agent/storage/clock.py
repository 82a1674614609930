"""Times and ids as the database keeps them."""

import uuid
from datetime import UTC, date, datetime, timedelta

from desktop_agent.errors import UserFacingError


def now(ago: timedelta = timedelta(0)) -> str:
    """Return the time in UTC as ISO 8601, always of the same length so that text order is time order."""
    return (datetime.now(UTC) - ago).isoformat(timespec="microseconds")


def utc(time: str) -> str:
    """Return a time from elsewhere in the form of `now`; without a zone it is local. Raises UserFacingError."""
    try:
        return datetime.fromisoformat(time).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as error:
        raise UserFacingError(
            f"{time!r} is not a time.", "Times are written like 2026-01-31T12:00:00+00:00."
        ) from error


def checked_day(day: str) -> str:
    """Return a day in the form of `today`, or nothing for nothing. Raises UserFacingError when it is neither."""
    try:
        return day and date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise UserFacingError(f"{day!r} is not a day.", "Days are written like 2026-01-31.") from error


def today() -> str:
    """Return the day where the user is, as ISO 8601."""
    return datetime.now().astimezone().date().isoformat()


def new_id() -> str:
    """Return an id that nothing else has."""
    return uuid.uuid4().hex
