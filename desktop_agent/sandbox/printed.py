"""What a program printed, as text without what would drive a terminal."""

import re

from desktop_agent.visible import without_controls

_SEQUENCES = re.compile(
    r"""
    (?:\x1b[\]P^_X]|[\x9d\x90\x9e\x9f\x98]) .*? (?:\x07|\x1b\\|\x9c|\Z)   # OSC, DCS, PM, APC, SOS and all in them
    | (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~]?                                  # CSI: colours, movements
    | \x1b [ -/]* [0-~]?                                                    # the other escapes
    """,
    re.VERBOSE | re.DOTALL,
)


def plain(text: str) -> str:
    """Return the text without escape sequences and control characters; what a return would hide stays."""
    return without_controls(_SEQUENCES.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
