"""Reads what the head of a GGUF file says, and whether the file is whole.

Layout: docs/gguf.md in github.com/ggml-org/ggml. The `gguf` package's own reader needs 6 s for a 1.1 GB file, because
it makes an array of every token; this one skips them and needs 0.15 s.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from desktop_agent.errors import UserFacingError

Scalar: TypeAlias = str | int | float | bool

MAGIC = b"GGUF"
VERSIONS = (2, 3)
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
MOST_DIMENSIONS = 4
DEFAULT_ALIGNMENT = 32
LONGEST_TEXT = 80
POOLINGS, RANKING = (1, 2, 3), 4  # llama.cpp's llama_pooling_type: mean, first token, last token
ENCODERS = re.compile(r"t5encoder|.*bert|.*bert-(v\d|moe)|.*-embedding")
"""Architectures that cannot write."""


@dataclass(frozen=True)
class GgufHead:
    """The head of a GGUF file: its scalar metadata (arrays are left out) and the number of its weights."""

    metadata: Mapping[str, Scalar]
    weights: int

    def text(self, key: str, default: str = "") -> str:
        """Return a metadata value as one line of printable text: the file may come from anywhere."""
        return "".join(filter(str.isprintable, str(self.metadata.get(key, default))))[:LONGEST_TEXT] or default

    def number(self, key: str) -> int:
        """Return a whole number of the metadata; 0 when there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) else 0

    @property
    def architecture(self) -> str:
        """The model's family as llama.cpp calls it."""
        return self.text("general.architecture", "unknown")

    @property
    def pools(self) -> bool:
        """Whether the model makes one vector of a whole text instead of an answer."""
        return self.metadata.get(f"{self.architecture}.pooling_type") in POOLINGS

    @property
    def ranks(self) -> bool:
        """Whether the model says how well a text answers a question, and nothing else."""
        return self.metadata.get(f"{self.architecture}.pooling_type") == RANKING

    @property
    def context(self) -> int:
        """The trained context length in tokens; 0 when the file does not say."""
        return self.number(f"{self.architecture}.context_length")

    @property
    def quantisation(self) -> str:
        """How most weights are stored, such as Q4_K_M."""
        import gguf

        names = {kind.value: kind.name for kind in gguf.LlamaFileType}
        name = names.get(self.metadata.get("general.file_type"), "unknown")
        return str(name).removeprefix("MOSTLY_").removeprefix("ALL_")


def read_head(path: Path) -> GgufHead:
    """Return the head of a language model's file.

    Raise UserFacingError when the file is no GGUF, cut off, damaged, or holds something else than a language model.
    """
    try:
        with path.open("rb") as file:
            head, end = _parse(file, path)
    except OSError as error:
        raise UserFacingError(f"{path} cannot be read: {error.strerror or error}.") from error
    _refuse_incomplete(path, end)
    _refuse_other_kinds(path, head)
    return head


def _parse(file: BinaryIO, path: Path) -> tuple[GgufHead, int]:
    if file.read(len(MAGIC)) != MAGIC:
        raise UserFacingError(
            f"{path.name} is not a model: it is not a GGUF file.", "Choose a file that ends in .gguf."
        )
    try:
        return _Reader(file, path.stat().st_size).head()
    except (EOFError, struct.error, ValueError) as error:
        message = f"{path.name} is damaged or was not downloaded completely: its head cannot be read."
        raise UserFacingError(message, "Download the file again.") from error


def _refuse_incomplete(path: Path, end: int) -> None:
    if (size := path.stat().st_size) < end:
        message = f"{path.name} was not downloaded completely: it has {size:,} of at least {end:,} bytes."
        raise UserFacingError(message, "Download the file again.")


def _refuse_other_kinds(path: Path, head: GgufHead) -> None:
    if (pieces := head.number("split.count")) > 1:
        raise UserFacingError(
            f"{path.name} is one of {pieces} pieces of a model.",
            "Join the pieces first, with llama.cpp's llama-gguf-split --merge, or choose a model in one file.",
        )
    if not head.weights or head.text("general.type", "model") != "model":
        raise UserFacingError(f"{path.name} is a GGUF file, but not a language model.", "Choose another file.")
    if head.ranks or (ENCODERS.fullmatch(head.architecture) and not head.pools):
        message = f"{path.name} can neither chat nor make vectors of texts: it ranks or labels them."
        raise UserFacingError(message, "Choose another file.")


@dataclass
class _Reader:
    """Reads forwards from behind the magic. Raises EOFError, ValueError or struct.error on nonsense."""

    file: BinaryIO
    size: int
    metadata: dict[str, Scalar] = field(default_factory=dict)

    def head(self) -> tuple[GgufHead, int]:
        """Return the head, and where the last tensor ends in the file."""
        (version,) = self._unpack("I")
        if version not in VERSIONS:
            raise ValueError(f"version {version}")
        tensors, pairs = self._unpack("QQ")
        for _ in range(pairs):
            self._pair()
        sizes = [self._tensor() for _ in range(tensors)]
        head = GgufHead(self.metadata, sum(count for count, _ in sizes))
        alignment = head.number("general.alignment") or DEFAULT_ALIGNMENT
        data = -(-self.file.tell() // alignment) * alignment
        return head, data + max((end for _, end in sizes), default=0)

    def _unpack(self, layout: str) -> tuple[int, ...]:
        data = self.file.read(struct.calcsize("<" + layout))
        return struct.unpack("<" + layout, data)

    def _skip(self, size: int) -> None:
        if self.file.tell() + size > self.size:
            raise EOFError
        self.file.seek(size, 1)

    def _string(self) -> str:
        (length,) = self._unpack("Q")
        if length > self.size:
            raise EOFError
        return self.file.read(length).decode(errors="replace")

    def _pair(self) -> None:
        key = self._string()
        (kind,) = self._unpack("I")
        if kind == ARRAY:
            self._skip_array()
        else:
            self.metadata[key] = self._string() if kind == STRING else self._unpack(_layout(kind))[0]

    def _skip_array(self) -> None:
        kind, count = self._unpack("IQ")
        if kind in SCALARS:
            self._skip(count * struct.calcsize("<" + SCALARS[kind]))
        elif kind == STRING:
            for _ in range(count):
                self._skip(*self._unpack("Q"))
        else:
            raise ValueError(f"array of {kind}")

    def _tensor(self) -> tuple[int, int]:
        """Return a tensor's number of weights, and where it ends behind the start of the data."""
        self._string()
        (dimensions,) = self._unpack("I")
        if dimensions > MOST_DIMENSIONS:
            raise ValueError(f"{dimensions} dimensions")
        count = 1
        for length in self._unpack(f"{dimensions}Q"):
            count *= length
        kind, offset = self._unpack("IQ")
        return count, offset + _bytes(kind, count)


def _layout(kind: int) -> str:
    if kind not in SCALARS:
        raise ValueError(f"value of kind {kind}")
    return SCALARS[kind]


def _bytes(kind: int, count: int) -> int:
    """Return how many bytes `count` weights take; 0 for a kind that the `gguf` package does not know yet."""
    import gguf

    if kind not in {member.value for member in gguf.GGMLQuantizationType}:
        return 0
    block, size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType(kind)]
    return count // int(block) * int(size)
