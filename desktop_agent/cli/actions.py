"""How the commands that have actions of their own are declared: `desktop-agent memory add`, `key status`, …"""

import argparse
from collections.abc import Callable


def add_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    """Add an action that `run` carries out and that `what` describes, from a small letter on; return its parser."""
    parser = actions.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def add_json_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    """Add an action whose result can be printed as JSON; see `output.print_result`."""
    parser = add_action(actions, name, run, what)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
