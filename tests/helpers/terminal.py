"""A person at a terminal: waits for what the program asks, and types."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

SECONDS = 60.0
Answer: TypeAlias = str | Callable[[str], str]
"""What is typed, or what makes it of all that was shown so far."""


def at_a_terminal(command: Sequence[str], dialogue: Sequence[tuple[str, Answer]]) -> tuple[int, str]:
    """Run the command in a terminal of its own; return its exit code and all that the terminal showed.

    Each pair of the dialogue is a text to wait for and what is typed then, or what makes it of all that was shown.
    """
    master, slave = pty.openpty()
    try:
        with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True) as program:
            os.close(slave)
            shown = ""
            for question, answer in dialogue:
                shown += _until(master, question)
                os.write(master, (answer if isinstance(answer, str) else answer(shown)).encode())
            shown += _until(master, None)
        return program.returncode, shown
    finally:
        os.close(master)


def _until(master: int, text: str | None) -> str:
    """Return what is shown up to the text, or up to the program's end."""
    shown, deadline = "", time.monotonic() + SECONDS
    while text is None or text not in shown:
        if not select.select([master], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError(f"waited for {text!r}, saw {shown!r}")
        try:
            more = os.read(master, 4096)
        except OSError:  # the program closed its end
            more = b""
        if not more:
            assert text is None, f"waited for {text!r}, saw {shown!r}"
            break
        shown += more.decode()
    return shown
