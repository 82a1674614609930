"""The text of a file in a granted folder."""

import os
import stat
from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.scope import Opened, Scope
from desktop_agent.tools.shown import size
from desktop_agent.tools.text import decode, kind_of
from desktop_agent.tools.tool import tool


@tool(
    "read",
    group="files",
    title="Read file",
    icon="file",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
)
def read_file(scope: Scope, path: Annotated[str, "path inside a granted folder"]) -> str:
    """Read a text file in a folder that the user granted."""
    with scope.open(path) as opened:
        status = os.fstat(opened.fd)
        if stat.S_ISDIR(status.st_mode):
            raise UserFacingError(f"'{opened.label}' is a folder.", "list_files shows what is in it.")
        if not stat.S_ISREG(status.st_mode):
            raise UserFacingError(f"'{opened.label}' is not a regular file.")
        return _text(opened, _read(opened.fd, scope.limit), status.st_size)


def _read(fd: int, limit: int) -> bytes:
    """Return the first `limit` bytes, however large the file is or becomes meanwhile."""
    data = b""
    while len(data) < limit and (more := os.read(fd, limit - len(data))):
        data += more
    return data


def _text(opened: Opened, data: bytes, length: int) -> str:
    if kind := kind_of(data):
        raise UserFacingError(f"'{opened.label}' is {kind}.", "Only plain text can be read so far.")
    if not data:
        return f"File {opened.label} is empty."
    cut = length > len(data)
    extent = f"first {len(data):,} of {length:,} bytes" if cut else size(len(data))
    return f"File {opened.label} ({extent}):\n{decode(data, cut)}"
