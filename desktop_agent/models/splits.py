"""Models that come in several GGUF files, as llama.cpp's `llama-gguf-split` makes them.

The pieces lie in one folder and are called NAME-00001-of-00003.gguf and so on; the first holds the metadata. llama.cpp
finds the others by the name of the first. Keys and names: tools/gguf-split in github.com/ggml-org/llama.cpp.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError

if TYPE_CHECKING:
    from desktop_agent.models.gguf_file import GgufHead

PIECE = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf")
MOST_PIECES = 1000
FETCH_ALL = "All pieces belong into one folder, under the names they were published with. Fetch what is missing."


def stem(path: Path) -> str:
    """Return a model file's name without its number and ending."""
    piece = PIECE.fullmatch(path.name)
    return piece["stem"] if piece else path.stem


def named(path: Path) -> tuple[Path, ...]:
    """Return the names of all pieces of the model that `path` is a piece of, in order; `path` alone if it is whole."""
    piece = PIECE.fullmatch(path.name)
    if not piece or not 1 <= int(piece["number"]) <= int(piece["count"]) <= MOST_PIECES:
        return (path,)
    count = piece["count"]
    return tuple(path.with_name(f"{piece['stem']}-{number:05}-of-{count}.gguf") for number in range(1, int(count) + 1))


def pieces(path: Path) -> tuple[Path, ...]:
    """Return the files of a model, given any one of them; raise UserFacingError naming those that are missing."""
    files = named(path)
    if len(files) > 1 and (missing := [file.name for file in files if not os.path.isfile(file)]):  # noqa: PTH113 -- says no where Path.is_file raises
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UserFacingError(f"{stem(path)} is not whole: its piece {missing[0]}{more} is not there.", FETCH_ALL)
    return files


def total_bytes(path: Path) -> int:
    """Return the size of a model, all its pieces together; 0 when one of them is not there or cannot be reached."""
    try:
        return sum(os.path.getsize(file) for file in pieces(path) if os.path.isfile(file))  # noqa: PTH113, PTH202
    except (OSError, UserFacingError):
        return 0


def refuse_strangers(files: Sequence[Path], heads: "Sequence[GgufHead]") -> None:
    """Raise UserFacingError when the heads are not those of all pieces of one model, in order."""
    for number, (file, head) in enumerate(zip(files, heads, strict=True)):
        count = max(head.number("split.count"), 1)
        if count > 1 and len(files) == 1:
            message = f"{file.name} is one of {count} pieces of a model, but its name does not say which one."
            raise UserFacingError(message, "Give the pieces their names back: NAME-00001-of-00003.gguf, and so on.")
        if count != len(files) or head.number("split.no") != number:
            message = f"{file.name} is not the piece that its name says: it belongs to another model."
            raise UserFacingError(message, FETCH_ALL)
    expected, found = heads[0].number("split.tensors.count"), sum(len(head.tensors) for head in heads)
    if len(files) > 1 and expected != found:
        message = f"The pieces of {stem(files[0])} do not belong together: they hold {found} of {expected} tensors."
        raise UserFacingError(message, FETCH_ALL)
