"""Writing one answer: sampling, showing what may be shown, and steering into a tool call where the dialect says so.

Thinking comes first and goes by itself: no stop string, no tool call counts in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop_agent.events import TextDelta, ThinkingDelta
from desktop_agent.llm.decoded import DecodedText, StopStrings
from desktop_agent.llm.dialect import Action, BeginCall, EndAnswer, Watcher
from desktop_agent.llm.grammar import SafeGrammar
from desktop_agent.llm.sampler import Sampler
from desktop_agent.llm.sequence import Sequence, Stopped
from desktop_agent.llm.spans import Span
from desktop_agent.llm.thinking import ThinkingSplitter
from desktop_agent.llm.vocabulary import Vocabulary


@dataclass
class AnswerWriter:
    """Writes one answer behind the prompt that `sequence` has just read. `reason` says in the end why it is over.

    `drafted` counts the tokens that had been guessed right. One who takes the steps himself computes what is `missing`
    between them, and closes the writer in the end.
    """

    sequence: Sequence
    vocabulary: Vocabulary
    watcher: Watcher
    sampler: Sampler
    stops: StopStrings
    limit: int
    """The highest number of tokens, at least 1; what fits the context is a limit of its own."""
    gbnf: str = ""
    """A grammar that the answer begins under."""
    thinking: ThinkingSplitter = field(default_factory=ThinkingSplitter)

    def __post_init__(self) -> None:
        if self.gbnf:
            self.thinking.skip()
        self._prompt = list(self.sequence.tokens)
        self._room = min(self.limit, self.sequence.size - len(self._prompt))
        self._grammar = SafeGrammar(self.vocabulary.pointer, self.gbnf) if self.gbnf else None
        self.decoded = DecodedText(self.vocabulary.piece)
        self.drafted = 0
        self.reason = ""

    def write(self) -> Iterator[ThinkingDelta | TextDelta]:
        """Yield thinking, then text that may be shown, until the answer ends or is stopped."""
        try:
            while not self.reason:
                yield from self.step()
                self._compute()
        except Stopped:
            self.reason = "cancelled"
        finally:
            self.close()
        yield from self.finish()

    def finish(self) -> Iterator[ThinkingDelta | TextDelta]:
        """Yield what was held back, when the answer is over."""
        thought, text = self.thinking.flush()
        yield from _deltas(thought, self.watcher.feed(text).text if text else "")

    @property
    def missing(self) -> list[int]:
        """The end of prompt and answer that the cache lacks: the answer has grown, or was cut and went on otherwise."""
        return (self._prompt + self.decoded.tokens)[len(self.sequence.tokens) :]

    def close(self) -> None:
        """Give back what the writing took. Safe to call twice."""
        self._end_grammar()
        self.sampler.close()
        self.sequence.settle()

    def step(self) -> Iterator[ThinkingDelta | TextDelta]:
        """Take the next token; yield what may now be shown."""
        token = self._next_token()
        if self.vocabulary.is_end(token):
            yield from self._at_end()
            return
        text = self.decoded.push(token)
        if self._grammar:
            self.watcher.feed(text)
        else:
            thought, text = self.thinking.push(text)
            yield from _deltas(thought, self._act(self.watcher.feed(self.stops.push(text))))
        if self.stops.found:
            self.reason = "end"
        elif len(self.decoded.tokens) >= self._room:
            self.reason = self.reason or "length"

    def _next_token(self) -> int:
        if self._grammar and self._grammar.finished:
            self._end_call()
        if not self._grammar:
            return self.sampler.sample(self.sequence.context, self.sequence.output)
        token = self._grammar.choose(self.sequence.logits(), self.vocabulary.size)
        self._grammar.accept(token)
        return token

    def _at_end(self) -> Iterator[ThinkingDelta | TextDelta]:
        """Hand out what is held back; only a call that this reveals lets the answer go on."""
        if self._grammar:
            self._end_call()
        thought, text = self.thinking.flush()
        held = self.stops.push(text) + self.stops.flush()
        yield from _deltas(thought, self._act(self.watcher.feed(held)) if held else "")
        if not self._grammar:
            self.reason = "end"

    def _act(self, action: Action) -> str:
        """Do what the dialect wants; return the text to show."""
        if isinstance(action, BeginCall):
            self._rewind(action.keep)
            self._push(Span(action.prefix, "template"))
            self._grammar = SafeGrammar(self.vocabulary.pointer, action.gbnf)
        elif isinstance(action, EndAnswer):
            self._rewind(action.keep)
            self.reason = "end"
        return action.text

    def _rewind(self, length: int) -> None:
        """Take the answer back to its first `length` characters; what was thought before it stays."""
        self.stops.forget()
        rest = self.decoded.cut(len(self.thinking.head) + length)
        self.sequence.cut(min(len(self.sequence.tokens), len(self._prompt) + len(self.decoded.tokens)))
        self._push(Span(rest, "decoded"))

    def _push(self, span: Span) -> None:
        for token in self.vocabulary.tokenise([span]):
            self.decoded.push(token)

    def _compute(self) -> None:
        """Bring the cache up to date with the answer."""
        if self.reason:
            return
        missing = self.missing
        if len(missing) == 1:
            self.drafted += self.sequence.append(missing[0], self._room - len(self.decoded.tokens) - 1)
            return
        for _done in self.sequence.read(missing):
            pass

    def _end_call(self) -> None:
        self._end_grammar()
        self.watcher.call_ended()

    def _end_grammar(self) -> None:
        if self._grammar:
            self._grammar.close()
        self._grammar = None


def _deltas(thought: str, text: str) -> Iterator[ThinkingDelta | TextDelta]:
    if thought:
        yield ThinkingDelta(thought)
    if text:
        yield TextDelta(text)
