"""Reminders as the model reads and plans them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias
from uuid import uuid4

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.records import Reminder
from desktop_agent.tools.one_of import heading, short_id
from desktop_agent.tools.protocols import ReminderStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.when import clock_words, moment
from desktop_agent.visible import visible

Repeat: TypeAlias = Literal["", "daily", "weekly", "monthly", "yearly"]
LONGEST = 2_000
"""Characters of a reminder."""
_LISTED = 50


def planned(text: str, when: str, repeat: Repeat, now: datetime) -> tuple[Reminder, str]:
    """Return a new reminder, and its time in words; raises UserFacingError for no text, and for no time to come."""
    if not text.strip():
        raise UserFacingError("A reminder needs words.", "Say of what you want to be reminded.")
    if len(text) > LONGEST:
        raise UserFacingError(f"A reminder has at most {LONGEST:,} characters.", "Write a note instead.")
    when, repeat = _repeated(when, repeat)
    found = moment(when, now)
    due, made = (time.astimezone(UTC).isoformat(timespec="microseconds") for time in (found.at, now))
    words = f"{found.words}, {repeat}" if repeat else found.words
    return Reminder(uuid4().hex, text.strip(), due, repeat, made), words


def _repeated(when: str, repeat: Repeat) -> tuple[str, Repeat]:
    """Return the first time, and how often, where the time says it: every monday 9:00, 每天9点."""
    for pattern, often in _OFTEN:
        found = re.match(pattern, when.strip(), re.IGNORECASE)
        if found and found.end() < len(when.strip()):
            return when.strip()[found.end() :], repeat or often
    return when, repeat


_OFTEN: tuple[tuple[str, Repeat], ...] = (
    (r"(?:every|each) day\b|daily\b|每天|每日", "daily"),
    (r"(?:every|each) (?=morning|afternoon|evening)|每(?=[早晚])", "daily"),
    (r"(?:every|each) (?=mon(?!th)|tue|wed|thu|fri|sat|sun)|weekly\b|每个?(?=周|星期|礼拜)", "weekly"),
    (r"(?:every|each) month\b|monthly\b|每个?月", "monthly"),
    (r"(?:every|each) year\b|yearly\b|每年", "yearly"),
)


def adding(store: ReminderStore, text: str, when: str, repeat: Repeat) -> RecordChange[Reminder]:
    """Plan a new reminder."""
    reminder, words = planned(text, when, repeat, datetime.now(UTC))
    preview = Preview("reminder", heading(reminder), words, _added(reminder), reminder.text.count("\n") + 1)
    said = f"The reminder is set: [{short_id(reminder)}] {told(reminder)}"
    return RecordChange(store, None, reminder, preview, said)


def finishing(store: ReminderStore, reminder: Reminder) -> RecordChange[Reminder]:
    """Plan that nothing reminds of it any more."""
    preview = Preview("reminder", heading(reminder), "done")
    done = replace(reminder, done_at=datetime.now(UTC).isoformat(timespec="microseconds"))
    return RecordChange(store, reminder, done, preview, f"The reminder is done: {heading(reminder)}")


def told(reminder: Reminder) -> str:
    """Return a reminder in a line: what, when, how often."""
    repeat = f", {reminder.repeat}" if reminder.repeat else ""
    return f"{heading(reminder)} ({clock_words(datetime.fromisoformat(reminder.due_at))}{repeat})"


def listed(reminders: list[Reminder]) -> str:
    """Return reminders as the model reads them."""
    lines = [f"[{short_id(reminder)}] {told(reminder)}" for reminder in reminders[:_LISTED]]
    more = len(reminders) - _LISTED
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)


def _added(reminder: Reminder) -> str:
    """Return the text as an addition where its heading does not say it all."""
    if reminder.text == heading(reminder):
        return ""
    return "\n".join(f"+{visible(line)}" for line in reminder.text.split("\n"))
