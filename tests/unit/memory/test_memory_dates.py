from datetime import date, datetime, timedelta, timezone

import pytest

from desktop_agent.memory.dates import Period, period

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=1)))
"""A Sunday."""


@pytest.mark.parametrize(
    ("text", "start", "days"),
    [
        ("What did I say yesterday?", (2026, 11, 21), 1),
        ("and the day before yesterday?", (2026, 11, 20), 1),
        ("What did we cook last night?", (2026, 11, 21), 1),
        ("last week", (2026, 11, 9), 7),
        ("this week", (2026, 11, 16), 7),
        ("last month", (2026, 10, 1), 31),
        ("last year", (2025, 1, 1), 365),
        ("Where was I in March?", (2026, 3, 1), 31),
        ("in December", (2025, 12, 1), 31),
        ("last November", (2025, 11, 1), 30),
        ("in November", (2026, 11, 1), 30),
        ("in early December", (2025, 12, 1), 31),
        ("two weeks ago", (2026, 11, 5), 7),
        ("3 days ago", (2026, 11, 19), 1),
        ("a few days ago", (2026, 11, 16), 5),
        ("a month ago", (2026, 10, 1), 31),
        ("14 months ago", (2025, 9, 1), 30),
        ("10 years ago", (2016, 1, 1), 366),
        ("on 5 May 2023", (2023, 5, 5), 1),
        ("on May 5th, 2023", (2023, 5, 5), 1),
        ("on 2023-05-08", (2023, 5, 8), 1),
        ("on the 24th of December", (2025, 12, 24), 1),
        ("the trip of May 2023", (2023, 5, 1), 31),
        ("in 2022", (2022, 1, 1), 365),
        ("31 February 2020", (2020, 2, 1), 29),
        ("last Monday", (2026, 11, 16), 1),
        ("on Sunday", (2026, 11, 15), 1),
        ("last weekend", (2026, 11, 14), 2),
        ("last summer", (2026, 6, 1), 92),
        ("winter of 2021", (2021, 12, 1), 90),
        ("昨天我说了什么？", (2026, 11, 21), 1),
        ("前天", (2026, 11, 20), 1),
        ("大前天", (2026, 11, 19), 1),
        ("上周", (2026, 11, 9), 7),
        ("上上个星期", (2026, 11, 2), 7),
        ("上周五", (2026, 11, 13), 1),
        ("上星期天", (2026, 11, 15), 1),
        ("上周末", (2026, 11, 14), 2),
        ("上个月", (2026, 10, 1), 31),
        ("去年三月我在哪里？", (2025, 3, 1), 31),
        ("三天前", (2026, 11, 19), 1),
        ("两个月前", (2026, 9, 1), 30),
        ("2023年5月", (2023, 5, 1), 31),
        ("2023年5月8日", (2023, 5, 8), 1),
        ("十二月", (2025, 12, 1), 31),
        ("今年", (2026, 1, 1), 365),
        ("前年夏天", (2024, 6, 1), 92),
        ("2022年", (2022, 1, 1), 365),
    ],
)
def test_days_that_are_named(text: str, start: tuple[int, int, int], days: int) -> None:
    found = period(text, NOW)
    assert found
    assert (found.start.date(), (found.end - found.start).days) == (date(*start), days)
    assert found.start.tzinfo == NOW.tzinfo
    assert (found.start.hour, found.start.minute) == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "What is my cat called?",
        "May I ask you something?",
        "They march on.",
        "I might fall.",
        "Give me 5 examples.",
        "The 1990s",
        "三个月大的猫",
        "一个半小时",
        "",
        "2000 years",
        "31 April",
    ],
)
def test_other_words_name_no_days(text: str) -> None:
    assert period(text, NOW) is None


def test_a_period_ends_before_its_end() -> None:
    day = Period(NOW, NOW + timedelta(1))
    assert day.holds(NOW)
    assert day.holds(NOW + timedelta(hours=23))
    assert not day.holds(NOW + timedelta(1))


def test_a_leap_day_is_no_trouble() -> None:
    leap = datetime(2028, 2, 29, tzinfo=NOW.tzinfo)
    assert period("last year", leap)
    assert period("a month ago", leap)
    assert period("in 1900", leap)
    assert period("29 February", leap)
    assert period("29 February", NOW) is None, "the year before had none"
