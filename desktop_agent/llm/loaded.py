"""A loaded chat model: everything that lives on the model's thread."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from desktop_agent.errors import UserFacingError
from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, TurnStats
from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.context import open_chat_context
from desktop_agent.llm.decoded import SampledAnswers, StopStrings
from desktop_agent.llm.dialect import Watcher, dialect_for
from desktop_agent.llm.draft_model import open_drafter
from desktop_agent.llm.energy import EnergyMeter, Reading
from desktop_agent.llm.gbnf import value_grammar
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.prompts import Prompts
from desktop_agent.llm.protocol import Completion, ModelEvent, Request
from desktop_agent.llm.reading import Heads, Reader
from desktop_agent.llm.sampler import Sampler
from desktop_agent.llm.sequence import Sequence, Stopped
from desktop_agent.llm.settings import UNTUNED, EngineSettings
from desktop_agent.llm.snapshots import Snapshots
from desktop_agent.llm.states import DEFAULT_ROOM, States
from desktop_agent.llm.template import ChatTemplate
from desktop_agent.llm.thinking import ThinkingSplitter, mode
from desktop_agent.llm.value import ValueWatcher
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.llm.weights import Progress, Weights
from desktop_agent.messages import Message

_ANSWER_ROOM = 256
"""Tokens that must be left for an answer, less in a context of under 2,048."""


@dataclass(frozen=True)
class Plan:
    """How a model is loaded. `parked` is the room in bytes for chats that wait in memory.

    `identity` is the SHA-256 of the model's file; without it, or without `snapshots`, no head is kept on disk.
    `draft` is a smaller model's file that guesses ahead, where the settings let it.
    """

    context_tokens: int = 4096
    settings: EngineSettings = UNTUNED
    snapshots: Snapshots | None = None
    identity: str = ""
    parked: int = DEFAULT_ROOM
    draft: Path | None = None


class LoadedModel:
    """One model with one context. Not thread-safe."""

    @classmethod
    def load(cls, path: Path, plan: Plan, progress: Progress | None = None) -> "LoadedModel":
        """Raises UserFacingError when the file cannot be used, Cancelled when `progress` returned False."""
        with ExitStack() as undo:
            weights = Weights.load(path, progress, plan.settings)
            undo.callback(weights.free)
            drafts = plan.settings.draft_most > 0 and not weights.recurs
            drafter = open_drafter(weights, plan.settings, plan.draft) if drafts else None
            if drafter:
                undo.callback(drafter.free)
            context = open_chat_context(weights, plan.context_tokens, plan.settings)
            states = States(plan.parked, whole=weights.recurs)
            most = plan.settings.draft_most
            sequence = Sequence(context, states, cuts=not weights.recurs, drafter=drafter, draft_most=most)
            undo.callback(sequence.free)
            model = cls(weights, sequence, Heads(plan.snapshots, plan.identity, plan.settings))
            undo.pop_all()
            return model

    def __init__(self, weights: Weights, sequence: Sequence, heads: Heads) -> None:
        self._weights = weights
        self._sequence = sequence
        self._reader = Reader(sequence, heads)
        self._vocabulary = Vocabulary(weights.vocabulary)
        source = weights.metadata("tokenizer.chat_template")
        self._dialect = dialect_for(source)
        writer = PromptWriter(self._template(source), self._dialect, self._vocabulary.is_plain)
        self._framing = writer.framing
        self._answers = SampledAnswers()
        self._prompts = Prompts(writer, self._vocabulary, self._answers)
        self._energy = EnergyMeter()
        self.name = weights.name
        self.parameters = weights.parameters
        self.context_size = sequence.size
        self.can_think = writer.framing.can_think

    def count_tokens(self, request: Request) -> int:
        """Return the length of the request's prompt."""
        return len(self._prompts.tokens(request))

    def answer(self, request: Request, stop: StopFlag) -> Iterator[ModelEvent]:
        """Read the prompt, write the answer, say how it went. Raises UserFacingError when the prompt does not fit."""
        began, before = perf_counter(), self._energy.read()
        prompt = self._prompts.tokens(request)
        self._refuse_overflow(len(prompt))
        self._sequence.attach(stop)
        reused = self._reader.begin(request.chat, prompt, self._prompts.head(request, prompt))
        stats = TurnStats(self.name, len(prompt), reused_tokens=reused, context_size=self.context_size)
        start = perf_counter()
        try:
            yield PromptProgress(reused, len(prompt))
            yield from (PromptProgress(done, len(prompt)) for done in self._reader.read(prompt))
        except Stopped:
            stats = self._after_reading(stats, start)
            yield Completion(Message("assistant"), "cancelled", self._with_energy(stats, before))
            return
        stats = replace(self._after_reading(stats, start), first_token_seconds=perf_counter() - began)
        completion = yield from self._write(request, stats)
        yield replace(completion, stats=self._with_energy(completion.stats, before))

    def prepare(self, request: Request, stop: StopFlag) -> int:
        """Read what is certain of the prompt, as far as it fits; return how many of its tokens are ready."""
        certain = self._prompts.certain(request)[: self.context_size - 1]
        if not certain:
            return 0
        self._sequence.attach(stop)
        self._reader.begin(request.chat, certain, self._prompts.head(request, certain))
        with suppress(Stopped):
            for _done in self._reader.read(certain):
                pass
        return len(self._sequence.tokens)

    def forget(self, chat: str) -> None:
        """Drop what is kept in memory of a conversation."""
        self._reader.forget(chat)

    def free(self) -> None:
        """Give all memory back. Safe to call twice."""
        self._sequence.free()
        self._weights.free()

    def _after_reading(self, stats: TurnStats, start: float) -> TurnStats:
        read = max(0, len(self._sequence.tokens) - stats.reused_tokens)
        return replace(stats, read_tokens=read, read_seconds=perf_counter() - start)

    def _with_energy(self, stats: TurnStats, before: Reading) -> TurnStats:
        used = self._energy.since(before)
        return replace(stats, cpu_seconds=used.cpu_seconds, joules=used.joules)

    def _write(self, request: Request, stats: TurnStats) -> Generator[ThinkingDelta | TextDelta, None, Completion]:
        start = perf_counter()
        watcher, gbnf = self._direction(request)
        with closing(Sampler(request.sampling, self._vocabulary.size, self._banned(request))) as sampler:
            limit = request.max_tokens or self.context_size
            stops = StopStrings(request.stop)
            thinking = ThinkingSplitter(self._framing.opened(mode(request)))
            writer = AnswerWriter(self._sequence, self._vocabulary, watcher, sampler, stops, limit, gbnf, thinking)
            yield from writer.write()
        answer = watcher.finish(cut=writer.reason != "end")
        if answer.tail:
            yield TextDelta(answer.tail)
        written, raw = len(writer.decoded.tokens), thinking.head + answer.raw
        writer.decoded.cut(len(raw))
        if writer.decoded.text == raw:
            self._answers.remember(raw, writer.decoded.tokens)
        written_in = perf_counter() - start
        stats = replace(stats, answer_tokens=written, drafted_tokens=writer.drafted, write_seconds=written_in)
        raw = raw if answer.raw and raw != answer.text else ""  # thinking alone is nothing to go on from
        message = Message("assistant", answer.text, raw=raw, calls=answer.calls, thinking=thinking.thinking)
        return Completion(message, writer.reason, stats, answer.error)

    def _direction(self, request: Request) -> tuple[Watcher, str]:
        """Return who follows the answer, and the grammar that it begins under."""
        if request.schema is not None:
            return ValueWatcher(), value_grammar(request.schema)
        return self._dialect.watch(request.tools, request.allow_calls), ""

    def _refuse_overflow(self, count: int) -> None:
        needed = count + min(_ANSWER_ROOM, self.context_size // 8)
        if needed > self.context_size:
            raise UserFacingError(
                f"This needs {needed:,} tokens with room for an answer, but the model's context holds "
                f"{self.context_size:,}.",
                "Shorten the text, start a new chat, or set a longer context.",
            )

    def _banned(self, request: Request) -> list[int]:
        """Return the tokens that must not be sampled: the marker of a call where none is wanted."""
        marker = self._vocabulary.special(self._dialect.opening)
        return [marker] if request.tools and not request.allow_calls and marker is not None else []

    def _template(self, source: str) -> ChatTemplate:
        begin, end = (
            self._vocabulary.piece(token).decode() if token >= 0 else ""
            for token in (self._vocabulary.begin, self._vocabulary.end)
        )
        return ChatTemplate(source, begin=begin, end=end)
