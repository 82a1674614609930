"""Runs code as a notebook does: the value of its last line counts, faults show the user's own lines only."""

import ast
import json
import linecache
import sys
import traceback
from types import CodeType, ModuleType

import guest_files

NAME = "<code>"
LARGEST_VALUE = 200_000
SHOWN_VALUE = 20_000
FRAMES = 6
LONGEST_FAULT = 4000


def run(code: str, inputs: dict[str, object]) -> tuple[str, object]:
    """Run code with the inputs as its variables; return what went wrong, if anything, and its last line's value."""
    main = ModuleType("__main__")
    main.__dict__.update(inputs)
    sys.modules["__main__"] = main
    linecache.cache[NAME] = (len(code), None, code.splitlines(keepends=True), NAME)
    try:
        return "", _shown(_execute(code, main.__dict__))
    except SystemExit as end:
        return ("" if end.code in (None, 0) else f"SystemExit: {end.code}"), None
    except BaseException as error:  # noqa: BLE001 -- whatever the code raises is its result
        return _fault(error), None


def _execute(code: str, names: dict[str, object]) -> object:
    body, last = _parts(code)
    exec(body, names)  # noqa: S102 -- what this program is for
    return eval(last, names) if last else None  # noqa: S307 -- likewise


def _parts(code: str) -> tuple[CodeType, CodeType | None]:
    """Return the code in two: all of it but an expression on its last line, and that."""
    tree = ast.parse(code, NAME)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, NAME, "exec")
    return body, compile(ast.Expression(last.value), NAME, "eval") if last else None


def _shown(value: object) -> object:
    """Print a value as a notebook does; return it where JSON can hold it."""
    if value is None:
        return None
    text = repr(value)
    print(text if len(text) <= SHOWN_VALUE else f"{text[:SHOWN_VALUE]}…")
    try:
        written = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    return value if len(written) <= LARGEST_VALUE else None


def _fault(error: BaseException) -> str:
    """Return the traceback of the code's own lines."""
    try:
        told = traceback.TracebackException.from_exception(error)
        own = [frame for frame in told.stack if frame.filename == NAME]
        told.stack = traceback.StackSummary.from_list(own if len(own) <= FRAMES else [own[0], *own[1 - FRAMES :]])
        return f"{''.join(told.format(chain=False)).strip()[-LONGEST_FAULT:]}{_advice(error)}"
    except Exception:  # noqa: BLE001 -- the code's exceptions may misbehave in any way
        return type(error).__name__


def _advice(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"\nThere is no {error.name} here. Write the code again with the standard library only, and run that."
    if isinstance(error, FileNotFoundError):
        known = ", ".join(guest_files.names()) or "none"
        return f"\nFiles that can be opened: {known}. The call's argument 'files' adds more."
    if isinstance(error, RuntimeError) and "new thread" in str(error):
        return "\nThere are no threads here. Call the function directly."
    return ""
