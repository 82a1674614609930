"""PDF, read by PDFium, the reader of Chromium: its JavaScript engine is not built in, and nothing is rendered."""

import ctypes
import os
from collections.abc import Iterator
from functools import partial
from mmap import ACCESS_COPY, mmap
from typing import Any, BinaryIO

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.readers.archive import locked
from desktop_agent.sandbox.readers.parts import Document, Part

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LINK, _POPUP, _WIDGET = 2, 16, 20  # FPDF_ANNOT_…
_MOST_NOTES = 1000
_LONGEST_NOTE = 1 << 14
_NO_TEXT = "[No text on this page: it may be a scan or a picture.]"


def read(file: BinaryIO, _name: str) -> Document:
    """Return the pages. Raises UserFacingError for what needs a password or is no PDF inside."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(_mapped(file))
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise locked() from error
        raise UserFacingError("The PDF document is damaged: no pages can be found in it.") from error
    if not len(document):
        raise UserFacingError("The PDF document is damaged: it has no pages.")
    return Document("PDF document", document.get_metadata_value("Title"), _pages(document))


def _mapped(file: BinaryIO) -> Any:
    """Return the file's bytes without reading them: PDFium's calls back to Python need memory that can be executed."""
    length = file.seek(0, os.SEEK_END)  # the locked worker cannot ask for it in any other way
    return (ctypes.c_char * length).from_buffer(mmap(file.fileno(), length, access=ACCESS_COPY))


def _pages(document: Any) -> Iterator[Part]:
    total = len(document)
    return (Part(f"page {index + 1} of {total}", partial(_text, document, index)) for index in range(total))


def _text(document: Any, index: int) -> str:
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return "[This page is damaged.]"
    try:
        words = page.get_textpage()
        text = words.get_text_bounded().replace("\r\n", "\n").replace("\ufffe", "")  # a hyphen at a line's end
        words.close()
        return "\n".join((text.strip(), *_notes(page))).strip() or _NO_TEXT
    finally:
        page.close()


def _notes(page: Any) -> Iterator[str]:
    """Yield what was filled into fields, and comments: for PDFium neither is text of the page."""
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        if note := raw.FPDFPage_GetAnnot(page, index):
            kind = raw.FPDFAnnot_GetSubtype(note)
            if kind == _WIDGET and (value := _value(note, b"V")):
                yield f"[field {_value(note, b'T')}: {value}]"
            elif kind not in (_LINK, _POPUP, _WIDGET) and (value := _value(note, b"Contents")):
                yield f"[comment: {value}]"
            raw.FPDFPage_CloseAnnot(note)


def _value(note: Any, key: bytes) -> str:
    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * _LONGEST_NOTE)()
    length = raw.FPDFAnnot_GetStringValue(note, key, buffer, ctypes.sizeof(buffer))
    if not 2 < length <= ctypes.sizeof(buffer):
        return ""
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace").strip()
