import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import Reminder
from desktop_agent.storage.reminders import Reminders

NINE = "2026-11-23T09:00:00.000000+00:00"
TEN = "2026-11-23T10:00:00.000000+00:00"


@pytest.fixture
def reminders(database):
    return Reminders(database)


def test_a_reminder_comes_back_as_it_was(reminders):
    wanted = Reminder("1", "Call Ann", NINE, "weekly", TEN, "", "")
    reminders.put(wanted)
    assert reminders.get("1") == wanted
    changed = Reminder("1", "Call Bob", TEN, "", TEN, NINE, TEN)
    reminders.put(changed)
    assert reminders.list(done=True) == [changed]


def test_times_are_kept_in_one_form_so_that_their_order_is_that_of_the_text(reminders):
    reminders.put(Reminder("1", "first", "2026-11-23T10:30:00+02:00"))
    reminders.put(Reminder("2", "second", "2026-11-23T09:00Z"))
    assert [each.due_at for each in reminders.list()] == ["2026-11-23T08:30:00.000000+00:00", NINE]
    assert reminders.get("1").created_at


@pytest.mark.parametrize(("text", "due_at"), [(" ", NINE), ("Call Ann", "soon"), ("Call Ann", "")])
def test_without_words_or_a_time_it_is_refused(reminders, text, due_at):
    with pytest.raises(UserFacingError):
        reminders.put(Reminder("1", text, due_at))
    assert reminders.list(done=True) == []


def test_done_ones_are_listed_on_demand(reminders):
    reminders.put(Reminder("1", "later", TEN))
    reminders.put(Reminder("2", "done", NINE, done_at=NINE))
    assert [each.id for each in reminders.list()] == ["1"]
    assert [each.id for each in reminders.list(done=True)] == ["2", "1"]


def test_due_is_what_was_not_shown_since_its_time(reminders):
    reminders.put(Reminder("new", "a", NINE))
    reminders.put(Reminder("shown", "b", NINE, shown_at=TEN))
    reminders.put(Reminder("shown for the last time", "c", TEN, "daily", shown_at=NINE))
    reminders.put(Reminder("done", "d", NINE, done_at=NINE))
    assert [each.id for each in reminders.due(NINE)] == ["new"]
    assert [each.id for each in reminders.due(TEN)] == ["new", "shown for the last time"]
    assert reminders.due("2026-11-23T08:59:59.999999+00:00") == []


def test_a_deleted_reminder_is_gone(reminders):
    reminders.put(Reminder("1", "a", NINE))
    for _ in range(2):
        reminders.delete("1")
    with pytest.raises(UserFacingError, match="no such reminder"):
        reminders.get("1")
