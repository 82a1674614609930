"""The folder of an index: whether it is as it was left, what wrote it, how it is removed."""

import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

SERVING = "serving"
OWING = "owing"
_SEAL = "closed-cleanly"
_CHROMA = "chromadb-version"
_OURS = {SERVING, OWING, _SEAL, _CHROMA}
_PROBE_SECONDS = 120
_TRIAL_BYTES = 1 << 20
_CHUNK = 1 << 20


class Seal:
    """A file with the checksums of all others, there while no process has the index open.

    Chroma reads damaged files without a word, answers wrongly, or kills the process; so what is not exactly as it was
    closed is never opened here. About 0.2 s for 100,000 vectors.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _SEAL
        self._folder = folder
        try:
            data = json.loads(self._path.read_bytes())
            self._files = {str(name): int(check) for name, check in data["files"].items()}
            self.there = True
        except FileNotFoundError:
            self._files, self.there = {}, False
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._files, self.there = {"": 0}, True

    def holds(self) -> bool:
        """Return whether every file is as it was."""
        try:
            return self._files == {name: _checksum(self._folder / name) for name in self._files}
        except OSError:
            return False

    def take(self) -> None:
        """Remove it, before anything is changed; raises OSError."""
        self._path.unlink(missing_ok=True)

    @staticmethod
    def put(folder: Path) -> None:
        """Note how the files are; without room for that, the next opening looks closer."""
        with suppress(OSError):
            files = (path for path in folder.rglob("*") if path.is_file() and path.name not in _OURS)
            sums = {path.relative_to(folder).as_posix(): _checksum(path) for path in files}
            (folder / _SEAL).write_text(json.dumps({"files": sums}))


def survives(folder: Path) -> bool:
    """Return whether another process can open the index and read all of it; a damaged one may kill that process."""
    command = [sys.executable, "-P", "-m", "desktop_agent.memory.probe", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, timeout=_PROBE_SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def check_version(folder: Path) -> None:
    """Keep a copy before a newer chromadb opens the index for the first time, since there is no way back.

    The copy goes when the newer one has closed the index in order and is about to open it again; it is what an older
    program goes on with. Without room there is no copy: the index can be built again from the database.
    """
    was, now = version_of(folder), version("chromadb")
    if was == now and (folder / _SEAL).exists():
        _remove_copies(folder)
    elif was and _numbers(was) < _numbers(now):
        _keep_copy(folder, now)
    elif was and _numbers(was) > _numbers(now):
        _go_back(folder)


def version_of(folder: Path) -> str:
    """Return which chromadb had the index open last, empty when that is not known."""
    try:
        return (folder / _CHROMA).read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def note_version(folder: Path) -> None:
    """Note that this chromadb has it open; raises OSError."""
    (folder / _CHROMA).write_text(version("chromadb"))


def owe(folder: Path) -> None:
    """Note that the folder holds bytes of what was forgotten; copies of it are removed at once. Raises OSError."""
    (folder / OWING).touch()
    _remove_copies(folder)


def copies(folder: Path) -> list[Path]:
    """Return what is kept from before a newer chromadb."""
    return [path for path in folder.parent.glob("before-*") if path.name.endswith(f"-{folder.name}")]


def make_writable(folder: Path) -> None:
    """Undo a removal of the permission to write, where this account may."""
    paths = [folder, *folder.rglob("*")] if folder.is_dir() else []
    for path in paths:
        if not os.access(path, os.W_OK):
            with suppress(OSError):
                path.chmod(0o700 if path.is_dir() else 0o600)


def try_writing(folder: Path) -> None:
    """Raise OSError when files cannot be written in a folder, or when there is no room."""
    trial = folder / "trial"
    try:
        with trial.open("wb") as file:
            file.write(bytes(_TRIAL_BYTES))
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Remove an index; it is moved away first, so that no half of it is ever opened."""
    _remove_copies(folder)
    aside = folder.with_name(f"{folder.name}.damaged")
    remove(aside)
    with suppress(OSError):
        folder.rename(aside)
    remove(aside)


def remove(path: Path) -> None:
    """Remove a file or folder as far as possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _checksum(path: Path) -> int:
    check = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            check = zlib.crc32(chunk, check)
    return check


def _keep_copy(folder: Path, now: str) -> None:
    _remove_copies(folder)
    copy = folder.with_name(f"before-{now}-{folder.name}")
    part = folder.with_name(f"{copy.name}.part")
    remove(part)
    try:
        shutil.copytree(folder, part)
        part.rename(copy)
    except OSError:
        remove(part)


def _go_back(folder: Path) -> None:
    """Use the copy of an older chromadb; without one, let the probe decide whether this one can read the newer's."""
    usable = [copy for copy in copies(folder) if _numbers(version_of(copy)) <= _numbers(version("chromadb"))]
    if usable:
        aside = folder.with_name(f"{folder.name}.damaged")
        remove(aside)
        folder.rename(aside)
        usable[-1].rename(folder)
        remove(aside)
    else:
        Seal(folder).take()


def _remove_copies(folder: Path) -> None:
    for copy in copies(folder):
        remove(copy)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]
