"""llama.cpp as a C library: its bindings, its log, and a stop that native code sees by itself."""

import ctypes
import os
import sys
import threading
from collections import deque
from typing import Any

_LOG_LINES = 60
_WARNING = 3  # ggml.h: debug 1, info 2, warning 3, error 4
_ERROR = 4

_lock = threading.Lock()
_log: deque[str] = deque(maxlen=_LOG_LINES)
_kept_alive: list[Any] = []


def library() -> Any:
    """Return llama.cpp's bindings; the first call loads and prepares them (about half a second)."""
    # A thread that waits for its neighbour spins for about a millisecond before it sleeps (GCC's OpenMP); when another
    # program wants the cores too, that time is taken from the neighbour: decode ran 4 to 10 times slower. Read once.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    import llama_cpp.llama_cpp as llama

    with _lock:
        if not _kept_alive:
            _collect_log(llama)
            llama.llama_backend_init()
    return llama


def recent_log() -> list[str]:
    """Return llama.cpp's last warnings and errors, oldest first."""
    return list(_log)


def clear_log() -> None:
    """Forget the log, so that `recent_log` tells only of what happens next."""
    _log.clear()


def resume_log() -> None:
    """Take the log again after somebody else had it: there is one for the whole process."""
    library().llama_log_set(_kept_alive[0], ctypes.c_void_p(0))


def _collect_log(llama: Any) -> None:
    """Keep warnings and errors in memory; without this llama.cpp writes everything to stderr."""

    def collect(level: int, text: bytes, _data: object) -> None:
        line = (text or b"").decode(errors="replace").strip()
        if level in {_WARNING, _ERROR} and line:
            _log.append(line)

    callback = llama.llama_log_callback(collect)
    _kept_alive.append(callback)
    llama.llama_log_set(callback, ctypes.c_void_p(0))


class StopFlag:
    """A stop that reaches into a running `llama_decode`, whose callbacks no Python event can answer fast enough.

    llama.cpp asks its abort callback at every node of the graph, from the computing thread. A Python function there
    would fight for the interpreter lock each time, so C's own `strlen` over two bytes of ours answers: 0 while they are
    empty, 1 as soon as one is set.
    """

    def __init__(self, event: threading.Event) -> None:
        self._event = event
        self._bytes = ctypes.create_string_buffer(2)

    def set(self) -> None:
        """Stop the work; may be called from any thread."""
        self._bytes[0] = b"\x01"

    def poll(self) -> bool:
        """Stop the work if the event is set; return whether the work shall stop."""
        if self._event.is_set():
            self.set()
        return self._bytes[0] != b"\0"

    def attach(self, context: Any) -> None:
        """Let this flag stop what `context` computes; the flag must live as long as it is attached."""
        llama = library()
        callback = ctypes.cast(_strlen(), llama.ggml_abort_callback)
        llama.llama_set_abort_callback(context, callback, ctypes.cast(self._bytes, ctypes.c_void_p))


def _strlen() -> Any:
    runtime = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    return runtime.strlen
