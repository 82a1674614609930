"""What is due, and when it is due again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from desktop_agent.records import Reminder
from desktop_agent.storage.reminders import Reminders
from desktop_agent.tools.calendar import add_months, at_clock
from desktop_agent.tools.reminders import Repeat, planned

_MONTHS = {"monthly": 1, "yearly": 12}
_DAYS = {"daily": 1, "weekly": 7}


class Reminding:
    """The schedule over one database's reminders. Whoever shows them asks `due` from time to time."""

    def __init__(self, store: Reminders, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._clock = clock

    def add(self, text: str, when: str, repeat: Repeat = "") -> Reminder:
        """Keep a reminder for a time in words (see `tools.when`). Raises UserFacingError."""
        reminder, _words = planned(text, when, repeat, self._clock())
        self._store.put(reminder)
        return self._store.get(reminder.id)

    def finish(self, reminder_id: str) -> Reminder:
        """Remind of it no more. Raises UserFacingError when it is gone."""
        done = replace(self._store.get(reminder_id), done_at=_utc(self._clock()))
        self._store.put(done)
        return done

    def due(self) -> list[Reminder]:
        """Return what is to be shown now, each once; what repeats is set to its next time to come."""
        now = self._clock()
        found = self._store.due(_utc(now))
        for reminder in found:
            self._store.put(replace(reminder, shown_at=_utc(now), due_at=_utc(next_time(reminder, now))))
        return found

    def seconds_to_next(self) -> float | None:
        """Return how long nothing is due; None when nothing is to come."""
        now = self._clock()
        times = [datetime.fromisoformat(each.due_at) for each in self._store.list() if each.shown_at < each.due_at]
        return max(0.0, (min(times) - now).total_seconds()) if times else None


def next_time(reminder: Reminder, now: datetime) -> datetime:
    """Return when it is due again after `now`, at the same time by the clock; when it does not repeat, as it was.

    What is missed, because the program did not run, is shown once. A day that a month lacks becomes its last.
    """
    due = datetime.fromisoformat(reminder.due_at)
    if not reminder.repeat:
        return due
    count, moment = 0, due
    while moment <= now:
        count += 1
        moment = _later(due.astimezone(), reminder.repeat, count)
    return moment


def _later(due: datetime, repeat: str, count: int) -> datetime:
    if repeat in _MONTHS:
        return add_months(due, count * _MONTHS[repeat])
    return at_clock(due, timedelta(days=count * _DAYS[repeat]))


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")
