"""The time of day that a text names, in English and Chinese."""

import re
from datetime import time

MORNING = time(9)
"""When something is to happen that was said for a day, or its morning, only."""
_NAMED = (
    (r"\b(?:at )?noon\b|中午", time(12)),
    (r"\b(?:at )?midnight\b|午夜|半夜", time(0)),
    (r"\b(?:in the )?morning\b|早上|上午|早晨", MORNING),
    (r"\b(?:in the )?afternoon\b|下午", time(15)),
    (r"\b(?:in the )?(?:evening|tonight)\b|晚上|今晚", time(19)),
)
_CLOCK = re.compile(
    r"(?:\bat )?(?:\btonight at )?(?:(?P<part>早上|上午|早晨|早|中午|下午|晚上|晚|凌晨) ?)?(?<!\d)(?P<hour>\d\d?)"
    r"(?:[:.：](?P<minute>\d\d)(?::\d\d)?|点(?:(?P<minute2>\d\d?)分?|(?P<half>半))?|(?= ?[ap]\.?m))"
    r"(?: ?(?P<noon>[ap])\.?m\b\.?)?(?: ?(?:uhr|o'clock|整))?(?!\d)"
)


def take_time(said: str) -> tuple[time | None, str]:
    """Return the time of day that a text in small letters names, and the text without it; None where it names none."""
    found = _CLOCK.search(said)
    at = _time(found) if found else None
    if at is None:
        forms = ((re.search(pattern, said), at) for pattern, at in _NAMED)
        found, at = next(((match, at) for match, at in forms if match), (None, None))
    return at, f"{said[: found.start()]} {said[found.end() :]}".strip() if found else said


def _time(found: re.Match[str]) -> time | None:
    part, hour = found["part"] or "", int(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or found["minute2"] or 0)
    if hour < 12 and (found["noon"] == "p" or part in {"下午", "晚上", "晚"} or (part == "中午" and hour < 11)):
        hour += 12
    elif hour == 12 and (found["noon"] == "a" or part == "凌晨"):
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
