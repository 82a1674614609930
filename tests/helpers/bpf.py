"""Runs a system call filter as the kernel would, for any architecture; and puts one over this very process."""

import struct
from collections.abc import Sequence

from desktop_agent.sandbox import seccomp
from desktop_agent.sandbox.system_calls import prctl

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NO_NEW_PRIVILEGES = 38


def answer(program: bytes, architecture: int, number: int, arguments: Sequence[int] = ()) -> int:
    """Return what the kernel does with a call: ALLOW, KILL, or ERROR with the error's number in it."""
    padded = [value & (1 << 64) - 1 for value in (*arguments, 0, 0, 0, 0, 0, 0)][:6]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    steps = list(struct.iter_unpack("<HBBI", program))
    at = accumulator = 0
    while True:
        code, if_true, if_false, operand = steps[at]
        at += 1
        if code == _LOAD:
            accumulator = struct.unpack_from("<I", data, operand)[0]
        elif code == _AND:
            accumulator &= operand
        elif code == _RETURN:
            return int(operand)
        else:
            holds = {
                _EQUAL: accumulator == operand,
                _AT_LEAST: accumulator >= operand,
                _ANY_BIT: bool(accumulator & operand),
            }[code]
            at += if_true if holds else if_false


def refuse_here(number: int, error: int) -> None:
    """Make a system call fail in this process and all it starts, as on a system that lacks it."""
    steps = [(_LOAD, 0, 0, 0), (_EQUAL, 0, 1, number), (_RETURN, 0, 0, ERROR | error), (_RETURN, 0, 0, ALLOW)]
    prctl(_NO_NEW_PRIVILEGES, 1)
    seccomp.apply(b"".join(struct.pack("<HBBI", *step) for step in steps))
