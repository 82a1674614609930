"""System calls that Python has no function for."""

import ctypes
import os
from functools import cache
from typing import Any


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


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
