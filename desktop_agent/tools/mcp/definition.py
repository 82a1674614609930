"""What a user says of a server, looked at before it is kept."""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.records import McpServer
from desktop_agent.sandbox import runtimes
from desktop_agent.tools.mcp import installing
from desktop_agent.tools.shown import shown

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""No underscore: a tool is called by its server's name, an underscore and its own, and no two may be called alike."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def checked(server: McpServer, grantable: Callable[[str], Path], programs: Path, cancel: threading.Event) -> McpServer:
    """Return the server with full paths, after installing into `programs` what npx or uvx would fetch.

    `grantable` returns a folder's true path, or raises for one with secrets. Raises UserFacingError for what cannot be:
    a name, a variable, a folder, a program that is not there; Cancelled.
    """
    if not NAME.fullmatch(server.name):
        what = f"'{shown(server.name, 60)}' cannot be a server's name."
        raise UserFacingError(what, "Use small letters, digits and hyphens, a letter first.")
    _check_variables((*(name for name, _ in server.environment), *server.secrets))
    writable = {str(grantable(folder)) for folder in server.writable}
    folders = writable | {str(grantable(folder)) for folder in server.folders}
    command = tuple(map(_whole, server.command))
    if package := installing.wanted(command):
        command = installing.install(package, programs / server.name, cancel)
    runtimes.find(command)
    return replace(server, command=command, folders=tuple(sorted(folders)), writable=tuple(sorted(writable)))


def out_of_sight(server: McpServer) -> tuple[str, ...]:
    """Return the folders that the command names and the server may not see: mostly one that was forgotten."""
    seen = [Path(folder) for folder in server.folders]
    named = (Path(word) for word in server.command[1:] if word.startswith("/"))
    return tuple(str(path) for path in named if path.is_dir() and not any(map(path.resolve().is_relative_to, seen)))


def _check_variables(names: Iterable[str]) -> None:
    for name in names:
        if not _VARIABLE.fullmatch(name):
            what = f"'{shown(name, 60)}' cannot be the name of a value."
            raise UserFacingError(what, "Use letters, digits and underscores.")


def _whole(word: str) -> str:
    """Return a path in full where the word is one of something that is there."""
    if "\0" in word:
        raise UserFacingError("A command cannot hold a NUL character.")
    path = Path(word).expanduser() if word.startswith("~/") else Path(word)
    return str(path.absolute()) if "/" in word and not path.is_absolute() and path.exists() else str(path)
