"""Renders one chat template for the process that started it, line by line, within limits; it cannot open files."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desktop_agent.llm.spans import FIRST_SEAL, SEAL
from desktop_agent.llm.template_sandbox import Sandbox, TemplateFaulty, TemplateRefusal
from desktop_agent.messages import Json

_MOST_TEXT = 1 << 25
"""Characters of a prompt, far beyond any model's context."""
_OPEN_ALREADY = 3
"""File descriptors: standard input, output and errors."""


def main() -> None:
    """Say that it is there; compile the first line's template, then render one prompt a line until there are no more.

    What cannot be answered any more, such as a MemoryError, ends the process in whatever state it is in.
    """
    limit(int(sys.argv[1]))
    answer: Callable[[dict[str, Any]], dict[str, Any]] = compiled
    say({})
    for line in sys.stdin.buffer:
        try:
            told = answer(json.loads(line))
        except MemoryError:
            told = {"stopped": True}
        answer = told.pop("next", answer)
        say(told)


def say(told: dict[str, Any]) -> None:
    """Write one line to the process that asked."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def compiled(question: dict[str, Any]) -> dict[str, Any]:
    """Compile the template; the next question is for it."""
    try:
        sandbox = Sandbox(question["source"])
    except TemplateFaulty as error:
        return {"faulty": str(error)}
    return {"next": lambda question: rendered(sandbox, question)}


def rendered(sandbox: Sandbox, question: dict[str, Any]) -> dict[str, Any]:
    """Render a prompt. JSON with sealed texts inside is sealed in turn, by a parent that knows them."""
    away = SealsAway(question["sealed"])
    try:
        text = sandbox.render(question["variables"], away.json)
    except TemplateRefusal as error:
        return {"refused": str(error)[:1000]}
    return {"stopped": True} if len(text) > _MOST_TEXT else {"text": text, "json": away.made}


class SealsAway:
    """Stands for seals whose texts are with the parent, who numbers on from `first`."""

    def __init__(self, first: int) -> None:
        self._first = first
        self.made: list[str] = []

    def json(self, value: Json, **options: Json) -> str:
        """Return the value as JSON, as a character of its own if sealed texts are inside."""
        text = json.dumps(value, ensure_ascii=False, **options)
        if not SEAL.search(text):
            return text
        self.made.append(text)
        return chr(FIRST_SEAL + self._first + len(self.made) - 1)


def limit(memory: int) -> None:
    """Give up what a template never needs, memory without end and files, where the system lets a process do so."""
    rehearse()
    with suppress(ImportError):
        import resource

        limits = {resource.RLIMIT_AS: memory, resource.RLIMIT_DATA: memory, resource.RLIMIT_NOFILE: _OPEN_ALREADY}
        for kind, most in {**limits, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}.items():
            with suppress(ValueError, OSError):  # macOS knows some of them by name only
                resource.setrlimit(kind, (most, most))


def rehearse() -> None:
    """Let Python import all that rendering needs while it still can."""
    sandbox = Sandbox("{{ [{'a': '\\n'}] | tojson }}{{ strftime_now('%d %b %Z') }}{{ raise_exception('no') }}")
    with suppress(TemplateRefusal):
        sandbox.render({}, SealsAway(0).json)


if __name__ == "__main__":
    main()
