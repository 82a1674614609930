"""Times to come, as they are written; now is Sunday, 2026-11-22, 14:05."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.when import moment


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place where the clocks change."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def now() -> datetime:
    return datetime(2026, 11, 22, 14, 5, 30).astimezone()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-23 18:30", "2026-11-23 18:30"),
        ("2026-11-23T18:30:00", "2026-11-23 18:30"),
        ("2026-11-23T18:30+00:00", "2026-11-23 19:30"),
        ("2026-11-23T18:30:00Z", "2026-11-23 19:30"),
        ("2026-11-23", "2026-11-23 09:00"),
        ("23.11.2026 18:30", "2026-11-23 18:30"),
        ("2026/12/01 at 8:15", "2026-12-01 08:15"),
        ("18:30", "2026-11-22 18:30"),
        ("18.30 Uhr", "2026-11-22 18:30"),
        ("at 6pm", "2026-11-22 18:00"),
        ("6:30 p.m.", "2026-11-22 18:30"),
        ("9 am", "2026-11-23 09:00"),
        ("12 am", "2026-11-23 00:00"),
        ("noon", "2026-11-23 12:00"),
        ("midnight", "2026-11-23 00:00"),
        ("tonight", "2026-11-22 19:00"),
        ("tonight at 8 pm", "2026-11-22 20:00"),
        ("today 18:00", "2026-11-22 18:00"),
        ("Tomorrow", "2026-11-23 09:00"),
        ("tomorrow at 9:00", "2026-11-23 09:00"),
        ("tomorrow at 9am.", "2026-11-23 09:00"),
        ("tomorrow morning", "2026-11-23 09:00"),
        ("tomorrow in the afternoon", "2026-11-23 15:00"),
        ("9:30 tomorrow", "2026-11-23 09:30"),
        ("the day after tomorrow at noon", "2026-11-24 12:00"),
        ("Friday", "2026-11-27 09:00"),
        ("on friday at 5 pm", "2026-11-27 17:00"),
        ("5pm on Friday", "2026-11-27 17:00"),
        ("next friday 17:00", "2026-11-27 17:00"),
        ("Sunday 10:00", "2026-11-29 10:00"),
        ("wednesday", "2026-11-25 09:00"),
        ("24 December 18:00", "2026-12-24 18:00"),
        ("Dec 24", "2026-12-24 09:00"),
        ("January 5th at 10:00", "2027-01-05 10:00"),
        ("1st of March 2027", "2027-03-01 09:00"),
        ("December 24, 2026, 18:00", "2026-12-24 18:00"),
        ("明天9点", "2026-11-23 09:00"),
        ("明天上午九点半", "2026-11-23 09:30"),
        ("明早8点", "2026-11-23 08:00"),
        ("后天下午三点", "2026-11-24 15:00"),
        ("大后天", "2026-11-25 09:00"),
        ("今晚8点", "2026-11-22 20:00"),
        ("今天下午5点20分", "2026-11-22 17:20"),
        ("下午5点", "2026-11-22 17:00"),
        ("周一9点", "2026-11-23 09:00"),
        ("星期日晚上十点", "2026-11-29 22:00"),
        ("下周三下午两点", "2026-11-25 14:00"),
        ("12月24日18点", "2026-12-24 18:00"),
        ("十二月二十四日", "2026-12-24 09:00"),
        ("1月5号", "2027-01-05 09:00"),
        ("2026年12月1日 8:15", "2026-12-01 08:15"),
    ],
)
def test_times_by_the_clock(text, at):
    found = moment(text, now())
    assert f"{found.at.astimezone():%Y-%m-%d %H:%M}" == at
    assert at in found.words.replace(",", "")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("in 20 minutes", 1200),
        ("20 minutes", 1200),
        ("20 min", 1200),
        ("in 1 minute", 60),
        ("in an hour", 3600),
        ("in half an hour", 1800),
        ("in 1.5 hours", 5400),
        ("2 hours 30 minutes", 9000),
        ("in 2 hours and 30 minutes", 9000),
        ("in 2h 30min", 9000),
        ("90 minutes from now", 5400),
        ("two hours later", 7200),
        ("in 3 days", 3 * 86400),
        ("in a week", 7 * 86400),
        ("20分钟后", 1200),
        ("二十分钟后", 1200),
        ("半小时后", 1800),
        ("半个小时之后", 1800),
        ("两个半小时后", 9000),
        ("一个半小时后", 5400),
        ("过10分钟", 600),
        ("3天后", 3 * 86400),
        ("两周后", 14 * 86400),
    ],
)
def test_times_from_now_on(text, seconds):
    found = moment(text, now())
    assert found.at - now() == timedelta(seconds=seconds)
    assert found.words == moment(text, now() + timedelta(minutes=5)).words  # the user takes time to allow it


def test_days_from_now_are_by_the_clock():
    assert f"{moment('in 5 months', now()).at.astimezone():%Y-%m-%d %H:%M %z}" == "2027-04-22 14:05 +0200"
    assert f"{moment('in 1 year', now()).at.astimezone():%Y-%m-%d}" == "2027-11-22"
    late = datetime(2027, 3, 27, 14, 0).astimezone()
    assert f"{moment('in 1 day', late).at.astimezone():%H:%M}" == "14:00"
    assert moment("in 24 hours", late).at - late == timedelta(hours=24)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "in a while",
        "yesterday 9:00",
        "25:00",
        "2026-02-30",
        "31.02.2027",
        "9:00 cat",
        "tomorrow cat",
        "in 5 cats",
        "the 5",
        "7",
        "2026-11-23 18:30 and 19:30",
        "in 99999999999 days",
        "in 99999 years",
        "in 9999999999999999 hours",
        "friday monday",
        "你好",
        "每天9点",
    ],
)
def test_what_is_no_time_is_said_so(text):
    with pytest.raises(UserFacingError, match="is no time"):
        moment(text, now())


@pytest.mark.parametrize("text", ["2026-11-22 14:00", "2020-01-01", "today 9:00", "22.11.2026", "in 0 minutes"])
def test_a_time_that_is_over_is_said_so(text):
    with pytest.raises(UserFacingError, match="is over"):
        moment(text, now())
