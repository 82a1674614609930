"""What a peer that chats goes through in a process of its own. Only the standard library: peers have environments.

A plan comes in on standard input as JSON; the figures leave as the last line of standard output.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.helpers.engine_bench import workload as texts

Messages = list[dict[str, str]]
Plan = dict[str, Any]
Found = dict[str, Any]


class Peer(Protocol):
    """An engine that streams answers."""

    def load(self) -> None:
        """Load the model, until questions can be asked."""

    def ask(self, messages: Messages, limit: int) -> Generator[str, None, None]:
        """Yield an answer of so many tokens at most, each token by itself; closing the iterator ends it."""

    def stop(self) -> None:
        """End the answer that another thread asks for, as far as that is possible; else nothing."""

    def settle(self) -> None:
        """Return when nothing is computed any more."""

    def process(self) -> int:
        """Return the id of the process that holds the model."""

    def close(self) -> None:
        """End it."""


Task = Callable[[Peer, Plan], Found]


@dataclass(frozen=True)
class Answered:
    """An answer with its times in seconds: until its first token, and from there to its end."""

    first: float
    rest: float
    pieces: int
    text: str


def asked(peer: Peer, messages: Messages, limit: int) -> Answered:
    """Ask and wait for the whole answer."""
    started, first, pieces = time.perf_counter(), 0.0, list[str]()
    with closing(peer.ask(messages, limit)) as answer:
        for piece in answer:
            first = first or time.perf_counter()
            pieces.append(piece)
    if not first:
        raise RuntimeError("there was no answer")
    return Answered(first - started, time.perf_counter() - first, len(pieces), "".join(pieces))


def timed(work: Callable[[], None]) -> float:
    """Return how many seconds it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def chats(peer: Peer, plan: Plan) -> Found:
    """A new chat, its second turn, another chat, the return, and an edited message."""
    work, found = plan["work"], Found(load=timed(peer.load))
    chat = [_said("system", work["system"]), _said("user", texts.FIRST)]
    first = _go_on(peer, chat, texts.ANSWER_TOKENS)
    found |= {"ttft_new_chat_cold": first.first, "prefill": work["tokens"]["first"] / first.first}
    found["decode"] = (first.pieces - 1) / first.rest
    found["rss_mb"] = resident_mb(peer.process())
    chat.append(_said("user", texts.SECOND))
    found["ttft_turn2"] = _go_on(peer, chat, texts.SHORT_TOKENS).first
    chat.append(_said("user", work["paste"]))
    _go_on(peer, chat, texts.SHORT_TOKENS)
    asked(peer, [chat[0], _said("user", texts.OTHER)], texts.SHORT_TOKENS)
    chat.append(_said("user", texts.BACK))
    found["ttft_return"] = _go_on(peer, chat, texts.SHORT_TOKENS).first
    found["ttft_edit"] = asked(peer, [*chat[:3], _said("user", texts.EDITED)], texts.SHORT_TOKENS).first
    return found


def stops(peer: Peer, plan: Plan) -> Found:
    """Long prompts that are stopped while they are read."""
    peer.load()
    work = plan["work"]
    head, documents = _said("system", work["system"]), work["documents"]
    asked(peer, [head, _said("user", texts.OTHER)], 1)
    whole = asked(peer, [head, _said("user", documents[0])], 1).first
    prompts = [[head, _said("user", document)] for document in documents[1:]]
    pairs = zip(prompts, (whole * part for part in plan["stop_at"]), strict=False)
    took = [_stopped(peer, prompt, after) for prompt, after in pairs]
    return {"stop_ms": [1000 * seconds for seconds in took if seconds is not None]}


def _stopped(peer: Peer, messages: Messages, after: float) -> float | None:
    """Stop an answer after so many seconds; return how long it took until nothing was computed any more.

    None when the prompt was read before: nothing was stopped then.
    """
    stopping, writing = threading.Event(), threading.Event()

    def ask() -> None:
        with closing(peer.ask(messages, texts.ANSWER_TOKENS)) as answer:
            for _piece in answer:
                writing.set()
                if stopping.is_set():
                    break

    thread = threading.Thread(target=ask)
    thread.start()
    too_late = writing.wait(after)
    started = time.perf_counter()
    stopping.set()
    peer.stop()
    thread.join()
    peer.settle()
    return None if too_late else time.perf_counter() - started


def copying(peer: Peer, row: str) -> Found:
    """Write an answer that repeats its prompt."""
    peer.load()
    answer = asked(peer, [_said("user", texts.copy_task())], texts.COPY_TOKENS)
    return {row: (answer.pieces - 1) / answer.rest}


def serve(make: Callable[[Plan], Peer], tasks: dict[str, Task] | None = None) -> None:
    """Carry out the plan on standard input; `tasks` adds to what every peer can do."""
    plan = read_plan()
    known = {"chats": chats, "stop": stops, "copy": lambda peer, _plan: copying(peer, "copy_drafting_off")}
    with closing(make(plan)) as peer:
        tell({**known, **(tasks or {})}[plan["task"]](peer, plan))


def read_plan() -> Plan:
    """Return the plan on standard input. What libraries print from now on goes to standard error."""
    plan: Plan = json.load(sys.stdin)
    global _out  # noqa: PLW0603 -- the one standard output there is
    _out = os.dup(1)
    os.dup2(2, 1)
    return plan


_out = 1


def tell(found: Found) -> None:
    """Hand the figures over."""
    os.write(_out, (json.dumps(found) + "\n").encode())


def resident_mb(process: int) -> float:
    """Return the resident memory of a process in MB (10**6 bytes)."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("the system does not say how much memory is resident")


def _go_on(peer: Peer, chat: Messages, limit: int) -> Answered:
    """Ask, and keep the answer in the chat."""
    answer = asked(peer, chat, limit)
    chat.append(_said("assistant", answer.text))
    return answer


def _said(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}
