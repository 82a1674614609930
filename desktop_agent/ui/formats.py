"""Dates, sizes and speeds in the user's language."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime


def day(moment: str) -> str:
    """Return the local day of an ISO 8601 time: 3 Nov 2026."""
    local = local_day(moment)
    pattern = QCoreApplication.translate("formats", "d MMM yyyy", "Qt date format")
    return QLocale().toString(QDate(local.year, local.month, local.day), pattern)


def moment(time: str) -> str:
    """Return the local day and time of an ISO 8601 time: 3 Nov 2026, 14:05."""
    local = datetime.fromisoformat(time).astimezone()
    return f"{day(time)}, {QLocale().toString(QTime(local.hour, local.minute), 'HH:mm')}"


def local_day(moment: str) -> date:
    """Return the day of an ISO 8601 time where the user is."""
    return datetime.fromisoformat(moment).astimezone().date()


def number(value: int) -> str:
    """Return a number with the language's thousands separators."""
    return QLocale().toString(value)


def size(value: int) -> str:
    """Return a number of bytes as people say it: 1.1 GB."""
    return QLocale().formattedDataSize(value, 1 if value >= 1e9 else 0, QLocale.DataSizeFormat.DataSizeSIFormat)


def rate(tokens_per_second: float, exact_below: int = 100) -> str:
    """Return a speed: 12.3 tokens/s, with a decimal when it is below `exact_below`."""
    text = QCoreApplication.translate("formats", "{speed} tokens/s")
    return text.format(speed=QLocale().toString(tokens_per_second, "f", 1 if tokens_per_second < exact_below else 0))


def seconds(value: float) -> str:
    """Return a duration: 0.8 s, 45 s, 3 min."""
    if value >= 90:
        return QCoreApplication.translate("formats", "{minutes} min").format(minutes=round(value / 60))
    text = QLocale().toString(value, "f", 1 if value < 10 else 0)
    return QCoreApplication.translate("formats", "{seconds} s").format(seconds=text)
