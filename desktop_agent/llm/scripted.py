"""A model that says what it was told to: the deterministic double for tests, demonstrations and user interface work."""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop_agent.errors import UserFacingError
from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, TurnStats
from desktop_agent.llm.calls import parse_answer
from desktop_agent.llm.protocol import Completion, ModelEvent, Request
from desktop_agent.llm.thinking import ThinkingSplitter
from desktop_agent.messages import Message

_PIECE = re.compile(r"\s*\S+|\s+")


class ScriptedModel:
    """Gives its answers one after the other; a text may begin with thinking, and hold calls as Hermes writes them.

    `requests` are those it was asked, `prepared` those that it was to read ahead. A request beyond the last answer is a
    fault of the script: LookupError.
    """

    def __init__(
        self,
        answers: Sequence[str | Completion],
        name: str = "scripted",
        context_size: int = 4096,
        delay: float = 0.0,
        parameters: int = 7_000_000_000,
    ) -> None:
        """`delay` is the time in seconds before each piece of text, about a word; `parameters` the size it claims."""
        self.requests: list[Request] = []
        self.prepared: list[Request] = []
        self._answers = list(answers)
        self._name = name
        self._context_size = context_size
        self._delay = delay
        self.parameters = parameters

    @property
    def name(self) -> str:
        """The model's name as people know it."""
        return self._name

    @property
    def context_size(self) -> int:
        """Words that prompt and answer may take together."""
        return self._context_size

    def count_tokens(self, request: Request) -> int:
        """Return the number of words in the messages and the tools."""
        said = [" ".join((m.notes, m.raw or m.text, m.result.text if m.result else "")) for m in request.messages]
        return sum(len(text.split()) for text in (*said, *(str(vars(tool)) for tool in request.tools)))

    def generate(self, request: Request, cancel: threading.Event) -> Iterator[ModelEvent]:
        """Yield progress, the text in pieces, and the completion. Raises UserFacingError for too long a prompt."""
        prompt = self.count_tokens(request)
        if prompt >= self._context_size:
            raise UserFacingError(f"The conversation is {prompt} words long, but only {self._context_size} fit.")
        self.requests.append(request)
        if len(self.requests) > len(self._answers):
            raise LookupError(f"the script has {len(self._answers)} answers, and was asked for one more")
        completion = self._completion(request, self._answers[len(self.requests) - 1], prompt)
        yield PromptProgress(0, prompt)
        yield PromptProgress(prompt, prompt)
        shown = Message("assistant")
        for delta in _deltas(completion.message):
            if cancel.wait(self._delay) if self._delay else cancel.is_set():
                break
            shown = _longer(shown, delta)
            yield delta
        yield replace(completion, message=shown, reason="cancelled", call_error="") if cancel.is_set() else completion

    def candidates(self, request: Request, count: int, cancel: threading.Event) -> tuple[Completion, ...]:
        """Return the next `count` answers."""
        completions = ([*self.generate(request, cancel)][-1] for _index in range(count))
        return tuple(event for event in completions if isinstance(event, Completion))

    def prepare(self, request: Request, cancel: threading.Event) -> int:
        """Note the request; all its words are ready at once."""
        self.prepared.append(request)
        return 0 if cancel.is_set() else self.count_tokens(request)

    def forget(self, chat: str) -> None:
        """Nothing is kept of a chat."""

    def close(self) -> None:
        """Nothing is held."""

    def _completion(self, request: Request, answer: str | Completion, prompt: int) -> Completion:
        """Return what the answer comes to, calls parsed."""
        if isinstance(answer, Completion):
            return answer
        thinking = ThinkingSplitter()
        said = thinking.push(answer)[1] + thinking.flush()[1]
        parsed = parse_answer(said, request.tools if request.allow_calls and request.schema is None else ())
        raw = answer if said and answer != parsed.text else ""
        stats = TurnStats(
            self._name, prompt, prompt, answer_tokens=len(answer.split()), context_size=self._context_size
        )
        message = Message("assistant", parsed.text, raw=raw, calls=parsed.calls, thinking=thinking.thinking)
        return Completion(message, "end", stats, parsed.error)


def _deltas(message: Message) -> Iterator[ThinkingDelta | TextDelta]:
    yield from map(ThinkingDelta, _PIECE.findall(message.thinking))
    yield from map(TextDelta, _PIECE.findall(message.text))


def _longer(message: Message, delta: ThinkingDelta | TextDelta) -> Message:
    if isinstance(delta, ThinkingDelta):
        return replace(message, thinking=message.thinking + delta.text)
    return replace(message, text=message.text + delta.text)
