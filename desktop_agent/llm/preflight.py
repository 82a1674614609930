"""Tries a model file from elsewhere in a throw-away process: native code that falls over there takes nothing along."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

from desktop_agent.errors import Cancelled, UserFacingError

_LOOK_SECONDS = 0.1
"""How often a waiting parent looks whether the user has stopped."""
_LEAST_SECONDS, _BYTES_PER_SECOND = 60.0, 20e6
"""The time limit: a slow disk reads a file at least so fast."""
_MEMORY = 3 << 30
"""Bytes that the process may take beside the file: vocabulary, a small context, and what computing takes."""
ANOTHER_FILE = "Choose another file of this model, or another model."


def preflight(path: Path, cancel: threading.Event | None = None, *, memory: int = _MEMORY, seconds: float = 0) -> None:
    """Open the file in another process, load it, and compute a few tokens there.

    The caller has read its head before (`models.gguf_file.read_head`) and knows that it fits into memory. `memory` is
    what the process may take beside the file; `seconds` 0 goes by the file's size. Raises UserFacingError when the
    file cannot be used, also when the process crashed or took too long; Cancelled soon after `cancel` is set.
    """
    limit = seconds or _LEAST_SECONDS + path.stat().st_size / _BYTES_PER_SECOND
    code, told = _run([str(path), str(memory), str(int(limit) + 1)], limit, path, cancel or threading.Event())
    if code == 0:
        return
    failure = _failure(told)
    raise failure or UserFacingError(
        f"{path.name} crashed the engine when it was tried; it is not loaded.", ANOTHER_FILE
    )


def _run(arguments: list[str], limit: float, path: Path, cancel: threading.Event) -> tuple[int, str]:
    command = [sys.executable, "-P", "-m", "desktop_agent.llm.preflight_child", *arguments]
    deadline = monotonic() + limit
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GGML_NO_BACKTRACE": "1"},  # a crash takes a second longer with a debugger looking at it
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as child:
        try:
            while True:
                if cancel.is_set():
                    raise Cancelled
                if monotonic() > deadline:
                    message = f"{path.name} took longer than {limit:.0f} seconds when it was tried; it is not loaded."
                    raise UserFacingError(message, ANOTHER_FILE)
                try:
                    told, _ = child.communicate(timeout=_LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
                return child.returncode, told.decode(errors="replace")
        finally:
            child.kill()


def _failure(told: str) -> UserFacingError | None:
    """Return what the process said about the file in its last line, None when it died before it could."""
    try:
        message, hint = json.loads((told.splitlines() or [""])[-1])
    except (ValueError, TypeError):
        return None
    return UserFacingError(str(message), str(hint))
