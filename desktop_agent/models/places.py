"""Where to look for the files of other programs, and how: never far, never through links to folders."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEEPEST, MOST_FOLDERS, MOST_FILES = 8, 2000, 300
LARGEST_NOTE = 1 << 20
UNFINISHED = ("incomplete", "downloading")
"""How the names of files begin that are still being fetched."""


@dataclass(frozen=True)
class Computer:
    """What decides where programs keep things: the account's home, its environment, the system (`sys.platform`)."""

    home: Path
    environment: Mapping[str, str]
    system: str
    root: Path = Path("/")

    @classmethod
    def this(cls) -> "Computer":
        """Return the computer that the program runs on."""
        return cls(Path.home(), os.environ, sys.platform)

    def folder(self, variable: str) -> Path | None:
        """Return the folder that an environment variable names; None when it names none."""
        value = self.environment.get(variable, "")
        path = Path(value).expanduser() if value and "\0" not in value else Path()
        return path if path.is_absolute() else None

    @property
    def data(self) -> Path:
        """Where programs keep their data: XDG_DATA_HOME, Application Support, or roaming AppData."""
        if self.system == "darwin":
            return self.home / "Library" / "Application Support"
        if self.system == "win32":
            return self.folder("APPDATA") or self.home / "AppData" / "Roaming"
        return self.folder("XDG_DATA_HOME") or self.home / ".local" / "share"

    @property
    def local_data(self) -> Path:
        """Where programs keep large data, which Windows has another folder for."""
        if self.system == "win32":
            return self.folder("LOCALAPPDATA") or self.home / "AppData" / "Local"
        return self.data

    @property
    def settings(self) -> Path:
        """Where programs keep their settings: XDG_CONFIG_HOME where there is one, else where they keep their data."""
        if self.system in ("darwin", "win32"):
            return self.data
        return self.folder("XDG_CONFIG_HOME") or self.home / ".config"


@dataclass(frozen=True)
class Place:
    """A file that may be a model: what its program calls it, its SHA-256 and what is wrong with it, where known."""

    path: Path
    title: str
    sha256: str = ""
    problem: str = ""


def files_in(folder: Path, ending: str = ".gguf") -> Iterator[Path]:
    """Yield the files below `folder` that end so, in order; links to files count, links to folders are not followed.

    Looks into at most MOST_FOLDERS folders, DEEPEST deep, and yields at most MOST_FILES; what cannot be read is passed
    over.
    """
    waiting, folders, files = [(folder, 0)], 0, 0
    while waiting and folders < MOST_FOLDERS:
        at, depth = waiting.pop(0)
        folders += 1
        for entry in _entries(at):
            if entry.is_dir(follow_symlinks=False):
                waiting += [(Path(entry.path), depth + 1)] if depth < DEEPEST else []
            elif entry.name.endswith(ending) and not entry.name.startswith(UNFINISHED) and is_file(Path(entry.path)):
                yield Path(entry.path)
                if (files := files + 1) == MOST_FILES:
                    return


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def is_file(path: Path) -> bool:
    """Return whether there is a file, or a link to one; False where that cannot be found out."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_text(path: Path) -> str:
    """Return what a small file says; nothing when it cannot be read or is not small."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_NOTE:
            return ""
        return path.read_text("utf-8", errors="replace")
    except (OSError, ValueError):
        return ""


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a small JSON file; an empty one when there is none."""
    try:
        data = json.loads(read_text(path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def named_folder(value: object) -> Path | None:
    """Return the folder that a program's settings name; None when they name none."""
    if not isinstance(value, str) or not value or "\0" in value:
        return None
    path = Path(value)
    return path if path.is_absolute() else None
