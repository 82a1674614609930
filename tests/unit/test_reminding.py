"""What is due, and when again; the clocks change in Berlin on 2027-03-28."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.reminding import Reminding, next_time
from desktop_agent.storage.database import Database
from desktop_agent.storage.reminders import Reminders


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2027, 3, 26, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Reminders]:
    database = Database.open(tmp_path / "a.db", bytes(32))
    yield Reminders(database)
    database.close()


@pytest.fixture
def reminding(store: Reminders, clock: Clock) -> Reminding:
    return Reminding(store, clock)


def test_what_is_due_is_shown_once(reminding, store, clock):
    made = reminding.add("Call Ann", "in 20 minutes")
    assert reminding.due() == []
    assert reminding.seconds_to_next() == 1200
    clock.pass_(minutes=20)
    assert [each.id for each in reminding.due()] == [made.id]
    assert reminding.due() == []
    assert reminding.seconds_to_next() is None
    assert store.list()[0].shown_at  # it stays in the list until it is done


def test_what_repeats_comes_again_at_the_same_time_by_the_clock(reminding, store, clock):
    reminding.add("Stand up", "tomorrow 9:30", "daily")
    clock.pass_(hours=1)
    times = []
    for _ in range(3):
        clock.pass_(days=1)
        times += [datetime.fromisoformat(each.due_at).astimezone() for each in reminding.due()]
    assert [f"{moment:%d %H:%M %z}" for moment in times] == ["27 09:30 +0100", "28 09:30 +0200", "29 09:30 +0200"]
    assert f"{datetime.fromisoformat(store.list()[0].due_at).astimezone():%d %H:%M}" == "30 09:30"


def test_what_was_missed_is_shown_once_and_then_at_its_next_time(reminding, store, clock):
    reminding.add("Water the plants", "2027-03-27 9:00", "weekly")
    clock.pass_(days=30)
    assert len(reminding.due()) == 1
    assert reminding.due() == []
    assert f"{datetime.fromisoformat(store.list()[0].due_at).astimezone():%m-%d %H:%M}" == "05-01 09:00"


@pytest.mark.parametrize(
    ("repeat", "wanted"), [("monthly", "2027-04-30 09:00"), ("yearly", "2028-03-31 09:00"), ("", "2027-03-31 09:00")]
)
def test_a_day_that_a_month_lacks_becomes_its_last(reminding, repeat, wanted):
    made = reminding.add("Pay", "2027-03-31 9:00", repeat)
    after = next_time(made, datetime(2027, 3, 31, 12, tzinfo=UTC))
    assert f"{after.astimezone():%Y-%m-%d %H:%M}" == wanted


def test_a_month_later_than_the_last_of_january_is_not_lost_for_those_missed(reminding):
    made = reminding.add("Pay", "2028-01-31 9:00", "monthly")
    after = next_time(made, datetime(2028, 3, 5, 12, tzinfo=UTC))
    assert f"{after.astimezone():%Y-%m-%d}" == "2028-03-31"


def test_what_is_done_is_due_no_more(reminding, store, clock):
    made = reminding.add("Call Ann", "in 20 minutes", "daily")
    assert reminding.finish(made.id).done_at
    clock.pass_(days=3)
    assert reminding.due() == []
    assert reminding.seconds_to_next() is None
    with pytest.raises(UserFacingError, match="no such reminder"):
        reminding.finish("unknown")


def test_a_time_that_is_over_is_refused(reminding, store):
    with pytest.raises(UserFacingError, match="is over"):
        reminding.add("Call Ann", "2027-03-01")
    assert store.list(done=True) == []


@pytest.mark.parametrize(
    ("when", "due", "repeat"),
    [
        ("every day at 9:30", "03-26 09:30", "daily"),
        ("daily 8:00", "03-27 08:00", "daily"),
        ("every morning", "03-27 09:00", "daily"),
        ("Every Monday 9:00", "03-29 09:00", "weekly"),
        ("每周一早上9点", "03-29 09:00", "weekly"),
        ("每天9点半", "03-26 09:30", "daily"),
        ("every month 2027-04-01 8:00", "04-01 08:00", "monthly"),
        ("每年5月1日", "05-01 09:00", "yearly"),
    ],
)
def test_how_often_may_be_said_with_the_time(reminding, when, due, repeat):
    made = reminding.add("x", when)
    assert (f"{datetime.fromisoformat(made.due_at).astimezone():%m-%d %H:%M}", made.repeat) == (due, repeat)


@pytest.mark.parametrize("when", ["every day", "daily", "每周", "every cat 9:00"])
def test_how_often_alone_is_no_time(reminding, when):
    with pytest.raises(UserFacingError, match="is no time"):
        reminding.add("x", when)
