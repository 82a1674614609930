"""The words, numbers and signs of an expression."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Literal

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.reckoning import exact
from desktop_agent.tools.reckoning.phrases import plain
from desktop_agent.tools.reckoning.units import unit
from desktop_agent.tools.said_days import take_day
from desktop_agent.tools.said_times import take_time
from desktop_agent.tools.shown import shown

LONGEST = 1_000
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    rf"\d{{4}}-\d\d?-\d\d?|\d{{4}}/\d\d?/\d\d?|\d\d?\.\d\d?\.\d{{4}}|\d{{4}}年\d\d?月\d\d?[日号]"
    rf"|\d\d?(?:st|nd|rd|th)? {_MONTH} \d{{4}}|{_MONTH} \d\d?(?:st|nd|rd|th)?,? \d{{4}}"
)
_CLOCK = r"\d\d?:\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?"
_TOKEN = re.compile(
    rf"(?P<day>(?:{_DAY})(?!\d))(?:(?:T| at | )(?P<at>{_CLOCK}))?"
    rf"|(?P<clock>{_CLOCK})"
    r"|(?P<fraction>(?:\d+ )?\d+/(?:2|3|4|5|8|16)(?= ?[A-Za-z\u4e00-\u9fff]))"
    r"|(?P<code>0x[0-9a-f]+|0b[01]+|0o[0-7]+)"
    r"|(?P<number>(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)"
    r"|(?P<word>log(?:10|2)|[^\W\d_]+)"
    r"|(?P<sign>\*\*|//|->|[-+*/^%(),!])",
    re.IGNORECASE,
)
_SPELLED = {"**": "^", "lphk": "L/100km"}


@dataclass(frozen=True)
class Token:
    """A part of an expression as it was written, with the value of a number or a moment."""

    kind: Literal["number", "moment", "word", "sign", "end"]
    text: str
    value: Fraction | date | datetime | None = None


def tokens(text: str, now: datetime) -> list[Token]:
    """Return the parts of an expression; raises UserFacingError for what none can hold."""
    if len(text) > LONGEST:
        raise UserFacingError(f"The expression is too long: {len(text):,} characters.", "Use run_python.")
    said = plain(text)
    found: list[Token] = []
    at = 0
    while at < len(said):
        match = _TOKEN.match(said, at)
        if match is None:
            raise UserFacingError(f"'{shown(said[at:], 20)}' cannot be computed with.")
        found += _made(match, now)
        at = match.end()
        at += len(said[at:]) - len(said[at:].lstrip())
    return [*found, Token("end", "")]


def _made(match: re.Match[str], now: datetime) -> Iterator[Token]:
    text = match[0]
    if match["day"] or match["clock"]:
        yield Token("moment", text, _moment(match, now))
    elif match["fraction"]:
        whole, _, rest = text.rpartition(" ")
        yield Token("number", text, Fraction(rest) + int(whole or 0))
    elif match["code"]:
        yield Token("number", text, exact.checked(Fraction(int(text, 0))))
    elif match["number"]:
        yield Token("number", text, exact.number(text))
    elif match["word"]:
        yield from (Token("word", _SPELLED.get(part, part)) for part in _parted(text))
    else:
        yield Token("sign", _SPELLED.get(text, text))


def _moment(match: re.Match[str], now: datetime) -> date | datetime:
    clock = match["at"] or match["clock"]
    at = _time(clock) if clock else None
    day, rest = take_day(match["day"].casefold().replace(",", ""), now.date()) if match["day"] else (now.date(), "")
    if day is None or rest or (clock and at is None):
        raise UserFacingError(f"There is no such time: {shown(match[0])}.", "Days are written like 2026-01-31.")
    return datetime.combine(day, at) if at else day


def _time(clock: str) -> time | None:
    at, _ = take_time(clock.casefold())
    seconds = re.match(r"\d+:\d+:(\d\d)", clock)
    if at is None or seconds is None:
        return at
    return at.replace(second=int(seconds[1])) if int(seconds[1]) < 60 else None


def _parted(text: str) -> Iterator[str]:
    """Yield words: Chinese has no spaces between them, so the longest units come first."""
    while text and not text.isascii():
        length = next((size for size in range(len(text), 0, -1) if unit(text[:size])), len(text))
        yield text[:length]
        text = text[length:]
    if text:
        yield text
