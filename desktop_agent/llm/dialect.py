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

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from desktop_agent.llm.actions import Action, BeginCall, Emit, EndAnswer, ParsedAnswer
from desktop_agent.llm.watcher import CallWatcher
from desktop_agent.messages import ToolCall, ToolResult, ToolSpec

__all__ = [
    "HERMES",
    "PLAIN",
    "Action",
    "BeginCall",
    "Dialect",
    "Emit",
    "EndAnswer",
    "JsonDialect",
    "ParsedAnswer",
    "Watcher",
    "dialect_for",
]

_INSTRUCTIONS = """You can use these tools:
{tools}

To use a tool, write nothing but its name and its arguments as one JSON object:
```json
{{"name": "tool-name", "arguments": {{"argument": "value"}}}}
```
The next message then tells you the result. When no tool is needed, answer in plain words."""


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
    def opening(self) -> str:
        """The marker that a call begins with."""

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


@dataclass(frozen=True)
class JsonDialect:
    """A call is one JSON object with `name` and `arguments`, on lines of its own between two markers."""

    name: str
    result_role: Literal["tool", "user"]
    opening: str
    closing: str
    result_frame: str
    instructions: str = ""

    def describe_tools(self, tools: Sequence[ToolSpec]) -> str:
        """Return the instructions with one tool a line; empty without tools."""
        lines = [json.dumps({**vars(tool), "parameters": dict(tool.parameters)}, ensure_ascii=False) for tool in tools]
        return self.instructions.format(tools="\n".join(lines)) if tools else ""

    def call_text(self, call: ToolCall) -> str:
        """Return the call between its markers."""
        body = json.dumps({"name": call.name, "arguments": dict(call.arguments)}, ensure_ascii=False)
        return f"{self.opening}\n{body}\n{self.closing}"

    def result_text(self, result: ToolResult) -> str:
        """Return the result in its frame."""
        return self.result_frame.format(name=result.name, text=result.text)

    def watch(self, tools: Sequence[ToolSpec], allow_calls: bool = True) -> CallWatcher:
        """Return a watcher for one answer. Raises ValueError when a tool's schema cannot be understood."""
        return CallWatcher(tools if allow_calls else (), self.opening, self.closing)


HERMES = JsonDialect(
    "hermes", "tool", "<tool_call>", "</tool_call>", result_frame="<tool_response>\n{text}\n</tool_response>"
)
PLAIN = JsonDialect(
    "plain", "user", "```json", "```", result_frame="Result of {name}:\n{text}", instructions=_INSTRUCTIONS
)


def dialect_for(chat_template: str) -> Dialect:
    """Return the dialect of a GGUF's chat template: Hermes where it names `<tool_call>`, plain JSON otherwise."""
    return HERMES if HERMES.opening in chat_template else PLAIN
