"""`desktop-agent models list`: what is known, what is here, and what to expect of it on this computer."""

import argparse
import sys
from dataclasses import asdict

from desktop_agent.app import App
from desktop_agent.cli.actions import add_action
from desktop_agent.cli.output import as_json
from desktop_agent.models.catalogue import ModelEntry
from desktop_agent.models.forecast import Forecast
from desktop_agent.models.library import Library
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths

WIDTH_OF_A_PIPE = 200
NARROW = 120
"""In a terminal of fewer columns, weights and licence are told along with what a model is."""
HEADINGS = ("name", "size", "here", "memory", "writing", "reading", "weights", "licence")
FIGURES = ("size", "memory", "writing", "reading")
UNMEASURED = "How fast they are here was not measured yet. It takes seconds: desktop-agent models list --forecast"

Forecasts = dict[str, Forecast]


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `list` to the actions of `models`."""
    what = "show the models that are known, which are here, and the memory and speed to expect of each"
    parser = add_action(actions, "list", _run, what)
    parser.add_argument("--json", action="store_true", help="print one JSON array")
    parser.add_argument(
        "--forecast", action="store_true", help="measure this computer for some seconds if that was never done"
    )


def _run(arguments: argparse.Namespace) -> int:
    app = App(Paths.from_environment())
    forecasts = app.forecasts() if arguments.forecast else app.known_forecasts()
    if arguments.json:
        print(as_json([_row(app.library, entry, forecasts) for entry in app.library.entries()], 1))
    else:
        _print_table(app.library, forecasts)
        if sys.stderr.isatty() and not any(forecast.write_rate for forecast in forecasts.values()):
            print(UNMEASURED, file=sys.stderr)
    return 0


def _row(library: Library, entry: ModelEntry, forecasts: Forecasts) -> dict[str, object]:
    row = asdict(entry)
    del row["sources"], row["shape"]
    here = library.has(entry)
    path = str(library.path_of(entry)) if here else None
    return row | {
        "installed": here,
        "downloaded": entry.bytes if here else library.downloaded(entry),
        "path": path,
        "forecast": _forecast(forecasts.get(entry.name)),
    }


def _forecast(forecast: Forecast | None) -> dict[str, object] | None:
    """Return what to expect; None for what is not known."""
    if forecast is None:
        return None
    speeds = {"read_rate": forecast.read_rate or None, "write_rate": forecast.write_rate or None}
    return asdict(forecast) | speeds


def _print_table(library: Library, forecasts: Forecasts) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE)
    headings = HEADINGS if console.width >= NARROW else HEADINGS[:-2]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in FIGURES else "left", no_wrap=True)
    table.add_column("what it is")
    for entry in library.entries():
        cells = (entry.name, size_text(entry.bytes), _here(library, entry), *_expected(forecasts.get(entry.name)))
        table.add_row(*map(Text, (*cells, *_about(entry, apart=headings == HEADINGS))))
    console.print(table)


def _expected(forecast: Forecast | None) -> tuple[str, ...]:
    """Return the cells for memory and speed: empty for what is not known, and no speed of what does not fit."""
    if forecast is None:
        return ("", "", "")
    if not forecast.fits:
        return (f"{size_text(forecast.memory)}, too big", "", "")
    return (size_text(forecast.memory), _rate(forecast.write_rate), _rate(forecast.read_rate))


def _rate(rate: float) -> str:
    """Return a rate as exact as a forecast can be: two digits."""
    return f"{float(f'{rate:.2g}'):g}/s" if rate else ""


def _about(entry: ModelEntry, *, apart: bool) -> tuple[str, ...]:
    """Return the cells for weights, licence and what it is, or one for all three."""
    weights = f"{entry.parameters} {entry.quantisation}"
    if apart:
        return (weights, entry.licence, f"{entry.title}: {entry.note}")
    return (f"{entry.title}, {weights}, {entry.licence}: {entry.note}",)


def _here(library: Library, entry: ModelEntry) -> str:
    if library.has(entry):
        return "yes"
    have = library.downloaded(entry)
    return f"{100 * have // entry.bytes} %" if have else "no"
