"""The reminders to come."""

from desktop_agent.tools.protocols import ReminderStore
from desktop_agent.tools.reminders import listed
from desktop_agent.tools.tool import tool


@tool("read", group="reminders", title="Look at reminders", icon="bell", words="remind reminder 提醒 闹钟")
def list_reminders(store: ReminderStore) -> str:
    """List the user's reminders."""
    return listed(list(store.list())) or "There are no reminders."
