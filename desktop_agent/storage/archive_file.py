"""The archive's file: a ZIP of JSON lines inside an age file, so that everybody can open it with other tools as well.

It is written and read as a stream. Nothing readable touches the disk.
"""

import io
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from desktop_agent import __version__, durable
from desktop_agent.errors import UserFacingError
from desktop_agent.storage import age
from desktop_agent.storage.clock import now

Row: TypeAlias = dict[str, Any]
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many rows of how many are done; what it raises ends the work, with nothing changed."""

FORMAT, VERSION = "desktop-agent archive", 1
MANIFEST = "manifest.json"
SHORTEST_PASSPHRASE = 8
LONGEST_LINE = 64 * 2**20
MOST_UNPACKED, SMALL = 200, 64 * 2**20
"""How many times its own size an archive may unpack to; a small one may unpack to SMALL in any case."""


class ArchiveWriter:
    """Writes tables into a ZIP file, counting the rows."""

    def __init__(self, zip_file: ZipFile, counts: Mapping[str, int], progress: Progress | None) -> None:
        self._zip, self._counts, self._progress = zip_file, counts, progress
        self._done = 0
        manifest = {"format": FORMAT, "version": VERSION, "program": __version__, "made_at": now(), "counts": counts}
        zip_file.writestr(MANIFEST, json.dumps(manifest, indent=1))

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Write a table, one row a line."""
        with self._zip.open(_name(table), "w", force_zip64=True) as file:
            for row in rows:
                file.write(_line(row))
                self._done += 1
                if self._progress is not None and self._done % 500 == 0:
                    self._progress(self._done, sum(self._counts.values()))


class ArchiveReader:
    """Reads tables out of a ZIP file, and refuses one that is not what its manifest says."""

    def __init__(self, zip_file: ZipFile, size: int, progress: Progress | None) -> None:
        self._zip, self._progress, self._done = zip_file, progress, 0
        self._left = max(SMALL, MOST_UNPACKED * size)
        manifest = json.loads(zip_file.open(MANIFEST).read(SMALL))
        if manifest["format"] != FORMAT:
            raise ValueError("another format")
        if manifest["version"] > VERSION:
            raise UserFacingError(
                "The archive was made by a newer Desktop Agent, which this version cannot read.",
                "Install the newer version. Nothing was changed.",
            )
        self._counts: dict[str, int] = manifest["counts"]

    def has(self, table: str) -> bool:
        """Return whether the program that wrote it knew this table."""
        return table in self._counts

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table. Raises ValueError and what a damaged ZIP file raises."""
        count = 0
        with self._zip.open(_name(table)) as file:
            while line := file.readline(LONGEST_LINE):
                self._take(len(line))
                yield json.loads(line)
                count += 1
        if count != self._counts[table]:
            raise ValueError("rows are missing")

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0 or size >= LONGEST_LINE:  # a ZIP file yields somewhat more than asked for
            raise UserFacingError(
                "The archive unpacks to far more than conversations need, so it was not read.", "Nothing was changed."
            )
        self._done += 1
        if self._progress is not None and self._done % 500 == 0:
            self._progress(self._done, sum(self._counts.values()))


@contextmanager
def written(
    path: Path, passphrase: str, counts: Mapping[str, int], progress: Progress | None
) -> Iterator[ArchiveWriter]:
    """Yield a writer; the file gets its name when all is written, and any failure leaves nothing. UserFacingError."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserFacingError(f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.")
    new = path.with_name(path.name + ".new")
    try:
        new.unlink(missing_ok=True)
        durable.create(new, b"")
        with _sealed(new, passphrase) as sealed, ZipFile(sealed, "w", ZIP_DEFLATED) as zip_file:
            yield ArchiveWriter(zip_file, counts, progress)
        new.replace(path)
        durable.sync_folder(path.parent)
    except OSError as error:
        raise UserFacingError(f"The archive {path} cannot be written: {error.strerror}.") from error
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def _sealed(path: Path, passphrase: str) -> Iterator[age.Writer]:
    with path.open("wb") as file:
        writer = age.Writer(file, passphrase)
        try:
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        finally:
            writer.abandon()


@contextmanager
def opened(path: Path, passphrase: str, progress: Progress | None) -> Iterator[ArchiveReader]:
    """Yield a reader. What is wrong with the file, also when it shows while reading, becomes a UserFacingError."""
    unchanged = "Nothing was changed."
    try:
        with path.open("rb") as file:
            plain = io.BufferedReader(age.Reader(file, passphrase), age.PIECE)
            with ZipFile(plain) as zip_file:
                yield ArchiveReader(zip_file, path.stat().st_size, progress)
    except OSError as error:
        raise UserFacingError(f"The archive {path} cannot be read: {error.strerror}.", unchanged) from error
    except age.NotAge as error:
        raise UserFacingError(f"{path} is not an archive of Desktop Agent: {error}.", unchanged) from error
    except age.WrongPassphrase as error:
        raise UserFacingError("That passphrase does not open the archive.", "Try again.") from error
    except (age.Damaged, BadZipFile, zlib.error, struct.error, EOFError, RuntimeError) as error:
        raise UserFacingError(f"The archive {path} is damaged or cut off.", unchanged) from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise UserFacingError(f"The archive {path} holds something that is no conversation.", unchanged) from error


def _name(table: str) -> str:
    return f"{table}.jsonl"


def _line(row: Row) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a character, which only an escape can write
        return json.dumps(row).encode() + b"\n"
