"""`desktop-agent mcp`: servers of the Model Context Protocol, each with what it may have."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from desktop_agent.cli.actions import add_action, add_json_action
from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import is_interactive, opened_app, stopped_by_signals
from desktop_agent.errors import UserFacingError
from desktop_agent.records import McpServer
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.tool_desk import ServerState, ToolDesk, ToolInfo

EFFECTS = {"read": "only reads", "act": "acts"}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its actions."""
    what = "add, remove and try MCP servers, which offer tools of other programs"
    actions = commands.add_parser("mcp", help=what).add_subparsers(required=True, metavar="ACTION")
    _register_add(actions)
    for name, run, about in (
        ("remove", _remove, "end a server and forget it, with its secrets"),
        ("enable", _enable, "let chats use a server"),
        ("disable", _disable, "let no chat use a server"),
    ):
        add_action(actions, name, run, about).add_argument("name", metavar="NAME")
    add_json_action(actions, "list", _list, "list the servers")
    tools = add_json_action(actions, "tools", _tools, "start a server and list its tools")
    tools.add_argument("name", metavar="NAME")


def _register_add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = add_action(
        actions, "add", _add, "add a server, or change it: NAME [what it may have] -- PROGRAM [ARGUMENT …]"
    )
    add.add_argument("name", metavar="NAME", help="small letters, digits and hyphens")
    add.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="a value for its environment")
    add.add_argument("--secret", action="append", default=[], metavar="NAME", help="the same, asked for or from stdin")
    add.add_argument("--folder", action="append", default=[], metavar="FOLDER", help="a folder that it may read")
    add.add_argument("--write", action="append", default=[], metavar="FOLDER", help="a folder that it may change")
    add.add_argument("--network", action="store_true", help="let it open connections")
    add.add_argument("command", nargs="+", metavar="PROGRAM", help="the program that is the server, after --")


@contextmanager
def _desk() -> Iterator["ToolDesk"]:
    with opened_app() as app:
        yield app.tool_desk


def _add(args: argparse.Namespace) -> int:
    from desktop_agent.tools.mcp import definition

    server = McpServer(
        args.name,
        tuple(args.command),
        tuple(map(_pair, args.env)),
        tuple(args.secret),
        tuple(args.folder),
        tuple(args.write),
        args.network,
    )
    with _desk() as desk:
        desk.put_server(server, {name: _secret(name) for name in args.secret})
        kept = _state(desk, args.name).server
    for folder in definition.out_of_sight(kept):
        print(f"Note: the server may not see {visible(folder, kept='')}: say --folder or --write.", file=sys.stderr)
    print(f"Added. Try it: desktop-agent mcp tools {args.name}")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UserFacingError(f"'{text}' is no NAME=VALUE.", "For a value to be asked for, say --secret NAME.")
    return name, value


def _secret(name: str) -> str:
    """Return what is typed unseen, or the next line of standard input."""
    from desktop_agent.cli.own_home import ask

    value = ask(f"{name}: ") if is_interactive() else sys.stdin.readline().rstrip("\n")
    if not value:
        raise UserFacingError(f"The secret '{name}' is empty.", "Nothing was changed.")
    return value


def _remove(args: argparse.Namespace) -> int:
    with _desk() as desk:
        desk.remove_server(args.name)
    print("Removed.")
    return 0


def _enable(args: argparse.Namespace) -> int:
    return _switch(args.name, True)


def _disable(args: argparse.Namespace) -> int:
    return _switch(args.name, False)


def _switch(name: str, enabled: bool) -> int:
    with _desk() as desk:
        desk.put_server(replace(_state(desk, name).server, enabled=enabled), {})
    print("On." if enabled else "Off.")
    return 0


def _list(args: argparse.Namespace) -> int:
    with _desk() as desk:
        servers = [state.server for state in desk.servers()]
    lines = [line for server in servers for line in _described(server)]
    return print_result(args, [asdict(server) for server in servers], lines or ["There are no MCP servers yet."])


def _described(server: McpServer) -> Iterator[str]:
    yield f"{server.name}{'' if server.enabled else ' (off)'}: {visible(' '.join(server.command), kept='')}"
    for folder in server.folders:
        yield f"    {'changes' if folder in server.writable else 'reads'} {visible(folder, kept='')}"
    if server.environment or server.secrets:
        names = [name for name, _ in server.environment] + [f"{name} (secret)" for name in server.secrets]
        yield f"    gets {', '.join(names)}"
    if server.network:
        yield "    may open connections"


def _tools(args: argparse.Namespace) -> int:
    import threading

    stop = threading.Event()
    with stopped_by_signals(stop), _desk() as desk:
        tools = desk.probe_server(args.name, stop)
    return print_result(args, [asdict(tool) for tool in tools], _tool_lines(tools) or ["It has no tools."])


def _tool_lines(tools: "Sequence[ToolInfo]") -> list[str]:
    lines = []
    for tool in tools:
        lines += [f"{tool.name} ({tool.problem or EFFECTS.get(tool.effect, tool.effect)})", f"    {tool.description}"]
    return lines


def _state(desk: "ToolDesk", name: str) -> "ServerState":
    for state in desk.servers():
        if state.server.name == name:
            return state
    raise UserFacingError(f"There is no MCP server '{visible(name, kept='')}'.", "Run: desktop-agent mcp list")
