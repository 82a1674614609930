"""GGUF files as tuning needs them: what is where in one, and how to write a small one. Nothing is interpreted.

Layout: docs/gguf.md in github.com/ggml-org/ggml.
"""

import mmap
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_VERSION = 3
_ALIGNMENT = 32
_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of a scalar by its type."""
UINT32, FLOAT32, STRING, ARRAY = 4, 6, 8, 9
_MOST = 100_000_000
"""More entries than any file has: a count beyond is damage."""


@dataclass(frozen=True)
class Pair:
    """A key with its value as it is in the file; `count` is the length of an array of numbers, else 0."""

    key: str
    kind: int
    value: bytes
    count: int = 0

    def taken(self, indexes: Iterable[int]) -> "Pair":
        """Return an array of numbers with only some of its entries."""
        size = _SIZES[struct.unpack_from("<I", self.value)[0]]
        entries = [self.value[12 + size * index :][:size] for index in indexes]
        return Pair(self.key, ARRAY, self.value[:4] + struct.pack("<Q", len(entries)) + b"".join(entries), len(entries))


@dataclass(frozen=True)
class Tensor:
    """A tensor: its shape, and where its bytes are in the file."""

    name: str
    shape: tuple[int, ...]
    kind: int
    start: int
    bytes: int

    def first_rows(self, rows: int) -> "Tensor":
        """Return the beginning of a matrix."""
        size = self.bytes // self.shape[1] * rows
        return Tensor(self.name, (self.shape[0], rows), self.kind, self.start, size)


@dataclass(frozen=True)
class TuningFile:
    """The head of a model file."""

    pairs: tuple[Pair, ...]
    tensors: tuple[Tensor, ...]

    @classmethod
    def read(cls, path: Path) -> "TuningFile":
        """Raises ValueError for what is no whole GGUF file, and OSError."""
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _Reader(data).file()
            except (struct.error, KeyError, UnicodeDecodeError) as error:
                raise ValueError(f"{path.name} is damaged") from error

    def text(self, key: str) -> str:
        """Return a value that is a text, empty when there is none."""
        return next((pair.value[8:].decode() for pair in self.pairs if (pair.key, pair.kind) == (key, STRING)), "")

    def number(self, key: str) -> int:
        """Return a value that is a whole number of 32 bits, 0 when there is none."""
        found = (pair.value for pair in self.pairs if (pair.key, pair.kind) == (key, UINT32))
        return int.from_bytes(next(found, b""), "little")


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def file(self) -> TuningFile:
        if self._raw(4) != b"GGUF" or self._number("I") not in {2, _VERSION}:
            raise ValueError("this is no GGUF file")
        tensors, pairs = self._count(), self._count()
        metadata = tuple(self._pair() for _ in range(pairs))
        heads = [self._tensor_head() for _ in range(tensors)]
        alignment = next((int.from_bytes(p.value, "little") for p in metadata if p.key == "general.alignment"), 0)
        start = _padded(self._at, alignment or _ALIGNMENT)
        ends = [*sorted(offset for _, _, _, offset in heads)[1:], len(self._data) - start]
        following = dict(zip(sorted(offset for _, _, _, offset in heads), ends, strict=True))
        return TuningFile(metadata, tuple(self._placed(head, start, following) for head in heads))

    def _placed(self, head: tuple[str, tuple[int, ...], int, int], start: int, following: dict[int, int]) -> Tensor:
        name, shape, kind, offset = head
        size = following[offset] - offset
        if size <= 0:
            raise ValueError("a tensor lies outside the file")
        return Tensor(name, shape, kind, start + offset, size)

    def _tensor_head(self) -> tuple[str, tuple[int, ...], int, int]:
        name = self._text()
        shape = tuple(self._number("Q") for _ in range(min(self._number("I"), 4)))
        return name, shape, self._number("I"), self._number("Q")

    def _pair(self) -> Pair:
        key, kind, start = self._text(), self._number("I"), self._at
        count = self._skip(kind)
        return Pair(key, kind, self._data[start : self._at], count)

    def _skip(self, kind: int) -> int:
        """Step over a value; return the length of an array of numbers."""
        if kind == STRING:
            self._raw(self._count(), skip=True)
            return 0
        if kind != ARRAY:
            self._raw(_SIZES[kind], skip=True)
            return 0
        inner, count = self._number("I"), self._count()
        if inner in _SIZES:
            self._raw(_SIZES[inner] * count, skip=True)
            return count
        for _ in range(count):
            self._skip(inner)
        return 0

    def _text(self) -> str:
        return self._raw(self._count()).decode()

    def _count(self) -> int:
        if (count := self._number("Q")) > _MOST:
            raise ValueError("a count is absurd")
        return count

    def _number(self, form: str) -> int:
        (value,) = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return int(value)

    def _raw(self, size: int, skip: bool = False) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > len(self._data):
            raise ValueError("the file is cut off")
        return b"" if skip else self._data[start : self._at]


def text_pair(key: str, value: str) -> Pair:
    """Return a key with a text."""
    return Pair(key, STRING, _text(value))


def number_pair(key: str, value: int) -> Pair:
    """Return a key with a whole number."""
    return Pair(key, UINT32, struct.pack("<I", value))


def float_pair(key: str, value: float) -> Pair:
    """Return a key with a number of 32 bits."""
    return Pair(key, FLOAT32, struct.pack("<f", value))


Content = tuple[Tensor, Iterable[bytes]]
"""A tensor with its bytes, piece by piece."""


def write(path: Path, pairs: Iterable[Pair], contents: Iterable[Content]) -> None:
    """Write a model file. Raises OSError."""
    pairs, contents = list(pairs), list(contents)
    head = b"GGUF" + struct.pack("<IQQ", _VERSION, len(contents), len(pairs))
    head += b"".join(_text(pair.key) + struct.pack("<I", pair.kind) + pair.value for pair in pairs)
    offset = 0
    for tensor, _ in contents:
        shape = struct.pack(f"<I{len(tensor.shape)}Q", len(tensor.shape), *tensor.shape)
        head += _text(tensor.name) + shape + struct.pack("<IQ", tensor.kind, offset)
        offset = _padded(offset + tensor.bytes, _ALIGNMENT)
    with path.open("wb") as file:
        file.write(head.ljust(_padded(len(head), _ALIGNMENT), b"\0"))
        for tensor, pieces in contents:
            for piece in pieces:
                file.write(piece)
            file.write(bytes(_padded(tensor.bytes, _ALIGNMENT) - tensor.bytes))


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _padded(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
