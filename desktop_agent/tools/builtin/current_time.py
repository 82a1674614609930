"""What time it is."""

from datetime import datetime

from desktop_agent.tools.calendar import weekday_name
from desktop_agent.tools.tool import tool


@tool("none", group="basics", title="Look at the clock", icon="clock")
def current_time() -> str:
    """Get the current local date, weekday, time and time zone."""
    return describe(datetime.now().astimezone())


def describe(moment: datetime) -> str:
    """Return a moment with a zone in words: Saturday 2025-03-01, 14:05, time zone CET (2025-03-01T14:05:33+01:00)."""
    exact = moment.isoformat(timespec="seconds")
    return f"{weekday_name(moment)} {moment:%Y-%m-%d, %H:%M}, time zone {moment:%Z} ({exact})"
