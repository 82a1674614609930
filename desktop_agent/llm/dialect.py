"""How a family of models writes a tool call: recognise it while it is written, constrain it, read it.

The engine drives a `Watcher` through one answer:

    watcher = dialect.watch(request.tools, request.allow_calls)
    for each sampled token (never an end-of-generation one):
        action = watcher.feed(text of the token)      # "" while a character is incomplete
        Emit      -> show action.text
        BeginCall -> show action.text; cut the raw answer back to `keep` characters; decode `prefix` (tokenised with
                     special tokens on; it is not fed); sample under SafeGrammar(action.gbnf), still feeding the text
        EndAnswer -> show action.text; cut the raw answer back to `keep` characters and end the step with reason "end"
        when the grammar is finished: watcher.call_ended(), and sample freely again
    answer = watcher.finish(cut=reason != "end")      # show answer.tail

`keep` counts characters of `watcher.raw`, which is what was fed plus every prefix, after all cuts: the engine's own raw
answer. All texts that were shown, with `answer.tail`, make up `answer.text`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from desktop_agent.messages import ToolCall, ToolResult, ToolSpec


@dataclass(frozen=True)
class Emit:
    """This text may be shown now; empty while it could still become a call."""

    text: str


@dataclass(frozen=True)
class BeginCall:
    """A call begins: keep so many characters of the raw answer, decode `prefix`, and go on under the grammar `gbnf`."""

    keep: int
    prefix: str
    gbnf: str
    text: str = ""


@dataclass(frozen=True)
class EndAnswer:
    """The answer is over, whatever the model still wants to write after its calls: keep so many characters of it."""

    keep: int
    text: str = ""


Action: TypeAlias = Emit | BeginCall | EndAnswer


@dataclass(frozen=True)
class ParsedAnswer:
    """A whole answer. `text` is for people, `tail` the end of it that was not emitted yet, `raw` as it was decoded.

    `error` is one concrete line for the model about the first call that could not be read or does not fit its schema.
    """

    text: str
    raw: str
    calls: tuple[ToolCall, ...] = ()
    error: str = ""
    tail: str = ""


class Watcher(Protocol):
    """Follows one answer."""

    @property
    def raw(self) -> str:
        """The answer so far as it was decoded, prefixes included, cut text not."""

    def feed(self, text: str) -> Action:
        """Take the next piece of the answer; inside a call the action is always `Emit("")`."""

    def call_ended(self) -> None:
        """Note that the grammar of the last BeginCall is finished."""

    def finish(self, cut: bool = False) -> ParsedAnswer:
        """Return the answer; `cut` says that the model did not end it by itself, so a half call is an error."""


class Dialect(Protocol):
    """How one family of models is told of tools and calls them."""

    @property
    def name(self) -> str:
        """A short name for logs and statistics."""

    @property
    def result_role(self) -> Literal["tool", "user"]:
        """The role under which the template takes a tool's result."""

    def describe_tools(self, tools: Sequence[ToolSpec]) -> str:
        """Return what the system prompt must say of the tools; empty where the template itself renders them."""

    def call_text(self, call: ToolCall) -> str:
        """Return a call as this family writes it, for templates that do not render calls."""

    def result_text(self, result: ToolResult) -> str:
        """Return a result as this family reads it, for templates that do not render results."""

    def watch(self, tools: Sequence[ToolSpec], allow_calls: bool = True) -> Watcher:
        """Return a watcher for one answer. Raises ValueError when a tool's schema cannot be understood."""


def dialect_for(chat_template: str) -> Dialect:
    """Return the dialect of a GGUF's chat template: Hermes where it names `<tool_call>`, plain JSON otherwise."""
    raise NotImplementedError(chat_template)
