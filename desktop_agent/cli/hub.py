"""`desktop-agent models token`: the access token for the model hub or its mirror, in this computer's keyring."""

import argparse
import sys

from desktop_agent.cli.actions import add_action
from desktop_agent.cli.own_home import ask, own_home
from desktop_agent.cli.session import is_interactive
from desktop_agent.models.hub_access import HubAccess, checked_endpoint, drop_token, has_token
from desktop_agent.paths import Paths
from desktop_agent.settings import config


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `token` action with its own."""
    what = "keep or remove the access token for the model hub"
    tokens = actions.add_parser("token", help=what, description=what[0].upper() + what[1:] + ".")
    kinds = tokens.add_subparsers(required=True, metavar="ACTION")
    add_endpoint_option(
        add_action(kinds, "set", _set, "ask for a token, or read it from stdin, and keep it in the keyring")
    )
    add_action(kinds, "remove", _remove, "remove the token from the keyring")


def add_endpoint_option(parser: argparse.ArgumentParser) -> None:
    """Let the command name a mirror."""
    parser.add_argument(
        "--endpoint", default="", metavar="URL", help="a mirror of the model hub (default: the one from the settings)"
    )


def access(endpoint: str = "") -> HubAccess:
    """Return how the hub is reached: at `endpoint`, else as the settings say. Raises UserFacingError."""
    paths = Paths.from_environment()
    return HubAccess(checked_endpoint(endpoint or config.load(paths.settings)[0].hub_endpoint), paths)


def _set(arguments: argparse.Namespace) -> int:
    hub = access(arguments.endpoint)
    token = ask(f"Access token for {hub.address()}: ") if is_interactive() else sys.stdin.readline()
    with own_home():
        hub.keep_token(token.strip())
    print("The token is in this computer's keyring.")
    return 0


def _remove(_: argparse.Namespace) -> int:
    with own_home() as paths:
        was_there = has_token(paths)
        drop_token(paths)
    print("The token is removed." if was_there else "There was no token.")
    return 0
