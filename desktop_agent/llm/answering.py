"""From a request to the one who writes its answer, and from there to what the agent gets."""

from dataclasses import dataclass, replace

from desktop_agent.events import TextDelta, TurnStats
from desktop_agent.llm.answer import AnswerWriter
from desktop_agent.llm.decoded import SampledAnswers, StopStrings
from desktop_agent.llm.dialect import Dialect, Watcher
from desktop_agent.llm.framing import Framing
from desktop_agent.llm.gbnf import value_grammar
from desktop_agent.llm.protocol import Completion, Request
from desktop_agent.llm.sampler import Sampler
from desktop_agent.llm.sequence import Sequence
from desktop_agent.llm.thinking import ThinkingSplitter, mode
from desktop_agent.llm.value import ValueWatcher
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.messages import Message


@dataclass(frozen=True)
class Answering:
    """What all answers of one model have in common. `answers` remembers as which tokens they were sampled."""

    vocabulary: Vocabulary
    dialect: Dialect
    framing: Framing
    answers: SampledAnswers

    def begin(self, request: Request, sequence: Sequence, limit: int = 0) -> AnswerWriter:
        """Return a writer for an answer behind the prompt that `sequence` has just read.

        It writes at most `limit` tokens, where the request does not want fewer. Who begins an answer closes its writer.
        """
        watcher, gbnf = self._direction(request)
        sampler = Sampler(request.sampling, self.vocabulary.size, self._banned(request))
        limit = min(request.max_tokens or sequence.size, limit or sequence.size)
        thinking = ThinkingSplitter(self.framing.opened(mode(request)))
        stops = StopStrings(request.stop)
        try:
            return AnswerWriter(sequence, self.vocabulary, watcher, sampler, stops, limit, gbnf, thinking)
        except BaseException:
            sampler.close()
            raise

    def end(self, writer: AnswerWriter, stats: TurnStats) -> tuple[list[TextDelta], Completion]:
        """Return what of a finished answer is still to be shown, and what it comes to."""
        answer = writer.watcher.finish(cut=writer.reason != "end")
        stats = replace(stats, answer_tokens=len(writer.decoded.tokens), drafted_tokens=writer.drafted)
        raw = writer.thinking.head + answer.raw
        writer.decoded.cut(len(raw))
        if writer.decoded.text == raw:
            self.answers.remember(raw, writer.decoded.tokens)
        raw = raw if answer.raw and raw != answer.text else ""  # thinking alone is nothing to go on from
        message = Message("assistant", answer.text, raw=raw, calls=answer.calls, thinking=writer.thinking.thinking)
        tail = [TextDelta(answer.tail)] if answer.tail else []
        return tail, Completion(message, writer.reason, stats, answer.error)

    def _direction(self, request: Request) -> tuple[Watcher, str]:
        """Return who follows the answer, and the grammar that it begins under."""
        if request.schema is not None:
            return ValueWatcher(), value_grammar(request.schema)
        return self.dialect.watch(request.tools, request.allow_calls), ""

    def _banned(self, request: Request) -> list[int]:
        """Return the tokens that must not be sampled: the marker of a call where none is wanted."""
        marker = self.vocabulary.special(self.dialect.opening)
        return [marker] if request.tools and not request.allow_calls and marker is not None else []
