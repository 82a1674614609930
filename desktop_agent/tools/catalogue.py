"""The tools that come with the program: all that the modules of `tools.builtin` define."""

import pkgutil
from functools import cache
from importlib import import_module

from desktop_agent.tools import builtin
from desktop_agent.tools.tool import Tool


@cache
def built_in_tools() -> tuple[Tool, ...]:
    """Return the tools by name, always in the same order: it is part of every prompt's stable beginning."""
    names = (found.name for found in pkgutil.iter_modules(builtin.__path__, f"{builtin.__name__}."))
    modules = (vars(import_module(name)).values() for name in names)
    found = {value.name: value for values in modules for value in values if isinstance(value, Tool)}
    return tuple(found[name] for name in sorted(found))
