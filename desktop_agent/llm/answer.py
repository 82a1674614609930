"""Writing one answer: sampling, showing what may be shown, and steering into a tool call where the dialect says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from desktop_agent.llm.decoded import DecodedText, StopStrings
from desktop_agent.llm.dialect import Action, BeginCall, EndAnswer, Watcher
from desktop_agent.llm.grammar import SafeGrammar
from desktop_agent.llm.sampler import Sampler
from desktop_agent.llm.sequence import Sequence, Stopped
from desktop_agent.llm.spans import Span
from desktop_agent.llm.vocabulary import Vocabulary


@dataclass
class AnswerWriter:
    """Writes one answer behind the prompt that `sequence` has just read. `reason` says in the end why it is over."""

    sequence: Sequence
    vocabulary: Vocabulary
    watcher: Watcher
    sampler: Sampler
    stops: StopStrings
    limit: int
    """The highest number of tokens, at least 1; what fits the context is a limit of its own."""
    gbnf: str = ""
    """A grammar that the answer begins under."""

    def __post_init__(self) -> None:
        self._prompt = list(self.sequence.tokens)
        self._room = min(self.limit, self.sequence.size - len(self._prompt))
        self._grammar = SafeGrammar(self.vocabulary.pointer, self.gbnf) if self.gbnf else None
        self.decoded = DecodedText(self.vocabulary.piece)
        self.reason = ""

    def write(self) -> Iterator[str]:
        """Yield text that may be shown, until the answer ends or is stopped."""
        try:
            while not self.reason:
                yield self._step()
                self._compute()
        except Stopped:
            self.reason = "cancelled"
        finally:
            self._end_grammar()

    def _step(self) -> str:
        """Take the next token; return the text that may now be shown."""
        token = self._next_token()
        if self.vocabulary.is_end(token):
            return self._at_end()
        text = self.decoded.push(token)
        if self._grammar:
            self.watcher.feed(text)
            shown = ""
        else:
            shown = self._act(self.watcher.feed(self.stops.push(text)))
        if self.stops.found:
            self.reason = "end"
        elif len(self.decoded.tokens) >= self._room:
            self.reason = self.reason or "length"
        return shown

    def _next_token(self) -> int:
        if self._grammar and self._grammar.finished:
            self._end_call()
        if not self._grammar:
            return self.sampler.sample(self.sequence.context)
        token = self._grammar.choose(self.sequence.logits(), self.vocabulary.size)
        self._grammar.accept(token)
        return token

    def _at_end(self) -> str:
        """Hand out what is held back; only a call that this reveals lets the answer go on."""
        if self._grammar:
            self._end_call()
        held = self.stops.flush()
        shown = self._act(self.watcher.feed(held)) if held else ""
        if not self._grammar:
            self.reason = "end"
        return shown

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
        """Take the answer back to its first `length` characters."""
        self.stops.forget()
        rest = self.decoded.cut(length)
        self.sequence.cut(min(len(self.sequence.tokens), len(self._prompt) + len(self.decoded.tokens)))
        self._push(Span(rest, "decoded"))

    def _push(self, span: Span) -> None:
        for token in self.vocabulary.tokenise([span]):
            self.decoded.push(token)

    def _compute(self) -> None:
        """Bring the cache up to date with the answer, which has grown, or was cut and went on in another way."""
        if self.reason:
            return
        missing = (self._prompt + self.decoded.tokens)[len(self.sequence.tokens) :]
        for _done in self.sequence.read(missing):
            pass

    def _end_call(self) -> None:
        self._end_grammar()
        self.watcher.call_ended()

    def _end_grammar(self) -> None:
        if self._grammar:
            self._grammar.close()
        self._grammar = None
