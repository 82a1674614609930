"""A turn's events on the terminal: as text, or as JSON lines."""

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any, Protocol

from desktop_agent.cli.approval import describe
from desktop_agent.events import (
    ContextChanged,
    Event,
    MemorySaved,
    Recalled,
    RecalledMemory,
    TextDelta,
    ThinkingDelta,
    ToolCallRequested,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    TurnStopped,
    to_dict,
)
from desktop_agent.visible import visible, without_controls

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"
EXIT_CODES = {"turn_finished": 0, "turn_stopped": 4, "turn_failed": 5}


class Output(Protocol):
    """Shows events."""

    def show(self, event: Event) -> None:
        """Show one event at once."""


class JsonOutput:
    """One JSON object a line, on stdout."""

    def show(self, event: Event) -> None:
        """Write the event."""
        print(as_json(to_dict(event)), flush=True)


def as_json(value: Any, indent: int | None = None) -> str:
    """Return the value as JSON that standard output can show: where that is not Unicode, with JSON's own escapes."""
    return json.dumps(value, ensure_ascii=not _writes_unicode(), indent=indent, default=str)


def print_result(args: argparse.Namespace, value: Any, lines: Iterable[str]) -> int:
    """Print the value as JSON when that was asked for, else the lines; return 0."""
    print(as_json(value, 2) if args.json else "\n".join(lines))
    return 0


def _writes_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")


class TextOutput:
    """The answer on stdout; what the tools did, and faults, on stderr, and what is thought where somebody watches."""

    def __init__(self) -> None:
        self._is_watched = bool(sys.stderr) and sys.stderr.isatty()
        self._thinks = False

    def show(self, event: Event) -> None:
        """Write the event if a reader wants it."""
        self._show_thinking(event)
        match event:
            case TextDelta(text):
                print(without_controls(text), end="", flush=True)
            case TurnFinished(cut=cut):
                print(flush=True)
                if cut:
                    self._aside("[The context is full, so the answer ends here.]")
            case TurnStopped():
                print(flush=True)
                self._aside("Stopped.")
            case TurnFailed(message, hint):
                self._aside(f"{message} {hint}".strip())
            case _:
                self._show_work(event)

    def _show_thinking(self, event: Event) -> None:
        """Write what is thought, dimmed, where somebody watches; a blank line ends it."""
        if self._is_watched and isinstance(event, ThinkingDelta):
            print(f"{_DIM}{without_controls(event.text)}{_PLAIN}", end="", file=sys.stderr, flush=True)
            self._thinks = True
        elif self._thinks:
            print("\n", file=sys.stderr, flush=True)
            self._thinks = False

    def _show_work(self, event: Event) -> None:
        match event:
            case MemorySaved(saved):
                self._aside(f"[saved: {visible(saved.text, kept='')}]")
            case Recalled(memories):
                for memory in memories:
                    self._aside(_recalled(memory))
            case ToolCallRequested(call):
                self._aside(f"[{describe(call)}]")
            case ToolFinished(result) if not result.ok:
                self._aside(f"[{result.name}: {visible(result.text)}]")
            case ToolFinished(result) if result.undo_id:
                self._aside(f"[{visible(result.text)} To take it back: desktop-agent undo {result.undo_id}]")
            case ContextChanged(left_out=left_out) if left_out:
                self._aside(f"[{left_out} earlier messages no longer fit the context and were left out]")

    @staticmethod
    def _aside(line: str) -> None:
        print(line, file=sys.stderr, flush=True)


def _recalled(memory: RecalledMemory) -> str:
    """Return a line that says what was recalled: a saved memory as it is, a note from a chat by its place."""
    if memory.memory_id:
        return f"[recalled: {visible(memory.text, kept='')}]"
    return f"[recalled from “{visible(memory.conversation_title, kept='')}”, {memory.date[:10]}]"


def follow(events: Iterable[Event], output: Output) -> int:
    """Show all events of a turn and return the exit code that its end stands for."""
    code = EXIT_CODES["turn_failed"]
    for event in events:
        output.show(event)
        code = EXIT_CODES.get(event.kind, code)
    return code
