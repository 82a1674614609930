"""The text of a file in a granted folder."""

import os
import stat
from typing import Annotated

from desktop_agent.decoding import decode, kind_of
from desktop_agent.errors import UserFacingError
from desktop_agent.tools.atomic import read
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.scope import Opened, Scope
from desktop_agent.tools.shown import size
from desktop_agent.tools.tool import tool


@tool(
    "read",
    group="files",
    title="Read file",
    icon="file",
    needs=("directory-descriptors",),
    before=Scope.require_roots,
)
def read_file(
    scope: Scope,
    path: Annotated[str, "path inside a granted folder"],
    start: Annotated[int, "first line"] = 1,
) -> Outcome:
    """Read a text file in a folder that the user granted."""
    with scope.open(path) as opened:
        status = os.fstat(opened.fd)
        if stat.S_ISDIR(status.st_mode):
            raise UserFacingError(f"'{opened.label}' is a folder.", "list_files shows what is in it.")
        if not stat.S_ISREG(status.st_mode):
            raise UserFacingError(f"'{opened.label}' is not a regular file.")
        text = _from(scope, opened, status, start) if start > 1 else _beginning(scope, opened, status)
        return Outcome(text, source=opened.label)


def _beginning(scope: Scope, opened: Opened, status: os.stat_result) -> str:
    data = _checked(opened, read(opened.fd, scope.limit))
    cut = status.st_size > len(data)
    text = decode(data, cut)
    line = text.count("\n") + 1  # that the cut goes through
    scope.seen.note(status, 1, line - cut, end=not cut)
    if not data:
        return f"File {opened.label} is empty."
    extent = f"first {len(data):,} of {status.st_size:,} bytes" if cut else size(len(data))
    return f"File {opened.label} ({extent}{_more(line) if cut and line > 1 else ''}):\n{text}"


def _from(scope: Scope, opened: Opened, status: os.stat_result, start: int) -> str:
    """Return whole lines from `start` on, as many as the limit allows, but at least a part of one."""
    data = _checked(opened, read(opened.fd, LARGEST))
    cut = status.st_size > len(data)
    lines = decode(data, cut).removesuffix("\n").split("\n")
    if start > len(lines):
        reach = f"The first {size(len(data))} of '{opened.label}' have" if cut else f"'{opened.label}' has"
        raise UserFacingError(f"{reach} {len(lines):,} lines.", "Start at an earlier line.")
    last, text = _fitting(lines, start, scope.limit)
    whole = text.endswith(lines[last - 1])
    scope.seen.note(status, start, last if whole else last - 1, end=whole and last == len(lines) and not cut)
    total = f"{len(lines):,}{' or more' if cut else ''}"
    more = _more(last + 1) if last < len(lines) else ""
    return f"File {opened.label} (lines {start:,} to {last:,} of {total}{more}):\n{text}"


def _fitting(lines: list[str], start: int, limit: int) -> tuple[int, str]:
    """Return the last line that fits, and the text up to its end; or the beginning of a line that is too long."""
    last, room = start - 1, limit
    while last < len(lines) and (room := room - len(lines[last].encode()) - 1) >= 0:
        last += 1
    if last < start:
        return start, lines[last][: limit // 4]
    return last, "\n".join(lines[start - 1 : last])


def _checked(opened: Opened, data: bytes) -> bytes:
    if kind := kind_of(data):
        raise UserFacingError(f"'{opened.label}' is {kind}.", "read_document reads documents.")
    return data


def _more(line: int) -> str:
    return f"; go on with start={line}"
