"""A new reminder."""

from typing import Annotated

from desktop_agent.records import Reminder
from desktop_agent.tools import reminders
from desktop_agent.tools.protocols import ReminderStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.tool import tool


@tool("write", group="reminders", title="Set reminder", icon="bell", words="remind reminder alarm 提醒 闹钟 叫我")
def add_reminder(
    store: ReminderStore,
    text: str,
    when: Annotated[str, "as the user says it: in 20 minutes, tomorrow 9:00, 2026-01-31 18:30"],
    repeat: reminders.Repeat = "",
) -> RecordChange[Reminder]:
    """Remind the user of something at a time."""
    return reminders.adding(store, text, when, repeat)
