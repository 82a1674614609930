"""Reading the tool calls out of a whole answer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from desktop_agent.llm.actions import ParsedAnswer
from desktop_agent.llm.arguments import BadArguments, fit_arguments
from desktop_agent.llm.json_repair import Unclosed, read_json
from desktop_agent.llm.openings import PENDING, Opening, Openings, Search
from desktop_agent.messages import ToolCall, ToolSpec

_NAMES = ("name", "function", "tool", "tool_name")
_ARGUMENTS = ("arguments", "parameters", "args", "params", "input")
_BETWEEN = re.compile(r"(?:\s|</\w+>|```(?!\w)|[,;\]}])*")
_CLOSING = re.compile(r"</\w+>|\n```")


def parse_answer(raw: str, tools: Sequence[ToolSpec], cut: bool = False) -> ParsedAnswer:
    """Return an answer's text and its calls, each checked against its tool's schema, up to the first that is wrong.

    `cut` says that the answer did not come to its end, so a call that is left open is an error. Without tools the whole
    answer is text.
    """
    openings = Openings([tool.name for tool in tools])
    opening = openings.search(raw, Search()).opening
    if not opening:
        return ParsedAnswer(raw, raw)
    calls: list[ToolCall] = []
    error = ""
    try:
        for value in _values(raw, opening, openings, cut):
            calls.append(_call(value, {tool.name: tool for tool in tools}))
    except BadArguments as complaint:
        error = str(complaint)
    return ParsedAnswer(raw[: opening.start].rstrip(), raw, tuple(calls), error)


def _values(raw: str, opening: Opening | None, openings: Openings, cut: bool) -> Iterator[Any]:
    """Yield the JSON value of each call, one after the other. Raises BadArguments."""
    while opening and opening is not PENDING:
        if opening.name and opening.name not in openings.names:
            raise BadArguments(_unknown_tool(opening.name, openings.names))
        try:
            value, end = _read(raw, _inner_brace(raw, opening.body), cut)
        except Unclosed as error:
            raise BadArguments("the call is not complete: the answer ended in the middle of it") from error
        except ValueError as error:
            raise BadArguments(f"the call is no valid JSON: {error}") from error
        yield from value if isinstance(value, list) else [value]
        between = _BETWEEN.match(raw, end)
        opening = openings.match(raw, between.end() if between else end)


def _unknown_tool(name: str, names: Iterable[str]) -> str:
    """Return what to tell a model that made a tool up."""
    return f"there is no tool {name!r}; tools are: {', '.join(names)}. Answer in words when none of them helps"


def _read(raw: str, start: int, cut: bool) -> tuple[Any, int]:
    """Return the value at `start` and its end; a bracket may be missing before a closing marker."""
    try:
        return read_json(raw, start, cut)
    except ValueError:
        closing = _CLOSING.search(raw, start)
        if not closing:
            raise
        return read_json(raw[: closing.start()], start)[0], closing.start()


def _inner_brace(raw: str, start: int) -> int:
    """Return where the JSON begins: some templates show `{{"name": ...}}`, and the model takes it literally."""
    doubled = re.compile(r"\s*\{(?=\s*\{)").match(raw, start)
    return doubled.end() if doubled else start


def _call(value: Any, tools: Mapping[str, ToolSpec]) -> ToolCall:
    """Return the call that a JSON value says. Raises BadArguments."""
    if not isinstance(value, dict):
        raise BadArguments("a call must be a JSON object with a name and arguments")
    inner = next((value[key] for key in ("function", "tool_call") if isinstance(value.get(key), dict)), value)
    name = next((inner[key] for key in _NAMES if isinstance(inner.get(key), str)), "")
    if name not in tools:
        raise BadArguments(_unknown_tool(name, tools))
    return ToolCall(uuid4().hex[:12], name, fit_arguments(_arguments(inner), tools[name].parameters))


def _arguments(call: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments, which may be JSON within a text, or stand beside the name. Raises BadArguments."""
    beside = {key: part for key, part in call.items() if key not in (*_NAMES, "type", "id")}
    found = next((call[key] for key in _ARGUMENTS if key in call), beside)
    if isinstance(found, str) and found.strip():
        try:
            found = read_json(found)[0]
        except ValueError as error:
            raise BadArguments(f"the arguments are no valid JSON: {error}") from error
    if found and not isinstance(found, dict):
        raise BadArguments("the arguments must be a JSON object")
    return found or {}
