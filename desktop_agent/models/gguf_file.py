"""Reads what the head of a GGUF file says, and whether the file is whole."""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from desktop_agent.errors import UserFacingError
from desktop_agent.models.gguf_limits import refuse_absurd
from desktop_agent.models.gguf_reader import MAGIC, Numbers, Reader, Scalar, Tensor
from desktop_agent.models.splits import pieces, refuse_strangers

LONGEST_TEXT = 80
POOLINGS, RANKING = (1, 2, 3), 4  # llama.cpp's llama_pooling_type: mean, first token, last token
ENCODERS = re.compile(r"clip|t5encoder|.*bert|.*bert-(v\d|moe)|.*-embedding")
"""Architectures that cannot write."""


@dataclass(frozen=True)
class GgufHead:
    """The head of a GGUF file: its scalar metadata and the number of its weights.

    `numbers` are the short arrays of its metadata, such as one number for each layer; `counts` the lengths of all
    arrays. `bytes` is the size of the file. The head of a split model is that of all its pieces together.
    """

    metadata: Mapping[str, Scalar]
    weights: int
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    tensors: tuple[Tensor, ...] = ()
    bytes: int = 0

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
    """Return the head of a language model, given its file or any piece of it.

    Raise UserFacingError when a file is missing, no GGUF, cut off or damaged, or holds something else than a language
    model.
    """
    files = pieces(path)
    heads = [_read(file) for file in files]
    refuse_strangers(files, heads)
    head = _joined(heads) if len(heads) > 1 else heads[0]
    _refuse_other_kinds(path, head)
    refuse_absurd(path, head)
    return head


def _joined(heads: Sequence[GgufHead]) -> GgufHead:
    tensors = tuple(tensor for head in heads for tensor in head.tensors)
    weights, size = sum(head.weights for head in heads), sum(head.bytes for head in heads)
    return replace(heads[0], tensors=tensors, weights=weights, bytes=size)


def _read(path: Path) -> GgufHead:
    try:
        with path.open("rb") as file:
            head, end = _parse(file, path)
    except OSError as error:
        raise UserFacingError(f"{path} cannot be read: {error.strerror or error}.") from error
    _refuse_incomplete(path, end)
    return head


def _parse(file: BinaryIO, path: Path) -> tuple[GgufHead, int]:
    if file.read(len(MAGIC)) != MAGIC:
        raise UserFacingError(
            f"{path.name} is not a model: it is not a GGUF file.", "Choose a file that ends in .gguf."
        )
    size = path.stat().st_size
    try:
        read = Reader(file, size).read()
    except (EOFError, struct.error, ValueError) as error:
        message = f"{path.name} is damaged or was not downloaded completely: its head cannot be read."
        raise UserFacingError(message, "Download the file again.") from error
    tensors = tuple(read.tensors)
    weights = sum(tensor.elements for tensor in tensors)
    head = GgufHead(read.metadata, weights, read.numbers, read.counts, tensors, size)
    return head, read.data + max((tensor.offset + tensor.size for tensor in tensors), default=0)


def _refuse_incomplete(path: Path, end: int) -> None:
    if (size := path.stat().st_size) < end:
        message = f"{path.name} was not downloaded completely: it has {size:,} of at least {end:,} bytes."
        raise UserFacingError(message, "Download the file again.")


def _refuse_other_kinds(path: Path, head: GgufHead) -> None:
    if not head.weights or head.text("general.type", "model") != "model":
        raise UserFacingError(f"{path.name} is a GGUF file, but not a language model.", "Choose another file.")
    if head.ranks or (ENCODERS.fullmatch(head.architecture) and not head.pools):
        message = f"{path.name} can neither chat nor make vectors of texts: it ranks or labels them."
        raise UserFacingError(message, "Choose another file.")
