"""The `desktop-agent` command: arguments in, exit code out."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO, cast

from desktop_agent import __version__
from desktop_agent.cli import ask, audit, backup, chat, doctor, key, mcp, memory, models, notes, reminders, start, undo
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.library import ModelMissing

ANSWERED, USAGE, NO_MODEL, STOPPED, FAILED = 0, 2, 3, 4, 5

_log = logging.getLogger(__name__)

Command = Callable[[argparse.Namespace], int]


def parser(window: Callable[[], int]) -> argparse.ArgumentParser:
    """Return the parser of all commands; without one it opens the window."""
    top = argparse.ArgumentParser(
        prog="desktop-agent",
        description="A private assistant on your own computer. Without a command it opens the window.",
        epilog="Exit codes: 0 answered, 2 usage, 3 no model, 4 stopped, 5 failed.",
    )
    top.add_argument("--version", action="version", version=f"desktop-agent {__version__}")
    top.set_defaults(run=start.run, window=window)
    commands = top.add_subparsers(title="commands", metavar="")
    for room in (ask, chat, memory, notes, reminders, audit, undo, mcp, backup, models, key, doctor):
        room.register(commands)
    return top


def run(arguments: Sequence[str], window: Callable[[], int]) -> int:
    """Run one command and return its exit code; every fault the user can mend is one sentence on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a character gets its number
            stream.reconfigure(errors="backslashreplace")
    chosen = parser(window).parse_args(arguments)
    try:
        return cast(Command, chosen.run)(chosen)
    except BrokenPipeError:
        _silence(sys.stdout)
        return STOPPED
    except (KeyboardInterrupt, Cancelled):
        print("Stopped.", file=sys.stderr)
        return STOPPED
    except ModelMissing as error:
        print(error, file=sys.stderr)
        return NO_MODEL
    except UserFacingError as error:
        print(error, file=sys.stderr)
        return FAILED
    except Exception:  # noqa: BLE001 -- logged with all there is to know
        _log.exception("Something went wrong inside the program.")
        return FAILED


def _silence(stream: TextIO) -> None:
    """Let what is still to be written go nowhere: its reader is gone, and Python would complain when it ends."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
