"""Messages between the program and a worker: a length, then that many bytes of JSON. What a worker sends is hostile."""

import json
from collections.abc import Mapping
from typing import BinaryIO, NoReturn, TypeAlias

from desktop_agent.messages import Json

LARGEST = 4 << 20
"""Bytes of a message unless the one who reads says otherwise."""
_LENGTH = 4

Message: TypeAlias = dict[str, Json]


class BrokenFrame(ValueError):
    """What came is not a message: too long, cut off, or not a JSON object."""


def write(stream: BinaryIO, message: Mapping[str, Json]) -> None:
    """Send a message. Raises OSError when nobody reads any more."""
    data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(len(data).to_bytes(_LENGTH, "big") + data)
    stream.flush()


def read(stream: BinaryIO, largest: int = LARGEST) -> Message | None:
    """Return the next message, None at the end of the stream. Raises BrokenFrame."""
    length = stream.read(_LENGTH)
    if not length:
        return None
    size = int.from_bytes(length, "big")
    if len(length) < _LENGTH or size > largest:
        raise BrokenFrame(f"a message of {size:,} bytes, {largest:,} are allowed")
    data = stream.read(size)
    if len(data) < size:
        raise BrokenFrame(f"a message ends after {len(data):,} of {size:,} bytes")
    return _parsed(data)


def _parsed(data: bytes) -> Message:
    try:
        message = json.loads(data.decode("utf-8", "replace"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BrokenFrame(f"a message that is not JSON: {error}") from None
    if not isinstance(message, dict):
        raise BrokenFrame("a message that is no object")
    return message


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
