"""A loaded chat model: everything that lives on the model's thread."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from desktop_agent.errors import UserFacingError
from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, TurnStats
from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.answering import Answering
from desktop_agent.llm.candidates import write_candidates
from desktop_agent.llm.decoded import SampledAnswers
from desktop_agent.llm.dialect import dialect_for
from desktop_agent.llm.draft_model import open_drafter
from desktop_agent.llm.drafting import Drafter
from desktop_agent.llm.energy import EnergyMeter, Reading
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.offload import Opened, open_model
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.prompts import Prompts
from desktop_agent.llm.protocol import Completion, ModelEvent, Request
from desktop_agent.llm.reading import Heads, Reader
from desktop_agent.llm.sequence import Sequence, Stopped
from desktop_agent.llm.settings import UNTUNED, EngineSettings
from desktop_agent.llm.snapshots import Snapshots
from desktop_agent.llm.states import DEFAULT_ROOM, States
from desktop_agent.llm.template import ANOTHER_MODEL, ChatTemplate
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
            opened = open_model(path, plan.context_tokens, plan.settings, progress)
            undo.callback(opened.weights.free)
            states = States(plan.parked, whole=opened.weights.recurs)
            sequence = Sequence(opened.context, states, cuts=not opened.weights.recurs)
            undo.callback(sequence.free)
            sequence.drafter, problem = _drafter(opened.weights, plan)
            model = cls(opened, sequence, Heads(plan.snapshots, plan.identity, plan.settings))
            model.draft_problem = problem
            undo.pop_all()
            return model

    def __init__(self, opened: Opened, sequence: Sequence, heads: Heads) -> None:
        weights = self._weights = opened.weights
        self._sequence = sequence
        self._reader = Reader(sequence, heads)
        self._vocabulary = Vocabulary(weights.vocabulary)
        source = weights.metadata("tokenizer.chat_template")
        dialect = dialect_for(source)
        writer = PromptWriter(self._template(source), dialect, self._vocabulary.is_plain)
        answers = SampledAnswers()
        self._prompts = Prompts(writer, self._vocabulary, answers)
        self._answering = Answering(self._vocabulary, dialect, writer.framing, answers)
        self._energy = EnergyMeter()
        self.name = weights.name
        self.parameters = weights.parameters
        self.context_size = sequence.size
        self.can_think = writer.framing.can_think
        self.offload = opened.offload
        self.draft_problem = ""

    def count_tokens(self, request: Request) -> int:
        """Return the length of the request's prompt."""
        return len(self._prompts.tokens(request))

    def answer(self, request: Request, stop: StopFlag) -> Iterator[ModelEvent]:
        """Read the prompt, write the answer, say how it went. Raises UserFacingError when the prompt does not fit."""
        began, before = perf_counter(), self._energy.read()
        prompt = self._prompts.tokens(request)
        stats = yield from self._read(request, prompt, stop)
        if len(self._sequence.tokens) < len(prompt):
            yield Completion(Message("assistant"), "cancelled", self._with_energy(stats, before))
            return
        stats = replace(stats, first_token_seconds=perf_counter() - began)
        completion = yield from self._write(request, stats)
        yield replace(completion, stats=self._with_energy(completion.stats, before))

    def candidates(self, request: Request, count: int, stop: StopFlag) -> Iterator[ModelEvent]:
        """Read the prompt once and write `count` answers to it; yield progress, then a completion for each.

        What was read, and all times, are told in the first one's stats. Raises UserFacingError as `answer` does.
        """
        began, before = perf_counter(), self._energy.read()
        prompt = self._prompts.tokens(request)
        wanted = prompt if self._sequence.cuts else prompt[:-1]  # what follows a state cannot be had without a token
        stats = yield from self._read(request, wanted, stop)
        start = perf_counter()
        writers = []
        if len(self._sequence.tokens) == len(wanted):
            stats = replace(stats, first_token_seconds=start - began)
            writers = write_candidates(self._sequence, prompt, count, partial(self._candidate, request))
        first = self._with_energy(replace(stats, write_seconds=perf_counter() - start), before)
        other = TurnStats(self.name, len(wanted), reused_tokens=len(wanted), context_size=self.context_size)
        for index in range(count):
            stats = other if index else first
            unwritten = Completion(Message("assistant"), "cancelled", stats)
            yield self._answering.end(writers[index], stats)[1] if index < len(writers) else unwritten

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

    def _read(self, request: Request, prompt: list[int], stop: StopFlag) -> Generator[PromptProgress, None, TurnStats]:
        """Read the prompt; return what that took. If it was stopped, the sequence does not hold all of it."""
        self._refuse(len(prompt))
        self._sequence.attach(stop)
        reused = self._reader.begin(request.chat, prompt, self._prompts.head(request, prompt))
        stats = TurnStats(self.name, len(prompt), reused_tokens=reused, context_size=self.context_size)
        start = perf_counter()
        with suppress(Stopped):
            yield PromptProgress(reused, len(prompt))
            yield from (PromptProgress(done, len(prompt)) for done in self._reader.read(prompt))
        return self._after_reading(stats, start)

    def _candidate(self, request: Request, index: int, sequence: Sequence, limit: int) -> AnswerWriter:
        sampling = replace(request.sampling, seed=request.sampling.seed + index)
        return self._answering.begin(replace(request, sampling=sampling), sequence, limit)

    def _after_reading(self, stats: TurnStats, start: float) -> TurnStats:
        read = max(0, len(self._sequence.tokens) - stats.reused_tokens)
        return replace(stats, read_tokens=read, read_seconds=perf_counter() - start)

    def _with_energy(self, stats: TurnStats, before: Reading) -> TurnStats:
        used = self._energy.since(before)
        return replace(stats, cpu_seconds=used.cpu_seconds, joules=used.joules)

    def _write(self, request: Request, stats: TurnStats) -> Generator[ThinkingDelta | TextDelta, None, Completion]:
        start = perf_counter()
        with closing(self._answering.begin(request, self._sequence)) as writer:
            yield from writer.write()
        tail, completion = self._answering.end(writer, stats)
        yield from tail
        return replace(completion, stats=replace(completion.stats, write_seconds=perf_counter() - start))

    def _refuse(self, count: int) -> None:
        if not count:  # without a token there is nothing to compute the first one from: llama.cpp would abort
            raise UserFacingError("This model's chat template leaves the conversation out.", ANOTHER_MODEL)
        needed = count + min(_ANSWER_ROOM, self.context_size // 8)
        if needed > self.context_size:
            raise UserFacingError(
                f"This needs {needed:,} tokens with room for an answer, but the model's context holds "
                f"{self.context_size:,}.",
                "Shorten the text, start a new chat, or set a longer context.",
            )

    def _template(self, source: str) -> ChatTemplate:
        begin, end = (
            self._vocabulary.piece(token).decode(errors="replace") if token >= 0 else ""
            for token in (self._vocabulary.begin, self._vocabulary.end)
        )
        return ChatTemplate(source, begin=begin, end=end)


def _drafter(weights: Weights, plan: Plan) -> tuple[Drafter | None, str]:
    """Return who guesses ahead, and why the draft model does not if it should have.

    Nobody does where that is not wanted, or where what was guessed wrong could not be taken back.
    """
    if not plan.settings.draft_most or weights.recurs:
        return None, ""
    try:
        return open_drafter(weights, plan.settings, plan.draft), ""
    except UserFacingError as error:
        return open_drafter(weights, plan.settings, None), str(error)
