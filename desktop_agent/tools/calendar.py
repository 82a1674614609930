"""Days, months and years, as people count them."""

import calendar
from datetime import date, datetime, timedelta
from typing import TypeVar

D = TypeVar("D", date, datetime)

# Not strftime: Qt sets the process locale, and the model would read the names in the user's language.
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}


def weekday_name(day: date) -> str:
    """Return the name of a day's weekday in English."""
    return _NAMES[day.weekday()]


def later(moment: D, count: float, unit: str) -> D:
    """Return the moment so many days, weeks, months or years later, at the same time by the clock.

    A month later than 31 January is the last of February. Raises OverflowError, ValueError outside the calendar.
    """
    if unit in _MONTHS:
        return add_months(moment, round(count * _MONTHS[unit]))
    return at_clock(moment, timedelta(days=count * _DAYS[unit]))


def add_months(moment: D, months: int) -> D:
    """Return the same day so many months later, or the last of that month when it is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("outside the calendar")
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return _in_zone(moment.replace(year=year, month=month + 1, day=day))


def at_clock(moment: D, span: timedelta) -> D:
    """Return the moment a span later by the clock: the same time of day, whether or not the clocks were changed."""
    return _in_zone(moment + span)


def _in_zone(moment: D) -> D:
    """Return a time, moved by the clock, with the offset that holds then; a day as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.replace(tzinfo=None).astimezone()
    return moment
