"""A few layers of a model as a file of its own: what it computes is noise, but as fast as the whole model would.

Loading a 7B with repacked weights takes longer than a whole tuning run may; some of its layers take half a second. They
are chosen so that their average size is that of all, since a file mixes kinds of quantisation.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from desktop_agent.llm.tuning_file import Pair, Tensor, TuningFile, number_pair, text_pair, write

ROWS = 512
"""The vocabulary of the slice."""
_BYTES = 300_000_000
"""More than the caches of most processors hold: from there it would write faster than the whole model."""
_WORTH = 0.7
"""A slice that is a larger part of the file than that saves nothing."""
_LAYER = re.compile(r"blk\.(\d+)\.(.+)")
_VOCABULARY_MATRIX = re.compile(r"(token_embd|output)\.weight")
_PIECE = 1 << 22

Check = Callable[[], None]
"""Called often; raises when time is up or the user has stopped."""


@dataclass(frozen=True)
class Sample:
    """A file to measure with; the whole model takes `read_factor` and `write_factor` times longer for a token.

    `layers` and `of_layers` are 0 when the file is the whole model.
    """

    path: Path
    layers: int = 0
    of_layers: int = 0
    read_factor: float = 1.0
    write_factor: float = 1.0


@contextmanager
def sample_of(path: Path, check: Check) -> Iterator[Sample]:
    """Write some layers of a model into a folder that goes afterwards; the whole model where that cannot be.

    Raises only what `check` does.
    """
    with TemporaryDirectory(prefix="desktop-agent-", ignore_cleanup_errors=True) as folder:
        try:
            sample = cut(path, Path(folder) / "layers.gguf", check)
        except (OSError, ValueError, LookupError):
            sample = Sample(path)
        yield sample


def cut(path: Path, target: Path, check: Check) -> Sample:
    """Write some layers of a model; return the whole one where most of it would be needed.

    Raises ValueError, LookupError or OSError when it cannot be cut.
    """
    file = TuningFile.read(path)
    sizes = layer_bytes(file.tensors)
    layers = file.number(f"{file.text('general.architecture')}.block_count")
    if not layers:
        raise ValueError("the file does not say how many layers there are")
    chosen = choose_layers([sizes[layer] for layer in range(layers)])
    if len(chosen) == layers:
        return Sample(path)
    kept = [new for old in file.tensors if (new := _kept(old, chosen))]
    if sum(tensor.bytes for tensor in kept) > _WORTH * path.stat().st_size:
        return Sample(path)
    with path.open("rb") as source:
        write(target, _pairs(file, layers, chosen), [(tensor, _pieces(source, tensor, check)) for tensor in kept])
    part_read = sum(sizes[layer] for layer in chosen) / sum(sizes.values())
    part_written = _read_for_a_token(kept) / _read_for_a_token(file.tensors)
    return Sample(target, len(chosen), layers, 1 / part_read, 1 / part_written)


def choose_layers(sizes: Sequence[int]) -> list[int]:
    """Return the layers that stand for all: at least two, evenly from the small to the large ones."""
    count = min(len(sizes), max(2, -(-_BYTES * len(sizes) // sum(sizes))))
    by_size = sorted(range(len(sizes)), key=lambda layer: (sizes[layer], layer))
    return sorted(by_size[(2 * index + 1) * len(sizes) // (2 * count)] for index in range(count))


def layer_bytes(tensors: Iterable[Tensor]) -> dict[int, int]:
    """Return the size of each layer."""
    sizes: dict[int, int] = {}
    for tensor in tensors:
        if found := _LAYER.fullmatch(tensor.name):
            layer = int(found[1])
            sizes[layer] = sizes.get(layer, 0) + tensor.bytes
    return sizes


def _kept(tensor: Tensor, chosen: list[int]) -> Tensor | None:
    """Return the tensor as it is in the slice, None when it is not."""
    if found := _LAYER.fullmatch(tensor.name):
        layer = int(found[1])
        return replace(tensor, name=f"blk.{chosen.index(layer)}.{found[2]}") if layer in chosen else None
    return tensor.first_rows(ROWS) if _VOCABULARY_MATRIX.fullmatch(tensor.name) else tensor


def _pairs(file: TuningFile, layers: int, chosen: list[int]) -> list[Pair]:
    architecture = file.text("general.architecture")
    ours = {f"{architecture}.block_count": len(chosen), f"{architecture}.vocab_size": ROWS}
    pairs = [pair for pair in file.pairs if not pair.key.startswith(("tokenizer.", "split.")) and pair.key not in ours]
    of_layers = [pair.taken(chosen) if pair.count == layers else pair for pair in pairs]
    return [*of_layers, *(number_pair(*pair) for pair in ours.items()), text_pair("tokenizer.ggml.model", "no_vocab")]


def _pieces(source: BinaryIO, tensor: Tensor, check: Check) -> Iterator[bytes]:
    source.seek(tensor.start)
    for start in range(0, tensor.bytes, _PIECE):
        check()
        yield source.read(min(_PIECE, tensor.bytes - start))


def _read_for_a_token(tensors: Iterable[Tensor]) -> int:
    """Return how many bytes are read for one more token; of an input matrix that is no output one, one row."""
    sizes = {tensor.name: tensor.bytes for tensor in tensors}
    return sum(sizes.values()) - (sizes.get("token_embd.weight", 0) if "output.weight" in sizes else 0)
