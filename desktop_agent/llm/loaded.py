"""A loaded chat model: everything that lives on the model's thread."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.events import PromptProgress, TextDelta, TurnStats
from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.decoded import SampledAnswers, StopStrings
from desktop_agent.llm.dialect import Watcher, dialect_for
from desktop_agent.llm.gbnf import value_grammar
from desktop_agent.llm.native import StopFlag, library
from desktop_agent.llm.prompt import PromptWriter
from desktop_agent.llm.protocol import Completion, ModelEvent, Request
from desktop_agent.llm.sampler import Sampler
from desktop_agent.llm.sequence import CHUNK, Sequence, Stopped, common_prefix
from desktop_agent.llm.template import ChatTemplate
from desktop_agent.llm.value import ValueWatcher
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.llm.weights import Progress, Weights, open_context
from desktop_agent.messages import Message

_ANSWER_ROOM = 256
"""Tokens that must be left for an answer, less in a context of under 2,048."""


class LoadedModel:
    """One model with one context. Not thread-safe."""

    @classmethod
    def load(cls, path: Path, context_tokens: int, threads: int, progress: Progress | None = None) -> "LoadedModel":
        """Raises UserFacingError when the file cannot be used, Cancelled when `progress` returned False."""
        with ExitStack() as undo:
            weights = Weights.load(path, progress)
            undo.callback(weights.free)
            sequence = Sequence(_context(weights, context_tokens, threads))
            undo.callback(sequence.free)
            model = cls(weights, sequence)
            undo.pop_all()
            return model

    def __init__(self, weights: Weights, sequence: Sequence) -> None:
        self._weights = weights
        self._sequence = sequence
        self._vocabulary = Vocabulary(weights.vocabulary)
        source = weights.metadata("tokenizer.chat_template")
        self._dialect = dialect_for(source)
        self._writer = PromptWriter(self._template(source), self._dialect, self._vocabulary.is_plain)
        self._answers = SampledAnswers()
        self.name = weights.name
        self.parameters = weights.parameters
        self.context_size = sequence.size

    def prompt(self, request: Request) -> list[int]:
        """Return the tokens of the request's prompt. Raises UserFacingError when the template refuses its messages."""
        spans = self._writer.write(request.messages, request.tools)
        tokens = self._vocabulary.tokenise(spans, self._answers.get)
        begin = self._vocabulary.begin
        return [begin, *tokens] if self._vocabulary.adds_begin and tokens[:1] != [begin] else tokens

    def answer(self, request: Request, stop: StopFlag) -> Iterator[ModelEvent]:
        """Read the prompt, write the answer, say how it went. Raises UserFacingError when the prompt does not fit."""
        began = perf_counter()
        prompt = self.prompt(request)
        self._refuse_overflow(len(prompt))
        self._sequence.attach(stop)
        reused = self._sequence.reuse(prompt)
        stats = TurnStats(self.name, len(prompt), reused_tokens=reused, context_size=self.context_size)
        start = perf_counter()
        try:
            yield from self._read(prompt)
        except Stopped:
            yield Completion(Message("assistant"), "cancelled", self._after_reading(stats, start))
            return
        stats = replace(self._after_reading(stats, start), first_token_seconds=perf_counter() - began)
        yield from self._write(request, stats)

    def prepare(self, request: Request, stop: StopFlag) -> int:
        """Read the part of the prompt that stays as it is however its last message goes on; return its tokens."""
        certain = self._certain(request)
        if not certain:
            return 0
        self._sequence.attach(stop)
        self._sequence.reuse(certain)
        with suppress(Stopped):
            for _done in self._sequence.read(certain[len(self._sequence.tokens) :]):
                pass
        return len(self._sequence.tokens)

    def forget(self, chat: str) -> None:
        """Drop what is kept in memory of a conversation."""

    def _certain(self, request: Request) -> list[int]:
        last = request.messages[-1]
        longer = replace(last, text=f"{last.text} …")
        prompt = self.prompt(request)
        return prompt[: common_prefix(prompt, self.prompt(replace(request, messages=(*request.messages[:-1], longer))))]

    def free(self) -> None:
        """Give all memory back. Safe to call twice."""
        self._sequence.free()
        self._weights.free()

    def _read(self, prompt: list[int]) -> Iterator[PromptProgress]:
        reused = len(self._sequence.tokens)
        yield PromptProgress(reused, len(prompt))
        for done in self._sequence.read(prompt[reused:]):
            yield PromptProgress(reused + done, len(prompt))

    def _after_reading(self, stats: TurnStats, start: float) -> TurnStats:
        read = len(self._sequence.tokens) - stats.reused_tokens
        return replace(stats, read_tokens=read, read_seconds=perf_counter() - start)

    def _write(self, request: Request, stats: TurnStats) -> Iterator[ModelEvent]:
        start = perf_counter()
        watcher, gbnf = self._direction(request)
        with closing(Sampler(request.sampling, self._vocabulary.size, self._banned(request))) as sampler:
            limit = request.max_tokens or self.context_size
            stops = StopStrings(request.stop)
            writer = AnswerWriter(self._sequence, self._vocabulary, watcher, sampler, stops, limit, gbnf)
            yield from (TextDelta(text) for text in writer.write() if text)
        answer = watcher.finish(cut=writer.reason != "end")
        if answer.tail:
            yield TextDelta(answer.tail)
        written = len(writer.decoded.tokens)
        writer.decoded.cut(len(answer.raw))
        if writer.decoded.text == answer.raw:
            self._answers.remember(answer.raw, writer.decoded.tokens)
        stats = replace(stats, answer_tokens=written, write_seconds=perf_counter() - start)
        raw = answer.raw if answer.raw != answer.text else ""
        yield Completion(
            Message("assistant", answer.text, raw=raw, calls=answer.calls), writer.reason, stats, answer.error
        )

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


def _context(weights: Weights, context_tokens: int, threads: int) -> Any:
    """Return a new context pointer. Raises UserFacingError when the model is none that writes."""
    llama = library()
    params = llama.llama_context_default_params()
    params.n_ctx = min(context_tokens, weights.train_context or context_tokens)
    params.n_batch = params.n_ubatch = CHUNK
    params.n_threads = params.n_threads_batch = threads
    params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_AUTO
    params.no_perf = True
    context = open_context(weights, params)
    if not llama.llama_get_memory(context):
        llama.llama_free(context)
        raise UserFacingError(f"{weights.path.name} is no model that can chat.", "Choose another model.")
    return context
