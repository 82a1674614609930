"""Where a passphrase comes from, and whether somebody would see a question."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from desktop_agent.errors import UserFacingError

Ask: TypeAlias = Callable[[], str]
"""Asks the user for the passphrase and returns it."""

PASSPHRASE_FILE = "DESKTOP_AGENT_PASSPHRASE_FILE"  # noqa: S105 -- the name of a variable


class PassphraseNeeded(UserFacingError):
    """The key opens with a passphrase, and nobody can be asked."""


def asker(passphrase: Ask | None) -> Ask:
    """Return what gets the passphrase: from the file that the environment names, else from the user, else an error."""
    file = os.environ.get(PASSPHRASE_FILE)
    if file:
        return lambda: _first_line(Path(file))
    return passphrase or _nobody


def dialog_would_be_seen() -> bool:
    """Return whether the system may open a dialog: there is a screen, and this is not a step in a pipe."""
    if sys.platform in {"darwin", "win32"}:
        return True
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and not _input_is_piped()


def _input_is_piped() -> bool:
    try:
        mode = os.fstat(0).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def _first_line(file: Path) -> str:
    try:
        return file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
    except (OSError, ValueError) as error:
        raise UserFacingError(
            f"The passphrase cannot be read from {file}: {error}.", f"{PASSPHRASE_FILE} names that file."
        ) from error


def _nobody() -> str:
    raise PassphraseNeeded(
        "Your conversations open with a passphrase, and nobody can be asked for it here.",
        f"Run this in a terminal, or let {PASSPHRASE_FILE} name a file that holds the passphrase.",
    )
