"""A reminder that is done, or no longer wanted."""

from typing import Annotated

from desktop_agent.records import Reminder
from desktop_agent.tools import reminders
from desktop_agent.tools.one_of import one
from desktop_agent.tools.protocols import ReminderStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.tool import tool


@tool("write", group="reminders", title="Finish reminder", icon="check", words="remind reminder 提醒 闹钟")
def finish_reminder(store: ReminderStore, reminder: Annotated[str, "words or id"]) -> RecordChange[Reminder]:
    """Mark a reminder as done, or cancel it."""
    return reminders.finishing(store, one(store.list(), reminder, "reminder"))
