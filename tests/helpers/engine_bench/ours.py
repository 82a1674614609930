"""This engine, in the running program: a real App in a home of its own, its encrypted journal, and every event read.

A turn is timed as its user lives it: from handing over the question to the event that shows the first token, and from
there to the event that says that the answer is on disk. Memory is paused, since recall has a benchmark of its own.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_agent.agent import context
from desktop_agent.agent.prompt import head
from desktop_agent.app import App
from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.events import Event, PromptProgress, TextDelta, TurnFailed, TurnFinished, TurnStats, TurnStopped
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan as EnginePlan
from desktop_agent.llm.protocol import ChatModel, Completion, ModelEvent, Request
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.tools.catalogue import built_in_tools
from tests.helpers.engine_bench import workload as texts
from tests.helpers.engine_bench.chatting import Found, Plan, read_plan, resident_mb, tell
from tests.helpers.engine_bench.kv import file_plus_kv_mb
from tests.helpers.engine_bench.workload import Workload, fitting

_WITHIN_A_PIECE = 0.05
"""Seconds after a piece of the prompt was read: the next one is then being computed."""
_LAST_LETTERS = 8
"""Letters that are typed so shortly before Send that nobody reads them ahead."""
_READ_AGAIN = 500
"""Editions from here on are heads that no snapshot knows."""


class Limited:
    """The program's model, which ends each answer after `limit` tokens."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.limit = texts.SHORT_TOKENS

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def generate(self, request: Request, cancel: threading.Event) -> Iterator[ModelEvent]:
        """Answer as the model does."""
        return self._model.generate(replace(request, max_tokens=self.limit), cancel)


class Denies:
    """An approver who allows nothing; no question here needs a tool."""

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        """Refuse."""
        return ["deny"] * len(requests)

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Say nothing."""
        return ""


@dataclass(frozen=True)
class Turn:
    """A turn's times in seconds by the clock on the wall; `read` and `reused` are tokens of its prompt."""

    first: float
    reading: float
    rest: float
    read: int
    reused: int
    stats: TurnStats
    answer: str

    @property
    def decode(self) -> float:
        """Tokens per second; the first one comes from reading the prompt."""
        return (self.stats.answer_tokens - 1) / self.rest


class Ours:
    """The program, driven as the window drives it."""

    def __init__(self, plan: Plan) -> None:
        self.path = Path(plan["model"])
        self.app = App(Paths.from_environment()).open()
        changes = {"model": str(self.path), "memory_paused": True, "context_tokens": texts.CONTEXT_TOKENS}
        self.app.save_settings(self.app.settings.model_copy(update=changes))

    def load(self) -> float:
        """Load the model with its tuned settings; return the seconds."""
        started = time.perf_counter()
        self.app.load_model()
        took = time.perf_counter() - started
        assert self.app.model
        self.model = Limited(self.app.model)
        self.app.model = self.model  # type: ignore[assignment]  # passes on what it does not have
        return took

    def load_with(self, **changes: object) -> None:
        """Load the model with settings that differ from the tuned ones, and no snapshots."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        assert self.app.model
        self.app.model.close()
        self.model = Limited(Engine.load(self.path, plan=EnginePlan(texts.CONTEXT_TOKENS, settings)))
        self.app.model = self.model  # type: ignore[assignment]

    @property
    def settings(self) -> EngineSettings:
        """What the program computes with."""
        settings: EngineSettings = self.app.model.settings  # type: ignore[union-attr]  # an Engine's
        return settings

    def begin(self) -> str:
        """Begin a chat; return its id."""
        return self.app.conversations.create().id

    def turn(self, chat: str, text: str, limit: int = texts.SHORT_TOKENS) -> Turn:
        """Ask and wait until the answer is on disk."""
        started = time.perf_counter()
        return self._follow(self.app.keep(chat, text), started, limit)

    def typed(self, chat: str, text: str) -> Turn:
        """Ask what was in the composer for a while, all but its last letters, which the window lets the model read."""
        self.app.read_ahead(chat, text[:-_LAST_LETTERS], threading.Event())
        return self.turn(chat, text)

    def edit(self, chat: str, number: int, text: str, limit: int = texts.SHORT_TOKENS) -> Turn:
        """Ask the chat's question of that number anew, in other words; what came after it is out of the prompt."""
        transcript = self.app.transcript_of(chat)
        history = transcript.history(chat)
        at = [index for index, stored in enumerate(history) if stored.message.role == "user"][number]
        started = time.perf_counter()
        edited = Message("user", text)
        transcript.update(history[at].id, edited, "complete")
        for later in history[at + 1 :]:
            transcript.update(later.id, later.message, "failed")
        return self._follow(replace(history[at], message=edited), started, limit)

    def stopped(self, chat: str, text: str, part: float) -> float:
        """Stop a turn when that part of its prompt is read; return the seconds until the program says it is stopped."""
        question, stop = self.app.keep(chat, text), threading.Event()
        pressed: list[float] = []

        def press() -> None:
            pressed.append(time.perf_counter())
            stop.set()

        timer, reused = threading.Timer(_WITHIN_A_PIECE, press), -1
        for event in self.app.answer(question, Denies(), stop):
            if isinstance(event, PromptProgress):
                reused = event.done if reused < 0 else reused
                if not timer.ident and event.done - reused >= part * (event.total - reused):
                    timer.start()
        took = time.perf_counter()
        timer.join()
        if not isinstance(event, TurnStopped) or event.text:
            raise RuntimeError("the prompt was read before Stop was pressed")
        return took - pressed[0]

    def warm(self) -> None:
        """Touch all weights once, without the head."""
        for _event in self.model.generate(Request((Message("user", "Hello."),)), threading.Event()):
            pass

    def close(self) -> None:
        """End the program."""
        self.app.close()

    def _follow(self, question: StoredMessage, started: float, limit: int) -> Turn:
        self.model.limit = limit
        log: list[tuple[float, Event]] = []
        for event in self.app.answer(question, Denies(), threading.Event()):
            log.append((time.perf_counter() - started, event))
        ended, last = log[-1]
        if not isinstance(last, TurnFinished):
            raise RuntimeError(f"{last.message} {last.hint}" if isinstance(last, TurnFailed) else f"{last.kind}")
        progress = [(when, event) for when, event in log if isinstance(event, PromptProgress)]
        (began, zero), (read, whole) = progress[0], progress[-1]
        first = next(when for when, event in log if isinstance(event, TextDelta))
        return Turn(first, read - began, ended - first, whole.done - zero.done, zero.done, last.stats, last.text)


@contextmanager
def padded_head(persona: str, edition: int) -> Iterator[None]:
    """Put a persona before the program's own instructions; an edition is a head that was never read before."""
    usual = head

    def longer(parameters: int) -> tuple[Message, ...]:
        system, *examples = usual(parameters)
        return (replace(system, text=f"Edition {1000 + edition}.\n{persona}\n\n{system.text}"), *examples)

    context.head = longer  # type: ignore[attr-defined]  # as it imports it
    try:
        yield
    finally:
        context.head = usual  # type: ignore[attr-defined]


def prepare(ours: Ours, _plan: Plan) -> Found:
    """Tune the model, and make texts of the right lengths with its own tokenizer."""
    choice = ours.app.tune()
    ours.load()
    model, tools = ours.model, tuple(tool.spec for tool in built_in_tools())
    system, *examples = head(model.parameters)  # type: ignore[arg-type]

    def count(*messages: Message, with_tools: bool = False) -> int:
        return int(model.count_tokens(Request(messages, tools if with_tools else ())))  # type: ignore[operator]

    def ours_with(persona: str) -> int:
        longer = replace(system, text=f"Edition 1000.\n{persona}\n\n{system.text}")
        return count(longer, *examples, Message("user", "a"), with_tools=True)

    frame = count(Message("user", "a"))
    theirs = fitting(1, lambda text: count(Message("system", text), Message("user", "a")) - frame, texts.HEAD_TOKENS)
    begin = [Message("system", theirs), Message("user", texts.FIRST)]
    talk = [*begin, _answer(texts.ANSWER_TOKENS), Message("user", texts.SECOND), _answer(texts.SHORT_TOKENS)]
    work = Workload(
        persona=fitting(1, lambda text: ours_with(text) - frame, texts.HEAD_TOKENS),
        system=theirs,
        paste=fitting(2, lambda text: count(*talk, Message("user", text)), texts.RETURN_TOKENS - texts.SHORT_TOKENS),
        documents=tuple(
            fitting(seed, lambda text: count(Message("user", text)) - frame, texts.DOCUMENT_TOKENS)
            for seed in range(3, 7)
        ),
        tokens={"first": count(*begin)},
    )
    settings = ours.settings
    return {
        "work": work.to_dict(),
        "settings": settings.to_dict(),
        "name": str(model.name),
        "tuning": choice.sentences,
        "file_plus_kv_mb": file_plus_kv_mb(ours.path, texts.CONTEXT_TOKENS, settings.key_type, settings.value_type),
        "file_plus_f16_mb": file_plus_kv_mb(ours.path, texts.CONTEXT_TOKENS, "f16", "f16"),
    }


def _answer(tokens: int) -> Message:
    return Message("assistant", "a " * tokens)


def chats(ours: Ours, _plan: Plan) -> Found:
    """A new chat whose head was never read, its second turn, another chat, the return, and an edited message."""
    found: Found = {"load": ours.load()}
    chat = ours.begin()
    found["ttft_new_chat_cold"] = ours.turn(chat, texts.FIRST, texts.ANSWER_TOKENS).first
    found["rss_mb"] = resident_mb(os.getpid())
    second = ours.turn(chat, texts.SECOND)
    found |= {"ttft_turn2": second.first, "turn2_new_tokens_only": second.stats.read_seconds}
    ours.turn(chat, _plan["work"]["paste"])
    ours.turn(ours.begin(), texts.OTHER)
    back = ours.turn(chat, texts.BACK)
    found["ttft_return"] = back.first
    ours.turn(ours.begin(), texts.OTHER)
    found["ttft_return_ahead"] = ours.typed(chat, texts.AGAIN).first
    found["ttft_edit"] = ours.edit(chat, 1, texts.EDITED).first
    found["counts"] = {
        "turn2_read": second.read,
        "turn2_reused": second.reused,
        "return_tokens": back.stats.prompt_tokens,
    }
    return found


def snapshot(ours: Ours, _plan: Plan) -> Found:
    """A new chat in another process than the one that read the head."""
    found: Found = {"load": ours.load()}
    turn = ours.turn(ours.begin(), texts.FIRST)
    found |= {"ttft_new_chat_snapshot": turn.first, "counts": {"snapshot_reused": turn.reused}}
    return found | {"ttft_new_chat_ahead": ours.typed(ours.begin(), texts.OTHER).first}


def read_again(ours: Ours, plan: Plan) -> Found:
    """A chat of 2,000 tokens that nothing is kept of: what returning to it would cost without hot chats."""
    ours.load()
    ours.warm()
    chat, transcript = ours.begin(), ours.app.transcript
    for role, text in zip(("user", "assistant") * 3, _talk(plan), strict=True):
        transcript.append(chat, Message(role, text))  # type: ignore[arg-type]
    turn = ours.turn(chat, texts.BACK)
    return {"ttft_return_read_again": turn.first, "counts": {"again_tokens": turn.stats.prompt_tokens}}


def _talk(plan: Plan) -> list[str]:
    long, short = _answer(texts.ANSWER_TOKENS).text, _answer(texts.SHORT_TOKENS).text
    return [texts.FIRST, long, texts.SECOND, short, plan["work"]["paste"], short]


def speed(ours: Ours, plan: Plan) -> Found:
    """A long document behind the head, and the answer behind both. Nothing is guessed ahead, as in llama-bench."""
    ours.load()
    ours.load_with(draft_most=0)
    chat = ours.begin()
    ours.turn(chat, texts.GREETING)
    document = f"{plan['work']['documents'][0]}\n\n{texts.WRITE}"
    turn = ours.turn(chat, document, texts.ANSWER_TOKENS)
    prefill = turn.read / turn.reading
    counts = {"read": turn.read, "reused": turn.reused, "written": turn.stats.answer_tokens - 1}
    return {"prefill": prefill, "prefill_default": prefill, "decode": turn.decode, "counts": counts}


def stop(ours: Ours, plan: Plan) -> Found:
    """Long documents that are stopped while they are read, each in a new chat."""
    ours.load()
    ours.turn(ours.begin(), texts.OTHER, 1)
    pairs = zip(plan["work"]["documents"], plan["stop_at"], strict=False)
    return {"stop_ms": [1000 * ours.stopped(ours.begin(), document, part) for document, part in pairs]}


def copy(ours: Ours, plan: Plan) -> Found:
    """An answer that repeats its prompt, with drafting and without; every other round begins without.

    Tuned as for a user who wants guesses even where reading suffers; without them all else is the same.
    """
    usual = ours.app.settings
    ours.app.save_settings(usual.model_copy(update={"guess_ahead": True}))
    try:
        ours.app.tune()
        ours.load()
    finally:  # the next round is in the same home
        ours.app.save_settings(usual)
    found, said = Found(), dict[str, str]()
    most = ours.settings.draft_most
    for row, draft in sorted({"copy_drafting_on": most, "copy_drafting_off": 0}.items(), reverse=plan["round"] % 2 > 0):
        ours.load_with(draft_most=draft)
        found[row], said[row] = _copied(ours)
    on, off = said["copy_drafting_on"], said["copy_drafting_off"]
    if on != off:
        found["notes"] = ["with drafting the answer is another one: its row says nothing"]
    share = texts.copied_share(texts.copy_task(), off)
    return found | {"counts": {"copy_identical": on == off, "copied_share": share, "draft_most": most}}


def _copied(ours: Ours) -> tuple[float, str]:
    """Return tokens per second and the text."""
    ours.warm()
    ours.model.limit = texts.COPY_TOKENS
    first, completion = 0.0, None
    for event in ours.model.generate(Request((Message("user", texts.copy_task()),)), threading.Event()):
        if isinstance(event, TextDelta):
            first = first or time.perf_counter()
        if isinstance(event, Completion):
            completion = event
    assert completion
    took = time.perf_counter() - first
    return (completion.stats.answer_tokens - 1) / took, completion.message.text


_TASKS = {
    "prepare": prepare,
    "chats": chats,
    "snapshot": snapshot,
    "read_again": read_again,
    "speed": speed,
    "stop": stop,
    "copy": copy,
}


def main() -> None:
    """Carry out the plan on standard input."""
    plan = read_plan()
    edition = plan["round"] + (_READ_AGAIN if plan["task"] == "read_again" else 0)
    with padded_head(plan["work"]["persona"], edition):
        ours = Ours(plan)
        try:
            tell(_TASKS[plan["task"]](ours, plan))
        finally:
            ours.close()


if __name__ == "__main__":
    main()
