"""`desktop-agent models`: what is known, what is here, and how it gets in and out."""

import argparse
import sys
from pathlib import Path

from desktop_agent.cli import found, hub, model_list, tune
from desktop_agent.cli.actions import add_action
from desktop_agent.cli.transfer_bar import TransferBar
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.library import Library
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths

STOPPED = 4


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `models` command and its subcommands."""
    models = commands.add_parser("models", help="list, fetch, import, check and remove models")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    model_list.register(actions)
    pull = add_action(actions, "pull", _pull, "download a model and check it")
    pull.add_argument("names", metavar="NAME", nargs="+")
    pull.add_argument("--quiet", action="store_true", help="say nothing of models that are here already")
    hub.add_endpoint_option(pull)
    hub.register(actions)
    take = add_action(actions, "import", _import, "take over a GGUF file of yours")
    take.add_argument("file", metavar="FILE", type=Path)
    take.add_argument("--copy", action="store_true", help="copy it, also where it could be linked or used where it is")
    found.register(actions)
    tune.register(actions)
    add_action(actions, "verify", _verify, "read a model's file again and compare its checksum").add_argument(
        "name", metavar="NAME"
    )
    add_action(actions, "remove", _remove, "delete a model's file").add_argument("name", metavar="NAME")


def _library(endpoint: str = "") -> Library:
    return Library(Paths.from_environment().models, Catalogue.load(), lambda: hub.access(endpoint))


def _pull(arguments: argparse.Namespace) -> int:
    try:
        for name in arguments.names:
            _pull_one(_library(arguments.endpoint), name, arguments.quiet)
    except KeyboardInterrupt:
        print("Stopped. What was downloaded is kept: the same command goes on from there.", file=sys.stderr)
        return STOPPED
    return 0


def _pull_one(library: Library, name: str, quiet: bool) -> None:
    was_here = library.has(library.entry(name))
    with TransferBar() as bar:
        path = library.pull(name, bar.show)
    if not (was_here and quiet):
        print(f"{name} is here: {path}")


def _import(arguments: argparse.Namespace) -> int:
    with TransferBar() as bar:
        entry = _library().import_file(arguments.file, bar.show, copy=arguments.copy)
    print(f"{entry.name} is here: {entry.title}, {entry.parameters}, {entry.quantisation}")
    if entry.role == "chat":
        print(f"Try it: desktop-agent ask --model {entry.name} Hello", file=sys.stderr)
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    with TransferBar() as bar:
        entry = _library().verify(arguments.name, bar.show)
    print(f"{entry.name} is intact: {entry.bytes:,} bytes, SHA-256 {entry.sha256}")
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    library = _library()
    location = library.entry(arguments.name).location
    freed = library.remove(arguments.name)
    stays = f"its file stays where it is: {location}" if location else f"{size_text(freed)} are free again."
    print(f"{arguments.name} is removed; {stays}")
    return 0
