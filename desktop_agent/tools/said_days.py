"""The day that a text names, in English, German figures and Chinese."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

Maker: TypeAlias = Callable[[re.Match[str], date], date]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = {day: index for index, day in enumerate("一二三四五六日")} | {"天": 6}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def take_day(said: str, today: date) -> tuple[date | None, str]:
    """Return the day that a text in small letters names, and the text without it; None where it names none."""
    for pattern, make in _FORMS:
        if found := re.search(pattern, said):
            try:
                day = make(found, today)
            except (ValueError, OverflowError):  # 30 February
                return None, said
            return day, f"{said[: found.start()]} {said[found.end() :]}".strip()
    return None, said


def _in_days(count: int) -> Maker:
    return lambda _found, today: today + timedelta(days=count)


def _weekday(found: re.Match[str], today: date) -> date:
    """Return the next such day; "next friday" and 下周五 are in the week after this one."""
    skip, name = found[1], found[2]
    index = _CHINESE[name] if name in _CHINESE else _WEEKDAYS.index(name)
    if skip:
        return today + timedelta(days=7 - today.weekday() + index)
    return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)


def _month_day(found: re.Match[str], today: date) -> date:
    month = _MONTHS.index(found["month"][:3]) + 1
    return _this_or_next_year(int(found["day"]), month, found["year"], today)


def _chinese(found: re.Match[str], today: date) -> date:
    return _this_or_next_year(int(found[3]), int(found[2]), found[1], today)


def _this_or_next_year(day: int, month: int, year: str | None, today: date) -> date:
    chosen = date(int(year) if year else today.year, month, day)
    return chosen if year or chosen >= today else date(today.year + 1, month, day)


_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<year>\d{4})(?!:))?"
_FORMS: tuple[tuple[str, Maker], ...] = (
    (r"\b(\d{4})[-/.](\d\d?)[-/.](\d\d?)\b", lambda found, _: date(*(int(part) for part in found.groups()))),
    (r"\b(\d\d?)\.(\d\d?)\.(\d{4})\b", lambda found, _: date(*(int(part) for part in found.groups()[::-1]))),
    (r"(?:(\d{4})年)?(\d\d?)月(\d\d?)[日号]", _chinese),
    (rf"\b{_DAY} (?:of )?{_MONTH}{_YEAR}", _month_day),
    (rf"\b{_MONTH} {_DAY}\b(?!:){_YEAR}", _month_day),
    (r"大后天", _in_days(3)),
    (r"\b(?:the )?day after tomorrow\b|后天", _in_days(2)),
    (r"\btomorrow\b|明天|明(?=[早晚])", _in_days(1)),
    (r"\btoday\b|今天|今(?=[早晚])|\b(?=tonight\b)", _in_days(0)),
    (r"\b(next )?(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\b", _weekday),
    (r"(下个?)?(?:周|星期|礼拜)([一二三四五六日天])", _weekday),
)
