"""Tools and their arguments as people read them; nothing in them can hide."""

import json
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop_agent.messages import Json, ToolCall
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.tool import Tool
from desktop_agent.visible import visible

LINES = 3
"""A value of so many lines is shown with its lines; in a shorter one a line break is written out."""

TITLES = (
    QT_TRANSLATE_NOOP("tools", "Ask you"),
    QT_TRANSLATE_NOOP("tools", "Change note"),
    QT_TRANSLATE_NOOP("tools", "Delete file"),
    QT_TRANSLATE_NOOP("tools", "Delete note"),
    QT_TRANSLATE_NOOP("tools", "Edit file"),
    QT_TRANSLATE_NOOP("tools", "Finish reminder"),
    QT_TRANSLATE_NOOP("tools", "List files"),
    QT_TRANSLATE_NOOP("tools", "Look at reminders"),
    QT_TRANSLATE_NOOP("tools", "Look at the clock"),
    QT_TRANSLATE_NOOP("tools", "Look at this computer"),
    QT_TRANSLATE_NOOP("tools", "Move file"),
    QT_TRANSLATE_NOOP("tools", "Read clipboard"),
    QT_TRANSLATE_NOOP("tools", "Read document"),
    QT_TRANSLATE_NOOP("tools", "Read file"),
    QT_TRANSLATE_NOOP("tools", "Read notes"),
    QT_TRANSLATE_NOOP("tools", "Run Python"),
    QT_TRANSLATE_NOOP("tools", "Search files"),
    QT_TRANSLATE_NOOP("tools", "Set reminder"),
    QT_TRANSLATE_NOOP("tools", "Write file"),
    QT_TRANSLATE_NOOP("tools", "Write note"),
    QT_TRANSLATE_NOOP("tools", "Calculate"),
)
"""What the tools of the program are called; they name themselves, and are listed here for the translators."""
GROUPS = {
    "basics": QT_TRANSLATE_NOOP("tools", "Basics"),
    "files": QT_TRANSLATE_NOOP("tools", "Files"),
    "documents": QT_TRANSLATE_NOOP("tools", "Documents"),
    "python": QT_TRANSLATE_NOOP("tools", "Calculations in Python"),
    "notes": QT_TRANSLATE_NOOP("tools", "Notes"),
    "reminders": QT_TRANSLATE_NOOP("tools", "Reminders"),
    "computer": QT_TRANSLATE_NOOP("tools", "This computer"),
}
"""What the groups of tools are called."""


def icon(tool: str) -> str:
    """Return the name of the tool's icon."""
    known = _built_in().get(tool)
    return known.icon if known else "tool"


def title(tool: str) -> str:
    """Return what the tool does, in words."""
    known = _built_in().get(tool)
    return QCoreApplication.translate("tools", known.title) if known else visible(tool, kept="")


def is_built_in(tool: str) -> bool:
    """Return whether a tool comes with the program."""
    return tool in _built_in()


def group_title(name: str, fallback: str) -> str:
    """Return what a group of tools is called."""
    return QCoreApplication.translate("tools", GROUPS[name]) if name in GROUPS else visible(fallback, kept="")


def rows(call: ToolCall) -> list[tuple[str, str]]:
    """Return the arguments as name and value; every control or invisible character is written out."""
    return [(visible(str(name), kept=""), value_text(value)) for name, value in call.arguments.items()]


def value_text(value: Json) -> str:
    """Return a value with nothing hidden in it; a text of several lines keeps them."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(text, kept="\n\t" if text.count("\n") >= LINES - 1 else "")


def summary(call: ToolCall) -> str:
    """Return the first argument in one line."""
    return next((" ".join(value.split()) for _, value in rows(call)), "")


@cache
def _built_in() -> dict[str, Tool]:
    return {tool.name: tool for tool in built_in_tools()}
