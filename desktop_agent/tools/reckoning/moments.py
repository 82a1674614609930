"""Days and times of day, and what lies between them."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.calendar import add_months
from desktop_agent.tools.reckoning.amounts import Amount
from desktop_agent.tools.reckoning.units import Unit, unit

Moment: TypeAlias = date | datetime
TIME = (("s", 1),)
_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1200}
_DAY = 86_400


def shifted(moment: Moment, span: Amount) -> Moment:
    """Return the moment so much later; months and years are those of the calendar. Raises UserFacingError."""
    if span.dimension != TIME:
        raise UserFacingError("Only spans of time can be added to a date.", "Say for example: + 45 days.")
    months = sum((count * _MONTHS[each.symbol] for count, each in span.parts if each.symbol in _MONTHS), Fraction(0))
    if months.denominator != 1:
        raise UserFacingError("Parts of a month have no certain length.", "Say it in days.")
    long = sum((count * each.factor for count, each in span.parts if each.symbol in _MONTHS), Fraction(0))
    try:
        return _plus_seconds(add_months(moment, int(months)), span.value - long)
    except (OverflowError, ValueError) as error:
        raise UserFacingError("That is outside the calendar, which has the years 1 to 9999.") from error


def between(start: Moment, end: Moment) -> Amount:
    """Return how much later the end is: in days, or in hours where times of day matter."""
    parted = _parted(min(start, end, key=_moment), max(start, end, key=_moment))
    seconds = Fraction((_moment(end) - _moment(start)) // timedelta(seconds=1))
    if isinstance(start, datetime) or isinstance(end, datetime):
        return Amount(seconds, ((_unit("h"), 1),), note="" if seconds % 3600 == 0 else parted)
    return Amount(seconds, ((_unit("d"), 1),), note=parted if abs(seconds) > 31 * _DAY else "")


def workdays(start: Moment, end: Moment) -> int:
    """Return how many days from Monday to Friday come after the start, up to the end."""
    first, last = _moment(start).date(), _moment(end).date()
    weeks, rest = divmod((last - first).days, 7)
    return weeks * 5 + sum((first + timedelta(days=each)).weekday() < 5 for each in range(1, rest + 1))


def _plus_seconds(moment: Moment, seconds: Fraction) -> Moment:
    if not isinstance(moment, datetime) and seconds % _DAY == 0:
        return moment + timedelta(days=int(seconds // _DAY))
    return _moment(moment) + timedelta(microseconds=round(seconds * 1_000_000))


def _moment(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _parted(start: Moment, end: Moment) -> str:
    """Return what lies between as people count it: 1 year 2 months 3 days, 2 h 30 min."""
    first, last = _moment(start), _moment(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    months -= add_months(first, months) > last
    rest = last - add_months(first, months)
    minutes, seconds = divmod(rest.seconds, 60)
    counts = ((months // 12, "year"), (months % 12, "month"), (rest.days, "day"))
    words = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
    short = ((minutes // 60, "h"), (minutes % 60, "min"), (seconds, "s"))
    return " ".join([*words, *(f"{count} {name}" for count, name in short if count)])


def _unit(name: str) -> Unit:
    found = unit(name)
    assert found is not None  # noqa: S101 -- it is in the table
    return found
