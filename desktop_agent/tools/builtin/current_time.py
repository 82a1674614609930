"""What time it is."""

from datetime import datetime

from desktop_agent.tools.tool import tool

# Not strftime: Qt sets the process locale, and the model would read the names in the user's language.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@tool("none", group="basics", title="Look at the clock", icon="clock")
def current_time() -> str:
    """Get the current local date, weekday, time and time zone."""
    return describe(datetime.now().astimezone())


def describe(moment: datetime) -> str:
    """Return a moment with a zone in words: Saturday 2025-03-01, 14:05, time zone CET (2025-03-01T14:05:33+01:00)."""
    exact = moment.isoformat(timespec="seconds")
    return f"{_DAYS[moment.weekday()]} {moment:%Y-%m-%d, %H:%M}, time zone {moment:%Z} ({exact})"
