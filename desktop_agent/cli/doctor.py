"""`desktop-agent doctor`: the state of every layer that keeps tools from doing harm."""

import argparse
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from desktop_agent.cli.output import print_result
from desktop_agent.paths import Paths

if TYPE_CHECKING:
    from desktop_agent.sandbox.layers import Layer

ALL_WELL, SOMETHING_OFF = 0, 5
MARKS = {"on": "on", "off": "OFF", "unavailable": "none here", "unknown": "not tried"}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    doctor = commands.add_parser(
        "doctor",
        help="check what confines tools",
        description="Tries to break out of each layer that confines tools; says which hold, and which tools are off.",
    )
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Try every layer; return 5 when a tool is off."""
    from desktop_agent.tooling import Tooling

    tooling = Tooling(Paths.from_environment())
    try:
        layers = tooling.check(threading.Event())
        off = {tool.title: problem for tool in tooling.built_in if (problem := tooling.problem(tool))}
    finally:
        tooling.close()
    print_result(args, {"layers": [asdict(layer) for layer in layers], "off": off}, _lines(layers, off))
    return SOMETHING_OFF if off else ALL_WELL


def _lines(layers: "Sequence[Layer]", off: dict[str, str]) -> Iterator[str]:
    wide = max(len(layer.name) for layer in layers)
    for layer in layers:
        yield f"{layer.name:<{wide}}  {MARKS[layer.state]:<9}  {layer.detail}".rstrip()
    yield ""
    if not off:
        yield "Every tool has the layers that it needs."
    for title, problem in off.items():
        yield f"{title} is off: {problem}"
