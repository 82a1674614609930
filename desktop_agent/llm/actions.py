"""What a watcher tells the engine while an answer is written, and what it made of the whole."""

from dataclasses import dataclass
from typing import TypeAlias

from desktop_agent.messages import ToolCall


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
