"""The days that a question speaks of: "last week", "in March", "on 5 May 2023", 昨天, 去年三月."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Period:
    """From `start` on and before `end`, both with a time zone."""

    start: datetime
    end: datetime

    def holds(self, when: datetime) -> bool:
        """Tell whether a time is in the period."""
        return self.start <= when < self.end


def period(text: str, now: datetime) -> Period | None:
    """Return the days that a text names as seen from now, in the time zone of `now`; None when it names none.

    What could be past or future is read as past. The first rule that fits decides, exact dates before vague ones.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    lowered = text.casefold()
    for pattern, read in _RULES:
        for match in pattern.finditer(lowered):
            with suppress(ValueError, OverflowError):  # there is no 31st of February
                start, end = read(match, today)
                return Period(start, end)
    return None


_Days = tuple[datetime, datetime]

_MONTH_NAMES = "january february march april may june july august september october november december"
_NUMBER_NAMES = "one two three four five six seven eight nine ten"
_MONTHS = _MONTH_NAMES.split()
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_HAN_WEEKDAYS = "一二三四五六日"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12, "春": 3, "夏": 6, "秋": 9, "冬": 12}
_NUMBERS = {
    **{word: number for number, word in enumerate(_NUMBER_NAMES.split(), 1)},
    **{word: number for number, word in enumerate("一二三四五六七八九十", 1)},
    "a": 1,
    "an": 1,
    "两": 2,
    "十一": 11,
    "十二": 12,
    "半": 1,
}
_DAY_WORDS = {"today": 0, "tonight": 0, "yesterday": 1, "last night": 1, "the day before yesterday": 2}
_HAN_DAY_WORDS = {"今天": 0, "今早": 0, "今晚": 0, "昨天": 1, "昨日": 1, "昨晚": 1, "前天": 2, "大前天": 3}
_HAN_YEARS = {"今年": 0, "去年": 1, "前年": 2}
_FEW = {"a couple of": (2, 3), "a few": (2, 6), "several": (2, 6), "几": (2, 6)}


def _on_date(match: re.Match[str], today: datetime) -> _Days:
    """A day; without a year the latest such day."""
    month, day, year = _month(match["month"]), int(match["day"]), _year(match, today)
    if year is None:
        year = today.year - ((month, day) > (today.month, today.day))
    return _days(today.replace(year=year, month=month, day=day), 1)


def _in_month(match: re.Match[str], today: datetime) -> _Days:
    """A month; without a year the latest that has begun, "last" one the latest that is over."""
    month, year = _month(match["month"]), _year(match, today)
    if year is None:
        over = match.groupdict().get("which") == "last"
        year = today.year - ((month, over) > (today.month, False))
    return _months(today, year, month, 1)


def _in_season(match: re.Match[str], today: datetime) -> _Days:
    """Three months; without a year the latest such season that has begun."""
    month, year = _SEASONS[match["season"]], _year(match, today)
    if year is None:
        year = today.year - (month > today.month)
    return _months(today, year, month, 3)


def _in_year(match: re.Match[str], today: datetime) -> _Days:
    return _months(today, _year(match, today) or today.year, 1, 12)


def _ago(match: re.Match[str], today: datetime) -> _Days:
    """So many days, weeks, months or years back: the wider the unit, the wider the answer."""
    least, most = _FEW.get(match["count"]) or (_number(match["count"]),) * 2
    unit = match["unit"]
    if unit in {"day", "天"}:
        return today - timedelta(most), today - timedelta(least - 1)
    if unit in {"week", "周", "星期", "礼拜"}:
        return today - timedelta(7 * most + 3), today - timedelta(7 * least - 4)
    if unit in {"month", "月"}:
        return _months(today, today.year, today.month - most, most - least + 1)
    return _months(today, today.year - most, 1, 12 * (most - least + 1))


def _on_day_word(match: re.Match[str], today: datetime) -> _Days:
    word = match["word"]
    return _days(today - timedelta(_DAY_WORDS.get(word, _HAN_DAY_WORDS.get(word, 0))), 1)


def _in_week(match: re.Match[str], today: datetime) -> _Days:
    monday = today - timedelta(today.weekday() + 7 * _back(match["which"]))
    weekday = match.groupdict().get("weekday")
    if weekday:
        return _days(monday + timedelta(_HAN_WEEKDAYS.index(weekday.replace("天", "日"))), 1)
    return _days(monday, 7)


def _on_weekend(match: re.Match[str], today: datetime) -> _Days:
    """Saturday and Sunday; with "last" those before this week."""
    return _days(today - timedelta(today.weekday() + 7 * _back(match["which"]) - 5), 2)


def _on_weekday(match: re.Match[str], today: datetime) -> _Days:
    """The latest such day before today."""
    return _days(today - timedelta((today.weekday() - _WEEKDAYS.index(match["weekday"]) - 1) % 7 + 1), 1)


def _relative_month(match: re.Match[str], today: datetime) -> _Days:
    return _months(today, today.year, today.month - _back(match["which"]), 1)


def _relative_year(match: re.Match[str], today: datetime) -> _Days:
    return _months(today, today.year - _back(match["which"]), 1, 12)


def _back(which: str) -> int:
    """Return how many units back: "last" and 上 one, 上上 two, "this" and 这 none."""
    return which.count("上") or int(which in {"last", "past", "previous"})


def _year(match: re.Match[str], today: datetime) -> int | None:
    year = match.groupdict().get("year")
    if not year:
        return None
    return today.year - _HAN_YEARS[year] if year in _HAN_YEARS else int(year)


def _month(name: str) -> int:
    if name.isascii() and not name.isdigit():
        return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))
    return _number(name)


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def _days(start: datetime, count: int) -> _Days:
    return start, start + timedelta(count)


def _months(today: datetime, year: int, month: int, count: int) -> _Days:
    """Return so many months from one on; months before January are those of the years before."""
    return _first(today, year, month), _first(today, year, month + count)


def _first(today: datetime, year: int, month: int) -> datetime:
    return today.replace(year=year + (month - 1) // 12, month=(month - 1) % 12 + 1, day=1)


_SHORT_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
_M = rf"(?P<month>{'|'.join(_MONTHS)}|(?:{_SHORT_MONTHS})\b\.?)"
_D = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join([*_FEW, *(word for word in _NUMBERS if word.isascii())])})"
_HAN_YEAR = r"(?P<year>(?:19|20)\d\d|今年|去年|前年)年?的?"
_HAN_MONTH = r"(?P<month>\d{1,2}|十[一二]|[一二三四五六七八九十])月(?:份)?"
_HAN_DAY = r"(?P<day>\d{1,2})[日号]"
_WHICH = "(?P<which>last|past|previous|this)"
_HAN_WHICH = "(?P<which>上+|这|本)"

_PATTERNS: tuple[tuple[str, Callable[[re.Match[str], datetime], _Days]], ...] = (
    (rf"\b{_Y}-(?P<month>\d\d)-(?P<day>\d\d)\b", _on_date),
    (rf"\b{_D}(?: of)? {_M},? {_Y}\b", _on_date),
    (rf"\b{_M} {_D},? {_Y}\b", _on_date),
    (rf"{_HAN_YEAR}{_HAN_MONTH}{_HAN_DAY}", _on_date),
    (rf"{_HAN_MONTH}{_HAN_DAY}", _on_date),
    (rf"\b{_D}(?: of)? {_M}(?![\w-])", _on_date),
    (rf"\b{_M} {_D}\b(?! ?[:%])", _on_date),
    (rf"\b{_M}(?: of)?,? {_Y}\b", _in_month),
    (rf"{_HAN_YEAR}{_HAN_MONTH}", _in_month),
    (rf"\b(?P<season>spring|summer|autumn|fall|winter)(?: of)? {_Y}\b", _in_season),
    (rf"{_HAN_YEAR}(?P<season>[春夏秋冬])[天季]", _in_season),
    (rf"\b{_COUNT} (?P<unit>day|week|month|year)s? ago\b", _ago),
    (r"(?P<count>\d{1,3}|十[一二]|[一二三四五六七八九十两几])个?(?P<unit>天|周|星期|礼拜|月|年)(?:以|之)?前", _ago),
    (rf"\b(?P<word>{'|'.join(sorted(_DAY_WORDS, key=len, reverse=True))})\b", _on_day_word),
    (rf"(?P<word>{'|'.join(sorted(_HAN_DAY_WORDS, key=len, reverse=True))})", _on_day_word),
    (rf"\b{_WHICH} week\b", _in_week),
    (rf"\b{_WHICH} weekend\b", _on_weekend),
    (rf"{_HAN_WHICH}(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])", _in_week),
    (rf"{_HAN_WHICH}(?:个)?周末", _on_weekend),
    (rf"{_HAN_WHICH}(?:个)?(?:周|星期|礼拜)", _in_week),
    (rf"\b(?:last|on) (?P<weekday>{'|'.join(_WEEKDAYS)})\b", _on_weekday),
    (rf"\b{_WHICH} month\b", _relative_month),
    (rf"{_HAN_WHICH}个?月", _relative_month),
    (rf"\b{_WHICH} year\b", _relative_year),
    (r"(?P<year>今年|去年|前年)", _in_year),
    (rf"\b(?:in|during|since|of|(?P<which>last|this)) (?:early |late )?{_M}(?![\w-])", _in_month),
    (rf"(?<![\d一二三四五六七八九十个]){_HAN_MONTH}", _in_month),
    (r"\b(?:last|this|in|over|during) (?:the )?(?P<season>spring|summer|autumn|fall|winter)\b", _in_season),
    (rf"\b(?:in|during|since|of) {_Y}\b(?![-/])", _in_year),
    (rf"{_Y}年", _in_year),
)
_RULES = tuple((re.compile(pattern), read) for pattern, read in _PATTERNS)
