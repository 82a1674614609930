"""What a program that is not ours needs of this computer to run: its interpreter and its own folder, and no more.

A home folder is full of interpreters (nvm, pyenv, uv, pipx) and of programs installed for one user. Each is found by
following the links and the first lines of scripts, and only the folders that hold it are named, never the home itself.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import (
    user_desktop_path,
    user_documents_path,
    user_downloads_path,
    user_music_path,
    user_pictures_path,
    user_videos_path,
)

from desktop_agent.errors import UserFacingError

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_INTERPRETERS = re.compile(r"(python|pypy|node|nodejs|deno|bun|ruby|perl|java)[\d.]*$")
_FETCHERS = (
    *("npx", "npm", "pnpm", "yarn", "bunx", "corepack"),
    *("uvx", "uv", "pipx", "pip", "conda", "docker", "podman", "flatpak", "snap"),
)
_NO_SCRIPT = ("-m", "-c", "-e", "--eval", "-p", "-")
_PROJECT = ("package.json", "pyproject.toml", "setup.py", "deno.json")
_LEVELS = 4
"""How far above a script its project may begin: further up lies what else somebody works on."""
_HOPS = 8
_SETTINGS = (".config", ".local", ".local/share", ".cache", ".ssh", ".gnupg", ".aws", ".kube", ".docker")


@dataclass
class Runtime:
    """A command whose program is an absolute path; the files and folders it is made of; and where it finds others."""

    command: tuple[str, ...]
    parts: list[Path] = field(default_factory=list)

    @property
    def search(self) -> str:
        """The value of PATH."""
        own = dict.fromkeys(str(part) for part in self.parts if part.name == "bin")
        return ":".join([*own, SYSTEM_PATH])


def find(command: tuple[str, ...]) -> Runtime:
    """Return what a command needs. Raises UserFacingError when it is not there, or fetches programs as it runs."""
    if not command:
        raise UserFacingError("There is no command.", "Name the program that is the server.")
    program = _program(command[0])
    _refuse_fetcher(program)
    runtime = Runtime((str(program), *command[1:]))
    _add_program(runtime, program)
    if _INTERPRETERS.match(program.name) and (script := _script(command[1:])):
        _add_script(runtime, script)
    runtime.parts = list(dict.fromkeys(runtime.parts))
    return runtime


def _program(name: str) -> Path:
    expanded = os.path.expanduser(name)  # noqa: PTH111 -- a bare name must stay one
    found = shutil.which(expanded)
    if found is None:
        raise UserFacingError(f"There is no program '{name}' on this computer.", "Install it, or name its full path.")
    return Path(os.path.abspath(found))  # noqa: PTH100 -- the links are what tells a virtual environment


def _refuse_fetcher(program: Path) -> None:
    if program.name in _FETCHERS:
        what = f"'{program.name}' fetches or starts other programs, out of reach of what confines a server."
        raise UserFacingError(what, "Name the program itself; or npx or uvx and a package, to have it installed.")


def _add_program(runtime: Runtime, program: Path, hops: int = _HOPS) -> None:
    """Add the folders of a program, of what its links lead to, and of the interpreter that its first line names."""
    for step in _links(program):
        _add_prefix(runtime, step)
    real = Path(os.path.realpath(program))
    if "node_modules" in real.parts:
        _add_script(runtime, real)
    if hops and (interpreter := _first_line(real)):
        _add_program(runtime, interpreter, hops - 1)


def _add_prefix(runtime: Runtime, program: Path) -> None:
    """Add PREFIX/bin and PREFIX/lib of PREFIX/bin/program, a virtual environment whole, else the file alone."""
    prefix = program.parent.parent
    if (prefix / "pyvenv.cfg").is_file():
        runtime.parts += [prefix, program.parent]
        for step in _links(program.parent / "python"):
            if not step.is_relative_to(prefix):
                _add_prefix(runtime, step)
    elif program.parent.name == "bin" and not is_personal(prefix):
        runtime.parts += [folder for folder in (program.parent, prefix / "lib", prefix / "lib64") if folder.is_dir()]
    else:
        runtime.parts.append(program)


def _add_script(runtime: Runtime, script: Path) -> None:
    """Add the folder of a program that an interpreter runs: its packages, else its project, else where it lies."""
    real = Path(os.path.realpath(script))
    if "node_modules" in real.parts:
        runtime.parts.append(Path(*real.parts[: real.parts.index("node_modules") + 1]))
        return
    inside = [folder for folder in real.parents if not _holds_other_things(folder)][:_LEVELS]
    project = next((folder for folder in inside if any((folder / name).exists() for name in _PROJECT)), None)
    runtime.parts.append(project or (real.parent if real.parent in inside else real))
    if script != real:
        runtime.parts.append(script)


def is_personal(folder: Path) -> bool:
    """Return whether a folder holds somebody's whole home, or more."""
    home = Path(os.path.realpath(Path.home()))
    return folder in (home, *home.parents) or folder.parent in (Path("/home"), Path("/Users"))


def _holds_other_things(folder: Path) -> bool:
    """Return whether a folder is for more than a program that lies in it: a home, documents, everyone's settings."""
    home = Path.home()
    kinds = (user_desktop_path, user_documents_path, user_downloads_path, user_music_path, user_pictures_path)
    shared = (*(path() for path in (*kinds, user_videos_path)), *(home / name for name in _SETTINGS))
    return is_personal(folder) or folder in {Path(os.path.realpath(path)) for path in shared}


def _links(program: Path) -> Iterator[Path]:
    """Yield a program's path and those that its links lead to."""
    for _ in range(_HOPS):
        yield program
        if not program.is_symlink():
            break
        program = Path(os.path.normpath(program.parent / program.readlink()))
    yield Path(os.path.realpath(program))


def _first_line(program: Path) -> Path | None:
    """Return the interpreter that a script names. Raises UserFacingError when it is not there."""
    try:
        with program.open("rb") as file:
            line = file.readline(512).decode("utf-8", "replace") if file.read(2) == b"#!" else ""
    except OSError:
        return None
    words = line.split()
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return _program(words[0]) if words else None


def _script(arguments: tuple[str, ...]) -> Path | None:
    """Return the file that an interpreter is told to run."""
    for argument in arguments:
        if argument in _NO_SCRIPT:
            return None
        if not argument.startswith("-"):
            path = Path(argument)
            return path if path.is_absolute() and path.is_file() else None
    return None
