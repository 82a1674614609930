"""The system call filters: programs for the kernel that `packaging/sandbox/filters.py` makes, see seccomp(2).

"python" and "document" name what is allowed, and that is no call that takes a path, makes a socket or starts a process.
"server" and "server-network" name what is refused: they are for programs that are not ours.
"""

import ctypes
import hashlib
import platform
from typing import Literal, TypeAlias

from desktop_agent.paths import resources
from desktop_agent.sandbox.system_calls import call

Filter: TypeAlias = Literal["python", "document", "server", "server-network"]

_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_FILTER, _ALL_THREADS = 1, 1
_INSTRUCTION = 8
SHA_256 = {
    "python-x86_64.bpf": "4ba3e18596532e03781ea1cf30c7f2e00a2ab910162b6b5e4b0a16492ba7051c",
    "document-x86_64.bpf": "c2d15bff508d6537dd884f0aa02f9075d149ce721805034705cf9d60487e6d7b",
    "server-x86_64.bpf": "eb9fdd63fd323d918df496ebeadf0b20dcd63690bd8cbdfd2845d14eb53605f8",
    "server-network-x86_64.bpf": "ae0be11a8b4ea8a2f760624ec9ccc2842a894620bc0c3fc99ec553e8331f8f32",
    "python-aarch64.bpf": "4c296ad8e2532e7d9ef38e8a5feaf4914bbf11291e8084add7a730dc48c77eca",
    "document-aarch64.bpf": "3b3e4ed6f6d5c9d7e7058c4a247a5de14f7cdf9010b2041580962a249b14fc64",
    "server-aarch64.bpf": "27084a3fc48e7acf366caf40981784613f8dc94220f201325bee52263df2e50c",
    "server-network-aarch64.bpf": "8ed27aec16e8d8575884c7d0ebb480ca85d9cf3bac76f8027ac00d823a8eccb5",
}


class WrongFilter(Exception):
    """A filter is missing, or is not the one that this program was made with."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_program(kind: Filter) -> bytes:
    """Return the program for this machine. Raises WrongFilter."""
    name = f"{kind}-{platform.machine()}.bpf"
    try:
        program = (resources() / "sandbox" / name).read_bytes()
    except OSError as error:
        raise WrongFilter(f"there is no filter {name}") from error
    if hashlib.sha256(program).hexdigest() != SHA_256.get(name):
        raise WrongFilter(f"the filter {name} was changed")
    return program


def apply(program: bytes) -> None:
    """Filter all that this process asks of the kernel from now on, in all its threads, for good. Raises OSError."""
    described = _Program(len(program) // _INSTRUCTION, program)
    thread = call(_SECCOMP[platform.machine()], _SET_FILTER, _ALL_THREADS, ctypes.byref(described))
    if thread:
        raise OSError(0, f"the thread {thread} could not be filtered")
