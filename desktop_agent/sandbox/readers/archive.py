"""ZIP archives as hostile input: nothing is unpacked to disk, neither list nor contents may outgrow a limit."""

import io
import posixpath
import zipfile
from typing import IO, BinaryIO

from desktop_agent.errors import UserFacingError

MOST_UNPACKED = 256 << 20
"""Bytes that all the entries read from one archive may have together."""
_LONGEST_READ = 2 << 20
"""zipfile reads the list of entries at once: this many bytes name some 20,000."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class Archive:
    """The entries of a ZIP file by name. Raises UserFacingError for what has no business in a document."""

    def __init__(self, file: BinaryIO) -> None:
        self._unpacked = 0
        self._zip = zipfile.ZipFile(io.BufferedReader(_Limited(file)))
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        _refuse_overlaps(self._zip.infolist())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def open(self, name: str) -> BinaryIO:
        """Return an entry as a stream. Raises UserFacingError when there is none, or when it is locked."""
        entry = self._entries.get(name)
        if entry is None:
            raise UserFacingError(f"The document is incomplete: it has no '{name}'.")
        if entry.flag_bits & _ENCRYPTED:
            raise locked()
        if entry.compress_type not in _METHODS:
            raise UserFacingError("The document is packed in a way that documents never are, so it is not read.")
        return io.BufferedReader(_Counted(self, self._zip.open(entry)))

    def read(self, name: str, limit: int) -> bytes:
        """Return at most `limit` bytes of an entry."""
        with self.open(name) as stream:
            return stream.read(limit)

    def count(self, size: int) -> None:
        """Add to what was unpacked. Raises UserFacingError when that is too much."""
        self._unpacked += size
        if self._unpacked > MOST_UNPACKED:
            raise UserFacingError(
                f"The document unpacks to more than {MOST_UNPACKED >> 20} MB, so it was not read to the end.",
                "A file that is small and unpacks to so much is mostly made to do harm.",
            )


def locked() -> UserFacingError:
    """Return the fault of a document that needs a password."""
    return UserFacingError("The document is protected with a password.", "Save a copy without a password to read it.")


def target(base: str, path: str) -> str:
    """Return the entry that a link inside the entry `base` leads to; it can only ever name an entry."""
    if path.startswith("/"):
        return path.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


class _Limited(io.RawIOBase):
    """A file of which no more than a little is ever read at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if len(buffer) > _LONGEST_READ:
            raise UserFacingError("The document is an archive with more entries than any document has.")
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Counted(io.RawIOBase):
    """An entry whose unpacked bytes are counted."""

    def __init__(self, archive: Archive, stream: IO[bytes]) -> None:
        self._archive = archive
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._archive.count(len(data))
        buffer[: len(data)] = data
        return len(data)


def _refuse_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes, as in a bomb that unpacks one block a thousand times (Fifield, WOOT 2019)."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise UserFacingError("The document is an archive whose entries overlap, so it is not read.")
        end = entry.header_offset + entry.compress_size
