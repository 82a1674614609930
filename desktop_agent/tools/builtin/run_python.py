"""Python code, run where it can reach nothing."""

import os
import stat
from collections.abc import Iterable
from typing import Annotated

from desktop_agent.decoding import decode, kind_of
from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.python import PythonRun, PythonSandbox
from desktop_agent.tools.atomic import read
from desktop_agent.tools.figure import checked, described
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.scope import Opened, Scope
from desktop_agent.tools.shown import size
from desktop_agent.tools.tool import tool

_LARGEST = 1_500_000
"""Bytes of all files together: what the interpreter is sent at once is 4 MB, and JSON makes text longer."""
_BEGINNING, _END = 6000, 2000
"""Characters of what was printed that the model gets to see."""
SILENT = "The code ran without an error and printed nothing. Use print() to see a value."


@tool(
    "compute",
    group="python",
    title="Run Python",
    icon="code",
    needs=("wasm", "seccomp"),
    reads="files",
    words="python code script program compute simulate statistics average median plot chart graph diagram histogram "
    "csv 代码 程序 运行 编程 统计 平均 画图 图表 折线图 柱状图",
)
def run_python(
    python: PythonSandbox,
    scope: Scope,
    code: Annotated[str, "prints its results"],
    files: Annotated[list[str], "paths; open() reads them"] = [],  # noqa: B006 -- never changed
) -> Outcome:
    """Run Python code and get what it prints. Standard library only, no numpy. Charts: matplotlib.pyplot. Tables:
    show_table(rows, columns).
    """
    run = python.run(code, {"files": dict(_texts(scope, files))}, cancel=scope.cancel)
    figure = checked(run.figure)
    notes = [described(figure)] if figure else []
    text = "\n".join(filter(None, (_printed(run), run.error, *notes)))
    if not run.ok:
        raise UserFacingError(text)
    return Outcome(text or SILENT, figure, "the output of the code")


def _printed(run: PythonRun) -> str:
    """Return what was printed: all of it, or its two ends."""
    output = run.output.rstrip()
    if len(output) > _BEGINNING + _END:
        left_out = len(output) - _BEGINNING - _END
        output = f"{output[:_BEGINNING]}\n[{left_out:,} characters left out]\n{output[-_END:]}"
    return f"{output}\n[Printing was cut here: too much.]" if run.truncated else output


def _texts(scope: Scope, paths: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield the files' paths and texts. Raises UserFacingError for what is no text, and for too much of it."""
    room = _LARGEST
    for path in dict.fromkeys(paths):
        scope.check()
        with scope.open(path) as opened:
            data = _content(opened, room)
        room -= len(data)
        yield path, decode(data)


def _content(opened: Opened, room: int) -> bytes:
    if not stat.S_ISREG(os.fstat(opened.fd).st_mode):
        raise UserFacingError(f"'{opened.label}' is not a file.", "Name files only.")
    data = read(opened.fd, room + 1)
    if len(data) > room:
        raise UserFacingError(f"'{opened.label}' is too large.", f"All files together may have {size(_LARGEST)}.")
    if kind := kind_of(data):
        raise UserFacingError(f"'{opened.label}' is {kind}.", "Only text files can be used in code.")
    return data
