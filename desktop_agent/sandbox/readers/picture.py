"""Pictures: format and size in pixels, from the first bytes. Nothing is decoded, so nothing can be too large."""

import re
import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.readers.elements import root
from desktop_agent.sandbox.readers.parts import Document, Part

Size: TypeAlias = tuple[int, int]

_HEAD = 1 << 16
_MOST_SEGMENTS = 1000
_SIZES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))  # JPEG's SOFn
_SVG_START = re.compile(rb"\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s*")


def is_picture(head: bytes, name: str) -> bool:
    """Return whether a file that begins with `head` is a picture."""
    return bool(_format(head)) or is_drawing(head, name)


def is_drawing(head: bytes, name: str) -> bool:
    """Return whether it is an SVG drawing, which is text."""
    return bool(_SVG_START.match(head.removeprefix(b"\xef\xbb\xbf"))) and (
        name.lower().endswith(".svg") or b"<svg" in head[:4096]
    )


def read(file: BinaryIO, name: str) -> Document:
    """Return one part that says what a picture is. Raises UserFacingError for a damaged one."""
    head = file.read(_HEAD)
    kind = _format(head)
    try:
        size = _MEASURES[kind](head, file) if kind else _drawing(head)
    except (struct.error, IndexError) as error:
        raise UserFacingError(f"The {kind} picture is damaged: it does not say how large it is.") from error
    kind = f"{kind} picture" if kind else "SVG drawing"
    extent = f"{size[0]:,} × {size[1]:,} pixels" if size else "of no size that it states"
    text = f"{kind}, {extent}. What it shows cannot be read."
    return Document(kind, "", [Part("picture", lambda: text)])


def _format(head: bytes) -> str:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _BITMAP.match(head):
        return "BMP"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"heic", b"heix", b"mif1"):
        return "AVIF" if head[8:12] == b"avif" else "HEIC"
    return ""


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_BITMAP = re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL)


def _png(head: bytes, _: BinaryIO) -> Size:
    return struct.unpack_from(">II", head, 16)


def _gif(head: bytes, _: BinaryIO) -> Size:
    return struct.unpack_from("<HH", head, 6)


def _bmp(head: bytes, _: BinaryIO) -> Size:
    width, height = struct.unpack_from("<ii", head, 18)
    return abs(width), abs(height)


def _jpeg(_head: bytes, file: BinaryIO) -> Size:
    """Go from segment to segment until the one that states the size."""
    position = 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(position)
        segment = file.read(9)
        marker = segment[1]
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", segment, 5)
            return width, height
        position += 1 if marker == 0xFF else 2 + int.from_bytes(segment[2:4], "big")
    raise IndexError


def _webp(head: bytes, _: BinaryIO) -> Size:
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 26)
    return width & 0x3FFF, height & 0x3FFF


def _tiff(head: bytes, file: BinaryIO) -> Size:
    order = "<" if head.startswith(b"II") else ">"
    file.seek(*struct.unpack_from(f"{order}I", head, 4))
    (count,) = struct.unpack(f"{order}H", file.read(2))
    found = dict(_tiff_fields(file.read(12 * min(count, _MOST_SEGMENTS)), order))
    return found.get(256, 0), found.get(257, 0)


def _tiff_fields(data: bytes, order: str) -> Iterator[tuple[int, int]]:
    for start in range(0, len(data) - 11, 12):
        tag, kind, _ = struct.unpack_from(f"{order}HHI", data, start)
        yield tag, struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, start + 8)[0]


def _boxed(head: bytes, _: BinaryIO) -> Size:
    """Return the largest size that an image item of a HEIF container states (`ispe`)."""
    sizes = [struct.unpack_from(">II", head, found.end() + 4) for found in re.finditer(b"ispe", head)]
    return max(sizes)


_MEASURES: dict[str, Callable[[bytes, BinaryIO], Size]] = {
    "PNG": _png,
    "JPEG": _jpeg,
    "GIF": _gif,
    "TIFF": _tiff,
    "BMP": _bmp,
    "WebP": _webp,
    "AVIF": _boxed,
    "HEIC": _boxed,
}


def _drawing(head: bytes) -> Size | None:
    """Return the size that a drawing states, or that of its view box."""
    svg = root(head)
    if svg is None or svg.name != "svg":
        raise UserFacingError("The SVG drawing is damaged, or it is not plain enough to be read.")
    stated = [_NUMBER.fullmatch(svg.attributes.get(side, "")) for side in ("width", "height")]
    numbers = [found[1] for found in stated if found] or svg.attributes.get("viewBox", "").replace(",", " ").split()[
        2:4
    ]
    try:
        width, height = (round(float(number)) for number in numbers)
    except (ValueError, OverflowError):
        return None
    return width, height
