"""A chat template that nobody has looked at, in a process of its own: one that loops or grows is ended with it.

jinja's sandbox keeps a template from the program's objects, but not from nested loops, from numbers and lists that grow
with each step, or from C code that compares them for hours. Only the end of a process ends all of that, and holes in
the sandbox open into a room without files.
"""

import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from desktop_agent.llm.spans import Seals
from desktop_agent.llm.template_sandbox import TemplateFaulty, TemplateRefusal
from desktop_agent.messages import Json

_START_SECONDS, _RENDER_SECONDS = 20.0, 2.0
_MEMORY = 512 << 20
"""Bytes that the process may take."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class TemplateStopped(Exception):
    """The template did not end in time, or took too much memory; it is not asked again."""


class TemplateProcess:
    """A compiled template in another process, which ends with this object. Not thread-safe."""

    def __init__(self, source: str) -> None:
        """Raises TemplateFaulty or TemplateStopped."""
        command = [sys.executable, "-P", "-m", "desktop_agent.llm.template_child", str(_MEMORY)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, creationflags=_NO_WINDOW)
        self._end = weakref.finalize(self, _end, self._process)
        self._ask(None, _START_SECONDS)
        answer = self._ask({"source": source}, _RENDER_SECONDS)
        if "faulty" in answer:
            self.close()
            raise TemplateFaulty(str(answer["faulty"]))

    def render(self, variables: Mapping[str, Json], seals: Seals) -> str:
        """Return the prompt with sealed texts in it. Raises TemplateRefusal or TemplateStopped."""
        answer = self._ask({"variables": variables, "sealed": seals.count}, _RENDER_SECONDS)
        if "refused" in answer:
            raise TemplateRefusal(str(answer["refused"]))
        for text in answer["json"]:
            seals.seal_json(text)
        return str(answer["text"])

    def close(self) -> None:
        """End the process. Safe to call twice."""
        self._end()

    def _ask(self, question: Mapping[str, Json] | None, seconds: float) -> dict[str, Any]:
        """Return the answer to a question, or the greeting. Raises TemplateStopped, also when it was stopped before."""
        clock = threading.Timer(seconds, self._process.kill)
        clock.start()
        try:
            if question is not None:
                self._process.stdin.write(json.dumps(question).encode() + b"\n")  # type: ignore[union-attr]
                self._process.stdin.flush()  # type: ignore[union-attr]
            answer = json.loads(self._process.stdout.readline())  # type: ignore[union-attr]
        except (OSError, ValueError) as error:
            self.close()
            raise TemplateStopped from error
        finally:
            clock.cancel()
            clock.join()
        if "stopped" in answer:
            self.close()
            raise TemplateStopped
        return dict(answer)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # half a question in its buffer
            pipe.close()  # type: ignore[union-attr]
