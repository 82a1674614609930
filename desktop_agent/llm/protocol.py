"""What the agent asks of a model, whichever engine runs it."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, TurnStats
from desktop_agent.messages import Json, Message, ToolSpec


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen. Temperature 0 is greedy."""

    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    seed: int = 0


@dataclass(frozen=True)
class Request:
    """One step: the messages so far, and the tools on offer.

    `tools` are described to the model in any case, since the head of the prompt must not change within a conversation;
    with `allow_calls` false it cannot call them. `max_tokens` 0 means as many as fit. With a JSON `schema` the answer
    is one value of that schema, written greedily and shown when it is over, and there are no calls.

    `chat` names the conversation whose state in the KV cache is kept for its next step. The first `head` messages, with
    the tools, are the stable head: the same in every chat and nothing personal, so that its state may be kept on disk.
    With `thinking` a model that can think before it answers does.
    """

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    allow_calls: bool = True
    sampling: Sampling = Sampling()
    max_tokens: int = 0
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Json] | None = None
    chat: str = ""
    head: int = 0
    thinking: bool = False


@dataclass(frozen=True)
class Completion:
    """The end of a step.

    `message` has role assistant, with `raw` as decoded and `calls` parsed. `call_error` says in one concrete line what
    is wrong with a call that could not be parsed or does not fit its schema; `message.calls` then lacks it. `reason` is
    "end", "length" (context or max_tokens exhausted) or "cancelled".
    """

    message: Message
    reason: str
    stats: TurnStats
    call_error: str = ""


ModelEvent: TypeAlias = PromptProgress | ThinkingDelta | TextDelta | Completion


class ChatModel(Protocol):
    """A loaded model."""

    @property
    def name(self) -> str:
        """The model's name as people know it."""

    @property
    def parameters(self) -> int:
        """How many weights the model has."""

    @property
    def context_size(self) -> int:
        """Tokens that prompt and answer may take together."""

    def count_tokens(self, request: Request) -> int:
        """Return the length of the rendered prompt in tokens."""

    def generate(self, request: Request, cancel: threading.Event) -> Iterator[ModelEvent]:
        """Yield progress and text, then exactly one Completion.

        Setting `cancel` ends the step within 200 ms with reason "cancelled". Raises UserFacingError with numbers when
        the prompt does not fit the context, before anything is computed.
        """

    def candidates(self, request: Request, count: int, cancel: threading.Event) -> tuple[Completion, ...]:
        """Return `count` answers to one prompt, 1 to 7, written side by side with the seeds from the request's on.

        Much faster than asking as often. What was read and all times are in the first one's stats. Setting `cancel`
        ends those that are still being written, as in `generate`, which also says what is raised.
        """

    def prepare(self, request: Request, cancel: threading.Event) -> int:
        """Read what is certain of a prompt whose last message is still being typed; return the tokens that are ready.

        Nothing is written. Setting `cancel` ends it within 200 ms; what was read by then is kept.
        """

    def forget(self, chat: str) -> None:
        """Drop what is kept in memory of a conversation, of all when `chat` is empty; not waited for."""

    def close(self) -> None:
        """Free the model's memory. Safe to call twice."""
