"""Which reader a file gets: decided by its bytes, and by its name only where bytes cannot tell."""

from collections.abc import Callable
from typing import BinaryIO

from desktop_agent.decoding import kind_of
from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.readers import book, opendocument, pdf, picture, plain, slides, table, web, word, workbook
from desktop_agent.sandbox.readers.archive import Archive, locked
from desktop_agent.sandbox.readers.parts import Document

_HEAD = 4096
_PDF_WITHIN = 1024
"""Bytes that may stand before a PDF's mark; see Acrobat's implementation notes to the PDF reference, 3.4.1."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_MOST_SEARCHED = 64
_ARCHIVES: dict[str, Callable[[Archive], Document]] = {
    book.MAIN: book.read,
    slides.MAIN: slides.read,
    workbook.MAIN: workbook.read,
    word.MAIN: word.read,
    opendocument.MAIN: opendocument.read,
}
_PAGES = (b"<!doctype html", b"<html", b"<?xml")
_READABLE = "PDF, Word, Excel, PowerPoint, OpenDocument, EPUB, HTML, CSV and plain text can be read."


def document(file: BinaryIO, name: str) -> Document:
    """Return a file as a document. Raises UserFacingError for what is none, and whatever a reader stumbles over."""
    head = file.read(_HEAD)
    file.seek(0)
    if not head:
        raise UserFacingError("The file is empty.")
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return pdf.read(file, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archived(Archive(file))
    if head.startswith(_OLD_OFFICE):
        raise _old_office(file)
    if picture.is_picture(head, name):
        return picture.read(file, name)
    return _written(file, head, name.lower())


def _archived(archive: Archive) -> Document:
    for main, read in _ARCHIVES.items():
        if main in archive:
            return read(archive)
    if "encrypted-package" in archive:  # an OpenDocument of which all is encrypted
        raise locked()
    raise UserFacingError("The file is a ZIP archive and no document.", "Unpack it, then read the files in it.")


def _old_office(file: BinaryIO) -> UserFacingError:
    """Return what to do about a compound file: a locked new document, or one from before 2007."""
    tail = b""
    for _ in range(_MOST_SEARCHED):
        data = file.read(_CHUNK)
        if _LOCKED_OFFICE in tail + data:
            return locked()
        if not data:
            break
        tail = data[-len(_LOCKED_OFFICE) :]
    return UserFacingError("The file is an old Office document.", "Save it as .docx, .xlsx or .pptx to read it.")


def _written(file: BinaryIO, head: bytes, name: str) -> Document:
    if kind := kind_of(head):
        raise UserFacingError(f"The file is {kind} and no document.", _READABLE)
    if head.startswith(b"{\\rtf"):
        raise UserFacingError("The file is a Rich Text document.", "Save it as .docx to read it.")
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if name.endswith((".html", ".htm", ".xhtml")) or (beginning.startswith(_PAGES) and b"<html" in beginning):
        return web.read(file, name)
    if name.endswith((".csv", ".tsv")):
        return table.read(file, name)
    return plain.read(file, name)
