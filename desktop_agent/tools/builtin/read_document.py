"""The text of a document in a granted folder, by pages or parts that can be cited."""

import os
import stat
from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.documents import DocumentReader, DocumentText
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import tool


@tool(
    "read",
    group="documents",
    title="Read document",
    icon="document",
    needs=("directory-descriptors", "seccomp", "rlimits"),
    before=Scope.require_roots,
    words="document pdf docx excel xlsx spreadsheet powerpoint pptx slides epub ebook csv html 文档 幻灯片 演示 电子书",
)
def read_document(
    scope: Scope,
    reader: DocumentReader,
    path: Annotated[str, "path inside a granted folder"],
    part: Annotated[int, "first page or part"] = 1,
) -> Outcome:
    """Read a PDF, Word, Excel, PowerPoint, EPUB, HTML or CSV file. Cite the [labels] in answers."""
    with scope.open(path) as opened:
        if not stat.S_ISREG(os.fstat(opened.fd).st_mode):
            raise UserFacingError(f"'{opened.label}' is no document.", "list_files shows what is in a folder.")
        try:
            found = reader.read(opened.fd, opened.label, start=part, limit=scope.limit, cancel=scope.cancel)
        except UserFacingError as error:
            raise UserFacingError(f"'{opened.label}': {error.message}", error.hint) from error
    return Outcome(_text(found, opened.label), source=opened.label)


def _text(found: DocumentText, label: str) -> str:
    name = f"{found.kind[:1].upper()}{found.kind[1:]} {label}{f', titled {found.title!r}' if found.title else ''}"
    if not found.parts:
        return f"{name} has no text."
    pieces = (f"[{part.label}]\n{part.text}" for part in found.parts)
    return "\n\n".join((f"{name}{_extent(found)}:", *pieces))


def _extent(found: DocumentText) -> str:
    """Return which parts these are, and how to read on."""
    last = found.start + len(found.parts) - 1
    if found.total_parts == 1:
        return ""
    here = f"part {last}" if last == found.start else f"parts {found.start} to {last}"
    more = f"; go on with part={last + 1}" if found.truncated else ""
    return f" ({here} of {found.total_parts or 'many'}{more})"
