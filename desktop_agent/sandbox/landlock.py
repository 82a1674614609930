"""Landlock without a grant: the kernel refuses every file, TCP port, foreign signal and abstract socket.

See landlock(7). Only the calling thread and what it starts later are confined: see `confined_alone`.
"""

import ctypes
import os
import struct

from desktop_agent.sandbox.system_calls import call

_CREATE, _RESTRICT = 444, 446  # the same numbers on every architecture
_VERSION = 1
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights on files that a version knows: refer came with 2, truncate with 3, device ioctl with 5."""
_TCP, _SCOPES = 0b11, 0b11
_TCP_SINCE, _SCOPES_SINCE = 4, 6


def version() -> int:
    """Return which version of Landlock the kernel has, 0 when it has none or it is switched off."""
    try:
        return call(_CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def apply() -> None:
    """Confine this thread for good; it must not be able to gain privileges any more. Raises OSError."""
    known = version()
    files = _FILES[max(since for since in _FILES if since <= known)] if known else 0
    rules = struct.pack("<QQQ", files, _TCP * (known >= _TCP_SINCE), _SCOPES * (known >= _SCOPES_SINCE))
    rules = rules[: 24 if known >= _SCOPES_SINCE else 16 if known >= _TCP_SINCE else 8]
    ruleset = call(_CREATE, ctypes.c_char_p(rules), len(rules), 0)
    try:
        call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
