"""A tool that changes something, small enough to see everything that becomes of it."""

from dataclasses import dataclass, field

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.tool import tool


@dataclass
class Board:
    """What is pinned, and what others pinned: a change that was shown holds only while that stays as it is."""

    texts: list[str] = field(default_factory=list)
    others: str = ""
    fault: Exception | None = None
    risk: str = ""


@dataclass(frozen=True)
class Pinned:
    """Implements Change."""

    text: str
    folder: str = ""
    risk: str = ""
    before: bytes | None = None
    board: Board = field(default_factory=Board)

    @property
    def preview(self) -> Preview:
        return Preview("note", self.text, text=f"+{self.text}", added=1)

    @property
    def undo_copy(self) -> UndoCopy:
        return UndoCopy("note", self.text, before=self.before)

    def apply(self) -> str:
        if self.board.fault:
            raise self.board.fault
        self.board.texts.append(self.text)
        return f"Pinned {self.text}."


@tool("write", group="board")
def pin(board: Board, text: str) -> Change:
    """Pin a text to the board."""
    if text in board.texts:
        raise UserFacingError(f"'{text}' is there, beside: {', '.join(board.texts)}.")
    return Pinned(text, risk=board.risk, before=board.others.encode(), board=board)


@tool("act", group="mcp:post")
def send(board: Board, text: str) -> str:
    """Send a text to somebody."""
    board.texts.append(f"sent {text}")
    return "Sent."


@tool("read", group="board")
def look(board: Board) -> str:
    """Look at the board."""
    return "\n".join(board.texts)


@tool("write", group="board")
def blurt(board: Board, text: str) -> str:
    """Write at once, as no tool may."""
    return text


@tool("compute", group="board")
def count(board: Board) -> str:
    """Count the texts."""
    return str(len(board.texts))
