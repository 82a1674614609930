"""What a tool's function returns when plain text does not say it all."""

from dataclasses import dataclass
from typing import Protocol

from desktop_agent.approvals import Preview
from desktop_agent.messages import Json
from desktop_agent.records import UndoCopy


@dataclass(frozen=True)
class Outcome:
    """Text for the model, a figure for the window (see `tools.figure`), and where text from outside comes from."""

    text: str
    figure: Json = None
    source: str = ""


class Change(Protocol):
    """What a tool with the effect "write" returns: nothing has happened yet.

    It is shown to the user, and made only when they agreed to this very change. It may lean on the Scope of its call.
    """

    @property
    def preview(self) -> Preview:
        """What the user is shown."""

    @property
    def folder(self) -> str:
        """The granted folder that it lies in; empty where there is none."""

    @property
    def risk(self) -> str:
        """What is unusual about it, in a sentence; mostly empty. A risky change is asked for every time."""

    @property
    def undo_copy(self) -> UndoCopy:
        """What undoes it, as the change finds things now; it is kept before the change is made."""

    def apply(self) -> str:
        """Make the change, whole or not at all; return what the model reads. Raises UserFacingError, OSError."""
