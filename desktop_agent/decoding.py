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
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "cp1252")
"""All that `encoding_of` may return."""
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
    (b"\x93NUMPY", "a NumPy array"),
    *((bytes((0x80, version)), "a Python pickle") for version in range(2, 6)),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ\0", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"Rar!\x1a\x07", "a compressed file"),
)
_DAMAGED = "\N{REPLACEMENT CHARACTER}"
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_PLAUSIBLE = re.compile(
    # ASCII and Latin letters, Greek, Cyrillic, dashes and quotes, kana, CJK with its punctuation and full-width forms.
    "[\t\n\f\r -~\u00a0-\u024f\u0370-\u04ff\u2010-\u2027\u20ac\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffee]"
)
_SAMPLE = 4096
_FEW = 16


def kind_of(data: bytes) -> str:
    """Return what a file is that is not text; empty for text."""
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    return "a binary file" if b"\0" in data and not _wide(data)[0] else ""


def decode(data: bytes, cut: bool = False) -> str:
    """Return text from UTF-8, UTF-16 or UTF-32, GB 18030 or Windows-1252, without control characters.

    With `cut` a character that the end of the data splits is dropped.
    """
    encoding, mark = encoding_of(data, cut)
    text = _incremental(data[mark:], encoding, cut, "replace")
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def encoding_of(data: bytes, cut: bool = False) -> tuple[str, int]:
    """Return the encoding of a text, and the length of the byte order mark that it begins with."""
    encoding, mark = _wide(data)
    if encoding:
        return encoding, mark
    text = _incremental(data, "utf-8", cut, "replace")
    if text.count(_DAMAGED) * 2 <= sum(not char.isascii() for char in text):
        return "utf-8", 0
    try:
        text = _incremental(data, "gb18030", cut, "strict")
    except UnicodeDecodeError:
        text = ""
    return ("gb18030" if text and _looks_chinese(data, cut) else "cp1252"), 0


def _wide(data: bytes) -> tuple[str, int]:
    """Return the encoding that a mark or, in UTF-16 without one, the NUL bytes tell of; empty for the others."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, len(bom)
    sample = data[:_SAMPLE]
    if b"\0" in sample:
        texts = {encoding: _incremental(sample, encoding, True, "replace") for encoding in ("utf-16-le", "utf-16-be")}
        likely = max(texts, key=lambda encoding: _plausibility(texts[encoding]))
        if _plausibility(texts[likely]) > 0.95:
            return likely, 0
    return "", 0


def _plausibility(text: str) -> float:
    """Return the share of characters that people write. Where a few might be so by chance, most must be ASCII."""
    if len(text) < _FEW and 2 * sum(map(str.isascii, text)) <= len(text):
        return 0.0
    return len(_PLAUSIBLE.findall(text)) / max(2, len(text))


def _incremental(data: bytes, encoding: str, cut: bool, errors: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(data, final=not cut)


def _looks_chinese(data: bytes, cut: bool) -> bool:
    """Return whether high bytes mostly come in pairs: in a Western code page an accented letter mostly stands alone."""
    runs = _HIGH_RUN.findall(data)[: -1 if cut else None]
    return sum(len(run) % 2 for run in runs) * 2 <= len(runs)
