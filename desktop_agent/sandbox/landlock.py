"""Landlock: the kernel refuses every file, TCP port, foreign signal and abstract socket that was not granted.

See landlock(7). Only the calling thread and what it starts later are confined.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from desktop_agent.sandbox.system_calls import call

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION, _BENEATH = 1, 1
_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights on files that a version knows: refer came with 2, truncate with 3, device ioctl with 5."""
_READ = 1 << 0 | 1 << 2 | 1 << 3
"""Execute, read a file, list a folder."""
_DEVICES = 1 << 6 | 1 << 11
_ON_A_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_TCP, _SCOPES = 0b11, 0b11
_TCP_SINCE, _SCOPES_SINCE = 4, 6


@dataclass(frozen=True)
class Grants:
    """What stays reachable: files and folders to read and run, folders to change, the network."""

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    network: bool = False


NOTHING = Grants()


def version() -> int:
    """Return which version of Landlock the kernel has, 0 when it has none or it is switched off."""
    try:
        return call(_CREATE, None, 0, _VERSION)
    except OSError:
        return 0


def apply(grants: Grants = NOTHING) -> None:
    """Confine this thread for good; it must not be able to gain privileges any more. Raises OSError."""
    known = version()
    files = _FILES[max(since for since in _FILES if since <= known)] if known else 0
    tcp = _TCP * (known >= _TCP_SINCE and not grants.network)
    rules = struct.pack("<QQQ", files, tcp, _SCOPES * (known >= _SCOPES_SINCE))
    rules = rules[: 24 if known >= _SCOPES_SINCE else 16 if known >= _TCP_SINCE else 8]
    ruleset = call(_CREATE, ctypes.c_char_p(rules), len(rules), 0)
    try:
        _grant(ruleset, dict.fromkeys(grants.read, files & _READ) | dict.fromkeys(grants.write, files & ~_DEVICES))
        call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, rights: Mapping[str, int]) -> None:
    for path, allowed in rights.items():
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            is_folder = stat.S_ISDIR(os.fstat(beneath).st_mode)
            rule = struct.pack("<Qi", allowed if is_folder else allowed & _ON_A_FILE, beneath)
            call(_ADD_RULE, ruleset, _BENEATH, ctypes.c_char_p(rule), 0)
        finally:
            os.close(beneath)
