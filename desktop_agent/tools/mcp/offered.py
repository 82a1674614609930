"""Tools of a server as tools of ours."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from desktop_agent.approvals import Effect
from desktop_agent.messages import Json, ToolSpec
from desktop_agent.records import McpServer
from desktop_agent.tools.mcp import schema
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import FOREIGN, Tool

if TYPE_CHECKING:
    import mcp_types

Call = Callable[[str, Mapping[str, Json], Scope], Outcome]
"""Calls a tool by the server's own name for it."""

LAYERS = ("bubblewrap", "landlock", "seccomp")
_DESCRIPTION, _TITLE, _NAME = 400, 60, 60


def tools(
    server: McpServer, listed: "Sequence[mcp_types.Tool]", taken: Collection[str], call: Call
) -> tuple[Tool, ...]:
    """Return the tools by name, in a fixed order; none is called as one in `taken` is.

    What a server says of its tools is a stranger's word: neither that one only reads is believed, nor are its
    descriptions more than words.
    """
    made: dict[str, Tool] = {}
    for each in sorted(listed, key=lambda tool: tool.name):
        name = _free_name(f"{server.name}_{_plain_name(each.name)}", {*taken, *made})
        made[name] = _tool(server, name, each, call)
    return tuple(made[name] for name in sorted(made))


def effect(server: McpServer) -> Effect:
    """Return "read" for what can reach nothing and change nothing, "act" for everything else."""
    return "act" if server.network or server.writable else "read"


def _tool(server: McpServer, name: str, listed: "mcp_types.Tool", call: Call) -> Tool:
    arguments = schema.plain(listed.input_schema)
    title = listed.title or (listed.annotations and listed.annotations.title) or listed.name

    def run(arguments: Mapping[str, Json], scope: Scope) -> Outcome:
        return call(listed.name, arguments, scope)

    return Tool(
        spec=ToolSpec(name, schema.words(listed.description, _DESCRIPTION), arguments),
        effect=effect(server),
        group=FOREIGN + server.name,
        title=f"{server.name}: {schema.words(title, _TITLE)}",
        icon="plug",
        needs=LAYERS,
        untrusted=True,
        check=partial(_checked, arguments, name),
        function=run,
        given={"scope": Scope},
    )


def _checked(arguments: schema.Schema, tool: str, given: Mapping[str, Json]) -> dict[str, Json]:
    return {"arguments": schema.check(arguments, tool, given)}


def _plain_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:_NAME] or "tool"


def _free_name(name: str, taken: Collection[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
