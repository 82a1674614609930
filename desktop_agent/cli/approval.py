"""Asking at the terminal what tools may do, and passing their questions on."""

import json
import select
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from desktop_agent.approvals import ApprovalRequest, Decision, Preview, Question
from desktop_agent.cli.session import is_interactive
from desktop_agent.messages import ToolCall
from desktop_agent.visible import visible

LOOK_SECONDS = 0.05
_PIECES = 100
"""As many as something pasted comes in: a terminal that is gone has something to read for ever."""
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
        if all(map(self._covers, requests)):
            return ["once"] * len(requests)
        _forget_typed(stop)
        if len(requests) > 1 and is_interactive():
            for number, request in enumerate(requests, 1):
                _say(f"\n{number} of {len(requests)}: {_words(request)}")
            _say("Allow all [o]nce, [e]ach by itself, [d]eny all (default): ", end="")
            answer = _letter(_typed(stop), ("once", "each"))
            if answer != "e":
                return ["once" if answer == "o" and not stop.is_set() else "deny"] * len(requests)
        return [self._decide(request, stop) for request in requests]

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Return what is typed, or the choice of that number; nothing where nobody can be asked."""
        _forget_typed(stop)
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
        answer = _letter(_typed(stop), ("once", *request.scopes))
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


def _letter(answer: str, words: Sequence[str]) -> str:
    """Return the first letter of the word that was typed, or of which it is the first letter; nothing for others."""
    said = answer.strip().lower()
    return said[:1] if said in {*words, *(word[0] for word in words)} else ""


def _forget_typed(stop: threading.Event) -> None:
    """Drop what was typed or pasted before the question was there, and comes in still: it answers something else."""
    if not is_interactive() or sys.platform == "win32":
        return
    import termios

    with suppress(termios.error):
        for _ in range(_PIECES):
            if stop.is_set() or not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
                return
            termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _typed(stop: threading.Event) -> str:
    """Return a typed line; nothing as soon as `stop` is set, which a read that waits would not notice."""
    while sys.platform != "win32" and not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        if stop.is_set():
            print(file=sys.stderr)
            return ""
    return sys.stdin.readline()
