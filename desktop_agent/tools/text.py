"""The bytes of a file as text."""

import codecs
import re

from desktop_agent.visible import without_controls

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"GGUF", "a model"),
)
_DAMAGED = "\N{REPLACEMENT CHARACTER}"
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def kind_of(data: bytes) -> str:
    """Return what a file is that is not text; empty for text."""
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    marked = any(data.startswith(bom) for bom, _ in _BOMS)
    return "a binary file" if b"\0" in data and not marked else ""


def decode(data: bytes, cut: bool = False) -> str:
    """Return text from UTF-8, UTF-16 or UTF-32 with a mark, GB 18030 or Windows-1252, without control characters.

    With `cut` a character that the end of the data splits is dropped.
    """
    return without_controls(_decode(data, cut).replace("\r\n", "\n").replace("\r", "\n"))


def _decode(data: bytes, cut: bool) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _incremental(data[len(bom) :], encoding, cut, "replace")
    text = _incremental(data, "utf-8", cut, "replace")
    if text.count(_DAMAGED) * 2 <= sum(not char.isascii() for char in text):
        return text
    try:
        text = _incremental(data, "gb18030", cut, "strict")
    except UnicodeDecodeError:
        text = ""
    return text if text and _looks_chinese(data, cut) else data.decode("cp1252", "replace")


def _incremental(data: bytes, encoding: str, cut: bool, errors: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(data, final=not cut)


def _looks_chinese(data: bytes, cut: bool) -> bool:
    """Return whether high bytes mostly come in pairs: in a Western code page an accented letter mostly stands alone."""
    runs = _HIGH_RUN.findall(data)[: -1 if cut else None]
    return sum(len(run) % 2 for run in runs) * 2 <= len(runs)
