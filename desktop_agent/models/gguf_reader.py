"""Reads the head of a GGUF file, and believes nothing of it: it is what native code is about to trust.

Layout: docs/gguf.md in github.com/ggml-org/ggml. The `gguf` package's own reader needs 6 s for a 1.1 GB file, because
it makes an array of every token; this one skips them and needs 0.15 s.
"""

import math
import struct
from dataclasses import dataclass, field
from functools import cache
from typing import BinaryIO, NamedTuple, TypeAlias

Scalar: TypeAlias = str | int | float | bool
Numbers: TypeAlias = tuple[int | float | bool, ...]

MAGIC = b"GGUF"
VERSIONS = (2, 3)
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
UINT32, STRING, ARRAY = 4, 8, 9
ALIGNMENT, DEFAULT_ALIGNMENT = "general.alignment", 32
LARGEST_ALIGNMENT = 1 << 20
MOST_PAIRS, MOST_TENSORS = 4096, 1 << 16
LONGEST_KEY, LONGEST_NAME = 0xFFFF, 63
LONGEST_STRING, LONGEST_ARRAY = 1 << 26, 1 << 26
KEPT_NUMBERS = 1024
"""Arrays of more numbers, such as those of the tokens, are only counted: the ones about layers are short."""
MOST_DIMENSIONS, MOST_ELEMENTS = 4, 1 << 62
_LENGTH, _PIECE = struct.Struct("<Q"), 1 << 20


class Tensor(NamedTuple):
    """A tensor as the head describes it; `offset` counts from the start of the data. `size` 0: of an unknown kind."""

    name: str
    dimensions: tuple[int, ...]
    kind: int
    offset: int

    @property
    def elements(self) -> int:
        """How many numbers it has."""
        return math.prod(self.dimensions)

    @property
    def size(self) -> int:
        """How many bytes it takes; 0 for a kind that the `gguf` package does not know yet."""
        if self.kind not in block_sizes():
            return 0
        block, size = block_sizes()[self.kind]
        return self.elements // block * size


@cache
def block_sizes() -> dict[int, tuple[int, int]]:
    """Return for each kind of tensor how many numbers make a block, and its bytes."""
    import gguf

    return {kind.value: (int(block), int(size)) for kind, (block, size) in gguf.GGML_QUANT_SIZES.items()}


@dataclass
class Reader:
    """Reads forwards from behind the magic. Raises EOFError, ValueError or struct.error on nonsense."""

    file: BinaryIO
    size: int
    metadata: dict[str, Scalar] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)
    data: int = 0
    """Where the tensors' data begins in the file."""

    def read(self) -> "Reader":
        """Read it all; return self."""
        (version,) = self._unpack("I")
        if version not in VERSIONS:
            raise ValueError(f"version {version}")
        tensors, pairs = self._unpack("QQ")
        if tensors > MOST_TENSORS or pairs > MOST_PAIRS:
            raise ValueError(f"{tensors} tensors and {pairs} pairs")
        for _ in range(pairs):
            self._pair()
        self.tensors += [self._tensor() for _ in range(tensors)]
        alignment = self._alignment()
        self.data = _aligned(self.file.tell(), alignment)
        self._check_places(alignment)
        return self

    def _alignment(self) -> int:
        """Return a power of two; GGUF's alignment is a uint32, and llama.cpp divides by it."""
        value = self.metadata.get(ALIGNMENT, DEFAULT_ALIGNMENT)
        if not isinstance(value, int) or not 0 < value <= LARGEST_ALIGNMENT or value & (value - 1):
            raise ValueError(f"alignment {value}")
        return value

    def _check_places(self, alignment: int) -> None:
        """Raise ValueError unless each tensor begins where the one before it ends, as llama.cpp demands."""
        if len({tensor.name for tensor in self.tensors}) < len(self.tensors):
            raise ValueError("two tensors of one name")
        expected = 0
        for tensor in self.tensors:
            if tensor.offset != expected and expected >= 0:
                raise ValueError(f"offset {tensor.offset} instead of {expected}")
            expected = _aligned(tensor.offset + tensor.size, alignment) if tensor.size else -1

    def _unpack(self, layout: str) -> tuple[int, ...]:
        data = self.file.read(struct.calcsize("<" + layout))
        return struct.unpack("<" + layout, data)

    def _skip(self, size: int) -> None:
        if self.file.tell() + size > self.size:
            raise EOFError
        self.file.seek(size, 1)

    def _string(self, longest: int = LONGEST_STRING) -> str:
        (length,) = self._unpack("Q")
        if length > longest or self.file.tell() + length > self.size:
            raise EOFError
        return self.file.read(length).decode(errors="replace")

    def _pair(self) -> None:
        key = self._string(LONGEST_KEY)
        if not key or key in self.metadata or key in self.counts:
            raise ValueError(f"key {key!r}")
        (kind,) = self._unpack("I")
        if kind == ARRAY:
            self._array(key)
        else:
            self.metadata[key] = self._string() if kind == STRING else self._unpack(_layout(kind))[0]
        if key == ALIGNMENT and kind != UINT32:
            raise ValueError(f"alignment of kind {kind}")

    def _array(self, key: str) -> None:
        kind, count = self._unpack("IQ")
        if count > LONGEST_ARRAY:
            raise ValueError(f"array of {count}")
        self.counts[key] = count
        if kind == STRING:
            self._skip_strings(count)
        elif count <= KEPT_NUMBERS:
            self.numbers[key] = self._unpack(f"{count}{_layout(kind)}")
        else:
            self._skip(count * struct.calcsize("<" + _layout(kind)))

    def _skip_strings(self, count: int) -> None:
        """Go behind `count` strings: there are 300,000 in a usual file, so they are counted off in large pieces."""
        start, piece, at = self.file.tell(), b"", 0
        for _ in range(count):
            if at + _LENGTH.size > len(piece):
                start, at = start + at, 0
                self.file.seek(start)
                piece = self.file.read(_PIECE)
            at += _LENGTH.size + _LENGTH.unpack_from(piece, at)[0]
            if at > LONGEST_STRING + _PIECE:
                raise EOFError
        if start + at > self.size:
            raise EOFError
        self.file.seek(start + at)

    def _tensor(self) -> Tensor:
        name = self._string(LONGEST_NAME)
        (count,) = self._unpack("I")
        if not 0 < count <= MOST_DIMENSIONS:
            raise ValueError(f"{count} dimensions")
        dimensions = self._unpack(f"{count}Q")
        tensor = Tensor(name, dimensions, *self._unpack("IQ"))
        if not 0 < tensor.elements <= MOST_ELEMENTS or dimensions[0] % block_sizes().get(tensor.kind, (1, 1))[0]:
            raise ValueError(f"dimensions {dimensions}")
        if tensor.offset > self.size:
            raise EOFError
        return tensor


def _layout(kind: int) -> str:
    if kind not in SCALARS:
        raise ValueError(f"value of kind {kind}")
    return SCALARS[kind]


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment
