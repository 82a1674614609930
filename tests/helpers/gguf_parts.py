"""A GGUF file taken apart, so that a test can put it together wrongly."""

import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

ALIGNMENT = 32
STRING, ARRAY, FLOAT32, UINT32, INT32, UINT64, BOOL = 8, 9, 6, 4, 5, 10, 7
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

Pair: TypeAlias = tuple[bytes, int, bytes]
"""A key, the kind of its value, and the value as it is written."""


@dataclass(frozen=True)
class Tensor:
    """What the head says about a tensor."""

    name: bytes
    dimensions: tuple[int, ...]
    kind: int
    offset: int

    def written(self) -> bytes:
        """Return it as it stands in the file."""
        layout = f"<I{len(self.dimensions)}QIQ"
        return text(self.name) + struct.pack(layout, len(self.dimensions), *self.dimensions, self.kind, self.offset)


@dataclass(frozen=True)
class Parts:
    """A file's parts; the counts are what the head claims, right or not."""

    pairs: tuple[Pair, ...]
    tensors: tuple[Tensor, ...]
    data: bytes
    version: int = 3
    pair_count: int | None = None
    tensor_count: int | None = None
    tail: bytes = field(default=b"")

    def written(self) -> bytes:
        """Return the file."""
        counts = (self.tensor_count, len(self.tensors)), (self.pair_count, len(self.pairs))
        claimed = [real if claim is None else claim for claim, real in counts]
        head = b"GGUF" + struct.pack("<IQQ", self.version, *claimed)
        head += b"".join(text(key) + struct.pack("<I", kind) + value for key, kind, value in self.pairs)
        head += b"".join(tensor.written() for tensor in self.tensors)
        return head + bytes(-len(head) % ALIGNMENT) + self.data + self.tail

    def having(self, key: str, kind: int, value: bytes) -> "Parts":
        """Return the file with another value for a key, at the end when it was not there."""
        name = key.encode()
        if all(each[0] != name for each in self.pairs):
            return replace(self, pairs=(*self.pairs, (name, kind, value)))
        changed = tuple((name, kind, value) if each[0] == name else each for each in self.pairs)
        return replace(self, pairs=changed)

    def without(self, key: str) -> "Parts":
        """Return the file without a key."""
        return replace(self, pairs=tuple(each for each in self.pairs if each[0] != key.encode()))

    def with_tensor(self, name: str, /, **changes: Any) -> "Parts":
        """Return the file with other words about a tensor."""
        changed = (replace(each, **changes) if each.name == name.encode() else each for each in self.tensors)
        return replace(self, tensors=tuple(changed))

    def without_tensor(self, name: str) -> "Parts":
        """Return the file without a tensor, the others moved together."""
        tensors, data, names = [], b"", [each.name for each in self.tensors]
        ends = [*(each.offset for each in self.tensors[1:]), len(self.data)]
        for each, end in zip(self.tensors, ends, strict=True):
            if each.name != name.encode():
                tensors.append(replace(each, offset=len(data)))
                data += self.data[each.offset : end]
        assert len(tensors) < len(names)
        return replace(self, tensors=tuple(tensors), data=data)

    def filled(self, name: str, value: bytes) -> "Parts":
        """Return the file with a tensor's first bytes overwritten."""
        start = next(each.offset for each in self.tensors if each.name == name.encode())
        return replace(self, data=self.data[:start] + value + self.data[start + len(value) :])


def text(value: bytes) -> bytes:
    """Return a string as it is written."""
    return struct.pack("<Q", len(value)) + value


def array(kind: int, values: list[bytes], count: int | None = None) -> bytes:
    """Return an array as it is written, `count` being what it claims."""
    return struct.pack("<IQ", kind, len(values) if count is None else count) + b"".join(values)


def taken_apart(path: Path) -> Parts:
    """Return the parts of a whole file."""
    whole = path.read_bytes()
    position = 24
    _, tensor_count, pair_count = struct.unpack_from("<IQQ", whole, 4)

    def string() -> bytes:
        nonlocal position
        (length,) = struct.unpack_from("<Q", whole, position)
        position += 8 + length
        return whole[position - length : position]

    def number(layout: str) -> int:
        nonlocal position
        position += struct.calcsize("<" + layout)
        return int(struct.unpack_from("<" + layout, whole, position - struct.calcsize("<" + layout))[0])

    def value(kind: int) -> None:
        nonlocal position
        if kind == STRING:
            string()
        elif kind == ARRAY:
            inner, count = number("I"), number("Q")
            for _ in range(count):
                value(inner)
        else:
            position += SIZES[kind]

    pairs, tensors = [], []
    for _ in range(pair_count):
        key, kind, start = string(), number("I"), position
        value(kind)
        pairs.append((key, kind, whole[start:position]))
    for _ in range(tensor_count):
        name, dimensions = string(), number("I")
        shape = tuple(number("Q") for _ in range(dimensions))
        tensors.append(Tensor(name, shape, number("I"), number("Q")))
    parts = Parts(tuple(pairs), tuple(tensors), whole[-(-position // ALIGNMENT) * ALIGNMENT :])
    assert parts.written() == whole
    return parts
