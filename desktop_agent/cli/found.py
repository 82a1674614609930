"""`desktop-agent models found` and `models adopt`: what other programs keep on this computer, used where it lies."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_agent.cli.actions import add_action, add_json_action
from desktop_agent.cli.output import as_json
from desktop_agent.cli.transfer_bar import TransferBar
from desktop_agent.errors import UserFacingError
from desktop_agent.models.catalogue import Catalogue, unknown
from desktop_agent.models.elsewhere import PROGRAMS, Found, found_elsewhere
from desktop_agent.models.foreign import is_same
from desktop_agent.models.library import Library
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths
from desktop_agent.visible import visible

WIDTH_OF_A_PIPE = 160


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the actions to those of `models`."""
    add_json_action(actions, "found", _found, "show the models that other programs keep on this computer")
    adopt = add_action(actions, "adopt", _adopt, "use a model where it lies, without copying it")
    adopt.add_argument("name", metavar="NAME|PATH", help="as `models found` shows it, or any GGUF file")


def _library() -> Library:
    return Library(Paths.from_environment().models, Catalogue.load())


def _found(arguments: argparse.Namespace) -> int:
    library, found = _library(), found_elsewhere()
    if arguments.json:
        print(as_json([_row(library, each) for each in found], 1))
    elif found:
        _print_table(library, found)
    else:
        print(_nothing(), file=sys.stderr)
    return 0


def _nothing() -> str:
    *programs, last = (name for name, _ in PROGRAMS)
    return f"No models of {', '.join(programs)} or {last} were found on this computer."


def _row(library: Library, found: Found) -> dict[str, object]:
    paths = [str(path) for path in found.paths]
    return vars(found) | {"paths": paths, "used": not found.problem and library.holds(found)}


def _print_table(library: Library, found: Sequence[Found]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, justify in (("name", "left"), ("size", "right"), ("program", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("here")
    for each in found:
        table.add_row(*map(Text, (each.title, size_text(each.bytes), each.program, _here(library, each))))
    Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE).print(table)


def _here(library: Library, found: Found) -> str:
    return found.problem or ("yes" if library.holds(found) else "no")


def _adopt(arguments: argparse.Namespace) -> int:
    chosen = _chosen(arguments.name, found_elsewhere())
    with TransferBar() as bar:
        entry = _library().adopt(chosen, bar.show)
    print(f"{entry.name} is here: {entry.title}, {entry.parameters}, {entry.quantisation}")
    if entry.location:
        print(f"It stays where it is: {visible(entry.location, kept='')}")
    if entry.role == "chat":
        print(f"Try it: desktop-agent ask --model {entry.name} Hello", file=sys.stderr)
    return 0


def _chosen(name: str, found: Sequence[Found]) -> Found | Path:
    """Return the model called so, or the one at that path; raise UserFacingError when there is none, or several."""
    path = Path(name).expanduser()
    called = [each for each in found if each.title.casefold() == name.casefold()]
    named = called or [each for each in found if any(is_same(path, piece) for piece in each.paths)]
    if len(named) > 1:
        places = " or ".join(visible(str(each.paths[0]), kept="") for each in named)
        raise UserFacingError(f"There are several models called {name}.", f"Say which file: {places}.")
    if named:
        return named[0]
    if path.is_file() or path.suffix.lower() == ".gguf" or not found:
        return path
    raise UserFacingError(*unknown(name, [each.title for each in found]))
