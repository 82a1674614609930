"""How memories are spoken of: where they come from, when, and until when they hold."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from desktop_agent.messages import SavedMemory
from desktop_agent.ui.recalled import untitled
from desktop_agent.visible import visible

translate = QCoreApplication.translate


def origins() -> dict[str, str]:
    """Return how the origins of saved memories are called."""
    return {
        "said": translate("memory_words", "Said in a chat"),
        "suggested": translate("memory_words", "Suggested"),
        "written": translate("memory_words", "Written by you"),
    }


def chat_title(title: str) -> str:
    """Return how a chat is called, in one line."""
    return " ".join(visible(title, kept="").split()) or untitled()


def short(text: str, length: int = 80) -> str:
    """Return a text's beginning in one line."""
    line = " ".join(visible(text, kept="\n\t").split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def is_over(memory: SavedMemory) -> bool:
    """Return whether the last day on which a memory holds has passed."""
    return bool(memory.valid_until) and memory.valid_until < date.today().isoformat()
