"""Asking at the terminal what tools may do, and passing their questions on."""

import json
import select
import sys
import threading
from collections.abc import Sequence

from desktop_agent.approvals import ApprovalRequest, Decision, Preview, Question
from desktop_agent.cli.session import is_interactive
from desktop_agent.messages import ToolCall
from desktop_agent.visible import visible

LOOK_SECONDS = 0.05
HARMLESS = ("read", "compute")
"""The effects that --yes covers: what changes something, or acts outside, somebody has to look at."""
SCOPES: dict[Decision, str] = {"chat": "in this [c]hat", "folder": "in this [f]older", "always": "[a]lways"}
NOTHING = "[d]eny (default)"
WAYS = {
    "create": "New file",
    "edit": "Change",
    "move": "Move",
    "delete": "Delete",
    "note": "Note",
    "reminder": "Reminder",
}
TAINTED = "Text from outside is in this chat, so this is asked anew."


def describe(call: ToolCall) -> str:
    """Return the call in one line, with nothing hidden in it."""
    return f"{visible(call.name, kept='')} {visible(json.dumps(call.arguments, ensure_ascii=False))}"


class TerminalApprover:
    """With --yes allows what only reads or computes; asks where somebody can answer; denies otherwise."""

    def __init__(self, *, allow_all: bool) -> None:
        self._allow_all = allow_all

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        """Return the user's decisions; Enter alone, Ctrl-D and Ctrl-C deny. Several can be answered with one word."""
        if len(requests) > 1 and is_interactive() and not all(map(self._covers, requests)):
            for number, request in enumerate(requests, 1):
                _say(f"\n{number} of {len(requests)}: {_words(request)}")
            _say("Allow all [o]nce, [e]ach by itself, [d]eny all (default): ", end="")
            answer = _typed(stop).strip().lower()[:1]
            if answer != "e":
                return ["once" if answer == "o" and not stop.is_set() else "deny"] * len(requests)
        return [self._decide(request, stop) for request in requests]

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Return what is typed, or the choice of that number; nothing where nobody can be asked."""
        if not is_interactive():
            _say(f"Nobody can be asked: {visible(question.text)}")
            return ""
        _say(f"\n{visible(question.text)}")
        for number, choice in enumerate(question.choices, 1):
            _say(f"  {number}. {visible(choice, kept='')}")
        _say("> ", end="")
        typed = _typed(stop).strip()
        chosen = int(typed) - 1 if typed.isdecimal() else -1
        return question.choices[chosen] if 0 <= chosen < len(question.choices) else typed

    def _covers(self, request: ApprovalRequest) -> bool:
        return self._allow_all and request.effect in HARMLESS

    def _decide(self, request: ApprovalRequest, stop: threading.Event) -> Decision:
        if self._covers(request):
            return "once"
        if not is_interactive():
            hint = "Use --yes to allow." if request.effect in HARMLESS else "Changes need somebody who looks at them."
            _say(f"Denied, since nobody can be asked: {describe(request.call)}. {hint}")
            return "deny"
        _say(f"\nAllow {_words(request)} ?")
        choices = {"o": "[o]nce"} | {scope[0]: SCOPES[scope] for scope in request.scopes}
        _say(f"{', '.join(choices.values())}, {NOTHING}: ", end="")
        answer = _typed(stop).strip().lower()[:1]
        allowed: dict[str, Decision] = {"o": "once", **{scope[0]: scope for scope in request.scopes}}
        return "deny" if stop.is_set() else allowed.get(answer, "deny")


def _words(request: ApprovalRequest) -> str:
    """Return the request as lines: what would be done, then whatever makes it unusual."""
    lines = [_shown(request.preview) if request.preview else describe(request.call)]
    lines += [visible(request.risk)] if request.risk else []
    lines += [TAINTED] if request.tainted and request.effect in ("write", "act") else []
    return "\n".join(lines)


def _shown(preview: Preview) -> str:
    """Return a change as the terminal shows it: its head, then the difference."""
    target = f" to {preview.other}" if preview.other else ""
    counts = f" (+{preview.added} −{preview.removed})" if preview.added or preview.removed else ""
    return visible(f"{WAYS[preview.kind]} {preview.label}{target}{counts}\n{preview.text}").rstrip()


def _say(text: str, end: str = "\n") -> None:
    print(text, end=end, file=sys.stderr, flush=True)


def _typed(stop: threading.Event) -> str:
    """Return a typed line; nothing as soon as `stop` is set, which a read that waits would not notice."""
    while sys.platform != "win32" and not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        if stop.is_set():
            print(file=sys.stderr)
            return ""
    return sys.stdin.readline()
