"""When something is to happen, as people and models write it, in English and Chinese."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.calendar import later, weekday_name
from desktop_agent.tools.numerals import arabic
from desktop_agent.tools.said_days import take_day
from desktop_agent.tools.said_times import MORNING, take_time
from desktop_agent.tools.shown import shown

_EXAMPLES = "Say it like: 2026-01-31 18:30, in 20 minutes, tomorrow 9:00, friday at 5 pm."
_SECONDS = dict.fromkeys(("minute", "min", "分钟", "分"), 60)
_SECONDS |= dict.fromkeys(("hour", "hr", "h", "小时", "钟头"), 3600)
_LONG_UNITS = {"day": "day", "天": "day", "week": "week", "周": "week", "星期": "week", "礼拜": "week"}
_LONG_UNITS |= {"month": "month", "个月": "month", "year": "year", "年": "year"}
_COUNTS: dict[str, float] = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_COUNTS |= dict.fromkeys(("half a", "half an", "half", "半"), 0.5)
_PIECE = re.compile(
    rf"(\d+(?:\.\d+)?|{'|'.join(sorted(_COUNTS, key=len, reverse=True))}) ?个?(半)? ?"
    rf"({'|'.join(sorted((*_SECONDS, *_LONG_UNITS), key=len, reverse=True))})s?(半)?"
)


@dataclass(frozen=True)
class Moment:
    """A time to come, with a zone. `words` say it as it was meant: by the clock, or from now on."""

    at: datetime
    words: str


def moment(text: str, now: datetime) -> Moment:
    """Return the time to come that the text means; raises UserFacingError for none, or one that is over."""
    said = arabic(" ".join(text.casefold().replace("，", " ").replace(",", " ").split())).strip(" .。")
    found = _from_now(said, now) or _by_clock(said, now)
    if found is None:
        raise UserFacingError(f"'{shown(text, 60)}' is no time.", _EXAMPLES)
    if found.at <= now:
        raise UserFacingError(f"{found.words} is over.", "Say a time to come.")
    return found


def clock_words(at: datetime) -> str:
    """Return a time in words: Sunday 2026-11-22, 18:30, in this computer's time zone."""
    local = at.astimezone()
    return f"{weekday_name(local)} {local:%Y-%m-%d}, {local:%H:%M}"


def _from_now(said: str, now: datetime) -> Moment | None:
    """Understand "in 20 minutes", "2 hours 30 minutes", "3天后"."""
    core = re.sub(r"^(in|过|再过) ?|( ?(later|from now|后|以后|之后))$", "", said)
    pieces = _PIECE.findall(core)
    if not pieces or re.sub(r"and|零| ", "", _PIECE.sub("", core)):
        return None
    try:
        return Moment(_after(pieces, now), f"in {core}" if core.isascii() else f"{core}后")
    except (OverflowError, ValueError):  # outside the calendar
        return None


def _after(pieces: list[tuple[str, str, str, str]], now: datetime) -> datetime:
    local, seconds = now.astimezone(), 0.0
    for number, half, unit, more in pieces:
        count = _COUNTS[number] if number in _COUNTS else float(number)
        count += 0.5 if half or more else 0
        if unit in _SECONDS:
            seconds += count * _SECONDS[unit]
        else:
            local = later(local, count, _LONG_UNITS[unit])
    return local.astimezone(UTC) + timedelta(seconds=round(seconds))


def _by_clock(said: str, now: datetime) -> Moment | None:
    """Understand a day, a time of day, or both, in either order."""
    local = now.astimezone()
    if iso := _iso(said):
        return Moment(iso, clock_words(iso))
    day, rest = take_day(said, local.date())
    at, rest = take_time(rest)
    if day is None and rest:  # the time came first
        day, rest = take_day(rest, local.date())
    if re.sub(r"\b(at|on|the|of|um|uhr|in|by)\b|[的在 ]", "", rest) or (day is None and at is None):
        return None
    chosen = datetime.combine(day or local.date(), at or MORNING).astimezone()
    if chosen <= local and day is None:
        chosen = datetime.combine(local.date() + timedelta(days=1), at or MORNING).astimezone()
    return Moment(chosen, clock_words(chosen))


def _iso(said: str) -> datetime | None:
    """Return a whole ISO 8601 time; without a zone it is local."""
    if not re.match(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d", said):
        return None
    try:
        return datetime.fromisoformat(said.upper()).astimezone()
    except (ValueError, OverflowError):
        return None
