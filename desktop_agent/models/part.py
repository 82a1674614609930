"""The unfinished file of a download. It is the truth about how far the download is, also after kill -9."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from desktop_agent.models.transfer import read_chunks

SYNC_BYTES = 64 << 20
"""How much may wait in the page cache, which survives the program's end but no power cut."""


class Part:
    """Grows at its end and knows its SHA-256. What arrives a second time is compared with what is here.

    `checking` is told how many bytes of it were read while the SHA-256 is made. Used as a context manager.
    """

    def __init__(self, path: Path, checking: Callable[[int], None]) -> None:
        self._path, self._checking = path, checking
        self._file = path.open("ab+")
        try:
            self._read()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def sha256(self) -> str:
        """The checksum of what is here, in hex digits."""
        return self._digest.hexdigest()

    def put(self, position: int, data: bytes) -> None:
        """Add what is not here yet; from where the file differs on, it is written anew."""
        if position < self.size:
            position, data = self._beyond(position, data)
        if data:
            self._append(data)

    def cut(self, size: int) -> None:
        """Keep the first `size` bytes."""
        self._file.truncate(size)
        self._read()

    def sync(self) -> None:
        """Wait until the disk has it."""
        os.fsync(self._file.fileno())
        self._synced = self.size

    def _read(self) -> None:
        self._digest, self.size = hashlib.sha256(), 0
        for chunk in read_chunks(self._path):
            self._digest.update(chunk)
            self.size += len(chunk)
            self._checking(self.size)
        self._synced = self.size

    def _beyond(self, position: int, data: bytes) -> tuple[int, bytes]:
        self._file.seek(position)
        here = self._file.read(min(len(data), self.size - position))
        if data.startswith(here):
            return self.size, data[len(here) :]
        self.cut(position)
        return position, data

    def _append(self, data: bytes) -> None:
        self._file.write(data)
        self._file.flush()  # bytes in this program's own buffer would not survive it
        self._digest.update(data)
        self.size += len(data)
        if self.size - self._synced >= SYNC_BYTES:
            self.sync()


@dataclass(frozen=True)
class Mark:
    """Which version of a file the unfinished one is of, as its server names it (RFC 9110, 8.8.3: a strong ETag)."""

    path: Path

    def read(self, url: str) -> str:
        """Return the ETag that was kept for this address, or nothing."""
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            return str(kept["etag"]) if kept["url"] == url else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def keep(self, url: str, etag: str) -> None:
        """Keep the ETag of what is fetched from this address; an empty one says that nobody knows."""
        if not etag:
            self.path.unlink(missing_ok=True)
        elif etag != self.read(url):
            self.path.write_text(json.dumps({"url": url, "etag": etag}), "utf-8")
