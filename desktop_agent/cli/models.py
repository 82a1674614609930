"""`desktop-agent models`: what is known, what is here, and how it gets in and out."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from desktop_agent.cli import found, hub, tune
from desktop_agent.cli.actions import add_action
from desktop_agent.cli.output import as_json
from desktop_agent.cli.transfer_bar import TransferBar
from desktop_agent.models.catalogue import Catalogue, ModelEntry
from desktop_agent.models.library import Library
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths

STOPPED = 4
WIDTH_OF_A_PIPE = 160


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `models` command and its subcommands."""
    models = commands.add_parser("models", help="list, fetch, import, check and remove models")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    add_action(actions, "list", _list, "show the models that are known and which are here").add_argument(
        "--json", action="store_true", help="print one JSON array"
    )
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


def _list(arguments: argparse.Namespace) -> int:
    library = _library()
    if arguments.json:
        print(as_json([_row(library, entry) for entry in library.entries()], 1))
    else:
        _print_table(library)
    return 0


def _row(library: Library, entry: ModelEntry) -> dict[str, object]:
    row = asdict(entry)
    del row["sources"]
    here = library.has(entry)
    path = str(library.path_of(entry)) if here else None
    return row | {"installed": here, "downloaded": entry.bytes if here else library.downloaded(entry), "path": path}


def _print_table(library: Library) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, justify in (("name", "left"), ("size", "right"), ("weights", "left"), ("licence", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("here", no_wrap=True)
    table.add_column("what it is")
    for entry in library.entries():
        size = size_text(entry.bytes)
        weights = f"{entry.parameters} {entry.quantisation}"
        cells = (entry.name, size, weights, entry.licence, _here(library, entry), f"{entry.title}: {entry.note}")
        table.add_row(*map(Text, cells))
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE).print(table)


def _here(library: Library, entry: ModelEntry) -> str:
    if library.has(entry):
        return "yes"
    have = library.downloaded(entry)
    return f"{100 * have // entry.bytes} %" if have else "no"


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
