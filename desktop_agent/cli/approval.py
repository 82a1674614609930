"""Asking at the terminal whether a tool may be used."""

import json
import select
import sys
import threading
from collections.abc import Sequence

from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.cli.session import is_interactive
from desktop_agent.messages import ToolCall
from desktop_agent.visible import visible

CHOICES: dict[str, Decision] = {"o": "once", "c": "chat", "d": "deny"}
LOOK_SECONDS = 0.05


def describe(call: ToolCall) -> str:
    """Return the call in one line, with nothing hidden in it."""
    return f"{call.name} {visible(json.dumps(call.arguments, ensure_ascii=False))}"


class TerminalApprover:
    """Allows everything with --yes; asks where somebody can answer; denies otherwise."""

    def __init__(self, *, allow_all: bool) -> None:
        self._allow_all = allow_all

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        """Return the user's decisions; Enter alone, Ctrl-D and Ctrl-C deny."""
        return [self._decide(request.call, stop) for request in requests]

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Return what the user types; nothing where nobody can be asked."""
        if not is_interactive():
            return ""
        print(f"\n{visible(question.text)}", file=sys.stderr, flush=True)
        return _typed(stop).strip()

    def _decide(self, call: ToolCall, stop: threading.Event) -> Decision:
        if self._allow_all:
            return "once"
        if not is_interactive():
            print(f"Denied, since nobody can be asked: {describe(call)}. Use --yes to allow.", file=sys.stderr)
            return "deny"
        print(f"\nAllow {describe(call)} ?", file=sys.stderr)
        print("[o]nce, in this [c]hat, [d]eny (default): ", end="", file=sys.stderr, flush=True)
        answer = _typed(stop).strip().lower()
        return "deny" if stop.is_set() else CHOICES.get(answer[:1], "deny")


def _typed(stop: threading.Event) -> str:
    """Return a typed line; nothing as soon as `stop` is set, which a read that waits would not notice."""
    while sys.platform != "win32" and not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        if stop.is_set():
            print(file=sys.stderr)
            return ""
    return sys.stdin.readline()
