"""A worker's own side: it confines itself, says so, and answers one message after the other."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO, NoReturn

from desktop_agent.sandbox import frames
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.limits import Limits
from desktop_agent.sandbox.lock import Kind, LockRefused, lock


def serve(
    handler: Callable[[Message], Message],
    kind: Kind,
    limits: Limits,
    after: Callable[[str], None] = lambda layer: None,
) -> NoReturn:
    """Lock this process, then answer every message by `handler` until there are no more. What it prints is not read.

    All that `handler` needs of files is opened and imported before: afterwards no file can be opened.
    `after` is told each layer as soon as it holds.
    """
    answers = _own_output()
    try:
        layers = lock(kind, limits, after=after)
    except LockRefused as refusal:
        frames.write(answers, {"refused": str(refusal)})
        os._exit(1)
    frames.write(answers, {"layers": list(layers)})
    try:
        while (message := frames.read(sys.stdin.buffer)) is not None:
            frames.write(answers, handler(message))
    except BaseException:  # noqa: BLE001 -- ends here: the interpreter's own ending wants files
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _own_output() -> BinaryIO:
    """Return the way to the program, and send what anything prints into the complaints instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers
