"""Builds CPython as a WebAssembly component from the sources beside this file, unless it is there already.

    python packaging/sandbox/build.py

Takes about a minute, once; what it needs for that is installed into an environment that is thrown away. The component
lies with the models, and beside it the hashes it is pinned by.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from filelock import FileLock

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.sandbox import component

HERE = Path(__file__).parent
PROGRAMS = "Scripts" if os.name == "nt" else "bin"


def main() -> int:
    """Build what is missing; return the exit status."""
    folder = Paths.from_environment().python_sandbox
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            _make(folder)
    except (UserFacingError, OSError, subprocess.CalledProcessError) as error:
        _say(f"The Python sandbox could not be built: {error}")
        return 1
    return 0


def _make(folder: Path) -> None:
    sources = _sources()
    try:
        if component.verify(folder).sources != sources:
            _rebuild(folder, sources)
    except component.ComponentMissing:
        _rebuild(folder, sources)
    try:
        component.load(folder, component.engine())
    except component.NotCompiled:
        _say("Preparing the Python sandbox for this computer.")
        component.compile_here(folder)


def _sources() -> str:
    """Return the hash of everything that the component is made of."""
    total = hashlib.sha256()
    for path in sorted(
        [
            *HERE.glob("guest/**/*.py"),
            HERE / "build-requirements.txt",
            HERE / "guest-requirements.txt",
            HERE / "sandbox.wit",
        ]
    ):
        total.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _rebuild(folder: Path, sources: str) -> None:
    _say(f"Building the Python sandbox into {folder}. This takes about a minute, once.")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        venv.create(place / "venv", with_pip=True)
        programs, libraries, made = place / "venv" / PROGRAMS, place / "libraries", place / component.WASM
        pip = (programs / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
        _run(*pip, "-r", HERE / "build-requirements.txt")
        _run(*pip, "--no-deps", "--target", libraries, "-r", HERE / "guest-requirements.txt")
        world = ("-d", HERE / "sandbox.wit", "-w", "sandbox")
        parts = ("-p", HERE / "guest", "-p", libraries, "app")
        _run(programs / "componentize-py", "-q", *world, "componentize", *parts, "-o", made)
        component.keep(folder, made.read_bytes(), sources)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
