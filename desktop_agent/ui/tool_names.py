"""Tools and their arguments as people read them; nothing in them can hide."""

import json

from PySide6.QtCore import QCoreApplication

from desktop_agent.messages import Json, ToolCall
from desktop_agent.visible import visible

ICONS = {"read_file": "file", "list_files": "list", "current_time": "clock"}
LONGEST_VALUE = 600


def icon(tool: str) -> str:
    """Return the name of the tool's icon."""
    return ICONS.get(tool, "tool")


def title(tool: str) -> str:
    """Return what the tool does, in words."""
    names = {
        "read_file": QCoreApplication.translate("tools", "Read file"),
        "list_files": QCoreApplication.translate("tools", "List files"),
        "current_time": QCoreApplication.translate("tools", "Look at the clock"),
    }
    return names.get(tool) or visible(tool, kept="")


def rows(call: ToolCall) -> list[tuple[str, str]]:
    """Return the arguments as name and value; every control or invisible character is written out."""
    return [(visible(str(name), kept=""), _value(value)) for name, value in call.arguments.items()]


def _value(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = visible(text, kept="")
    if len(shown) <= LONGEST_VALUE:
        return shown
    more = QCoreApplication.translate("tools", "… and {count} more characters")
    return shown[:LONGEST_VALUE] + more.format(count=len(shown) - LONGEST_VALUE)
