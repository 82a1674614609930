"""Model files that the user brought along or that other programs keep, and how they become models of this program."""

import hashlib
import itertools
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.models import splits
from desktop_agent.models.catalogue import Catalogue, ModelEntry
from desktop_agent.models.elsewhere import Found
from desktop_agent.models.gguf_file import GgufHead, read_head
from desktop_agent.models.register import Record, Register, modified
from desktop_agent.models.transfer import Progress, Tell, check_free, locked, read_chunks, writing_to

STAGING, LOCK = ".importing", ".import.lock"
NAMELESS = re.compile(r"(sha256[:-])?[0-9a-f]{40,64}|model", re.IGNORECASE)
"""File names that say nothing about the model in them."""


class ImportedModels:
    """Takes models in; a file whose SHA-256 is that of a model that is known already becomes that model."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._register = Register(folder)

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return the models on the list, oldest first; raise UserFacingError when it cannot be read.

        One with a catalogue entry's name and SHA-256 says where another program keeps that entry's file.
        """
        return tuple(record.entry for record in self._register.records())

    def unchanged(self, entry: ModelEntry) -> bool:
        """Return whether a model's file was not written to since it was taken in, as far as that is known."""
        records = (record for record in self._register.records() if record.entry.name == entry.name)
        known = next((record.modified for record in records), 0)
        return not known or known == modified(path_in(self._folder, entry))

    def forget(self, name: str) -> None:
        """Take a model off the list."""
        with locked(self._folder / LOCK):
            self._register.drop(name)

    def confirm(self, entry: ModelEntry) -> None:
        """Remember that a model's file has just been found to be the right one."""
        if entry.name in {known.name for known in self.entries()}:
            with writing_to(self._folder), locked(self._folder / LOCK):
                self._register.put(Record(entry, modified(path_in(self._folder, entry))))

    def add(self, source: Path, tell: Tell, *, copy: bool = False) -> ModelEntry:
        """Take a file of the user's into the models folder as a hard link, or with `copy` as a copy.

        A hard link takes no room, and the model stays when the user deletes the file. Where there can be none, as on
        another disk, the file is used where it lies. Raise UserFacingError when it is no whole language model.
        """
        head, files = read_head(source), splits.pieces(source)
        with self._writing(), _staging(self._folder / STAGING) as staging:
            taken = _copies(files, staging, tell) if copy else _links(files, staging)
            if taken:
                digest = sha256_of(taken[0], f"Checking {source.name}", tell)
                return self._place(taken, digest, head, _stem(source, head))
        return self.adopt(Found("", _stem(source, head), files, head.bytes), tell)

    def adopt(self, found: Found, tell: Tell) -> ModelEntry:
        """Put a file on the list that stays where it lies; neither copied nor linked, and never written to.

        The SHA-256 that its program recorded is believed until `verify`. Raise UserFacingError when it is no whole
        language model.
        """
        first = found.paths[0]
        head, changed = read_head(first), modified(first)
        title = found.title or _stem(first, head)
        digest = found.sha256 or _digest(first, f"Checking {title}", tell)
        with self._writing():
            known = (*self._catalogue.entries, *self.entries())
            same = next((entry for entry in known if (entry.sha256, entry.bytes) == (digest, head.bytes)), None)
            if same and splits.total_bytes(path_in(self._folder, same)) == same.bytes:
                return same
            entry = same or _describe(head, self._free_name(title, known), digest, found.program or "imported")
            placed = replace(entry, location=str(first))
            self._register.put(Record(placed, changed))
            return placed

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with writing_to(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder / LOCK):
                yield

    def _place(self, taken: Sequence[Path], digest: str, head: GgufHead, stem: str) -> ModelEntry:
        known = (*self._catalogue.entries, *self.entries())
        same = next((entry for entry in known if entry.sha256 == digest), None)
        entry = replace(same, location="") if same else _describe(head, self._free_name(stem, known, taken), digest)
        if not same and len(taken) > 1:
            entry = replace(entry, file=f"{entry.name}-00001-of-{len(taken):05}.gguf")
        for piece, name in zip(taken, splits.named(self._folder / entry.file), strict=True):
            piece.replace(name)
        if entry not in self._catalogue.entries:
            self._register.put(Record(entry, modified(self._folder / entry.file)))
        return entry

    def _free_name(self, stem: str, known: Iterable[ModelEntry], taken: Sequence[Path] = ()) -> str:
        """Return a name like `stem` that no model and no other file has."""
        base = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-.") or "model"
        used = {entry.name for entry in known} | {entry.file for entry in known}
        for name in itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2))):
            file = self._folder / f"{name}.gguf"
            if not used & {name, file.name} and (not file.exists() or any(map(file.samefile, taken))):
                return name
        raise AssertionError("count() never ends")


def path_in(folder: Path, entry: ModelEntry) -> Path:
    """Return where an entry's file belongs: where another program keeps it, or in the models folder."""
    return Path(entry.location) if entry.location else folder / entry.file


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield an empty folder; whatever is in it afterwards goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _links(files: Sequence[Path], staging: Path) -> list[Path]:
    """Link files; return nothing where that cannot be: on another disk, or for a file of another account."""
    made = [staging / file.name for file in files]
    try:
        for file, link in zip(files, made, strict=True):
            link.hardlink_to(file.resolve())
    except OSError:
        return []
    return made


def _copies(files: Sequence[Path], staging: Path, tell: Tell) -> list[Path]:
    total, done = sum(file.stat().st_size for file in files), 0
    check_free(staging, total, files[0].name)
    for source in files:
        with (staging / source.name).open("wb") as file:
            for chunk in read_chunks(source):
                file.write(chunk)
                tell(Progress(done := done + len(chunk), total, f"Copying {files[0].name}"))
            file.flush()
            os.fsync(file.fileno())
    return [staging / file.name for file in files]


def sha256_of(path: Path, what: str, tell: Tell) -> str:
    """Return the SHA-256 of a model in hex digits; of a split one that of its pieces one after another."""
    files = splits.pieces(path)
    digest, total, done = hashlib.sha256(), sum(file.stat().st_size for file in files), 0
    for file in files:
        for chunk in read_chunks(file):
            digest.update(chunk)
            tell(Progress(done := done + len(chunk), total, what, "checking"))
    return digest.hexdigest()


def _digest(path: Path, what: str, tell: Tell) -> str:
    try:
        return sha256_of(path, what, tell)
    except OSError as error:
        raise UserFacingError(f"{path} cannot be read: {error.strerror or error}.") from error


def _stem(path: Path, head: GgufHead) -> str:
    """Return what to call a file's model: its file's name, unless that says nothing."""
    stem = splits.stem(path)
    return head.text("general.name", stem) if NAMELESS.fullmatch(stem) else stem


def _describe(head: GgufHead, name: str, sha256: str, note: str = "imported") -> ModelEntry:
    return ModelEntry(
        name=name,
        title=head.text("general.name", name),
        role="embedding" if head.pools else "chat",
        file=f"{name}.gguf",
        architecture=head.architecture,
        parameters=_short(head.weights),
        quantisation=head.quantisation,
        bytes=head.bytes,
        sha256=sha256,
        licence=head.text("general.license", "unknown"),
        context=head.context,
        note=note,
    )


def _short(weights: int) -> str:
    return f"{weights / 1e9:.1f}B" if weights >= 1e9 else f"{weights / 1e6:.0f}M"
