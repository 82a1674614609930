"""System calls that Python has no function for."""

import ctypes
import os
import platform
import struct
from functools import cache
from typing import Any

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION = 0x20080522


def call(number: int, *arguments: Any) -> int:
    """Make a Linux system call and return what it returns; numbers are passed as long. Raises OSError."""
    longs = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    result = int(_libc().syscall(ctypes.c_long(number), *longs))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process. Raises OSError."""
    if _libc().prctl(ctypes.c_int(option), *(ctypes.c_ulong(number) for number in (value, 0, 0, 0))) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def drop_capabilities() -> None:
    """Give up what root may do beyond others; see capset(2). Raises OSError."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION, 0)
    call(_CAPSET[platform.machine()], ctypes.c_char_p(header), ctypes.c_char_p(bytes(24)))


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
