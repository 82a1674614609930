"""`desktop-agent` without a command: the window, else the chat in the terminal, else an answer to what is piped in."""

import argparse
import os
import select
import stat
import sys

from desktop_agent.cli import ask, chat, display
from desktop_agent.errors import UserFacingError

TURN = {"text": "-", "model": "", "allow": [], "yes": False, "chat": "", "context": 0, "json": False}
PIPE_SECONDS = 0.3
"""A pipe that says nothing for this long is a launcher's, not a question."""


class WindowUnavailable(UserFacingError):
    """There is no screen, or the libraries that draw on it are missing."""


def run(args: argparse.Namespace) -> int:
    """Choose and return the exit code. `args.window` opens the window."""
    try:
        if not display.exists():
            raise WindowUnavailable("There is no display.")
        if not _is_piped():
            return int(args.window())
    except WindowUnavailable as error:
        print(f"{error} The chat runs in this terminal instead.", file=sys.stderr)
    turn = argparse.Namespace(**TURN)
    return chat.run(turn) if sys.stdin and sys.stdin.isatty() else ask.run(turn)


def _is_piped() -> bool:
    """Return whether a question waits on standard input."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    if stat.S_ISFIFO(mode):
        return bool(select.select([0], [], [], PIPE_SECONDS)[0])
    return stat.S_ISREG(mode)
