"""`desktop-agent models tune`: measures what makes a model fastest here, and shows what was tried."""

import argparse
import sys
from typing import TYPE_CHECKING

from desktop_agent.app import App
from desktop_agent.cli.actions import add_json_action
from desktop_agent.cli.output import as_json
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths

if TYPE_CHECKING:
    from desktop_agent.llm.choices import Choice
    from desktop_agent.llm.trial import Trial

STOPPED = 4
WIDTH_OF_A_PIPE = 160
HEADINGS = ("threads", "repacking", "at once", "flash attention", "cache", "reading", "writing", "memory", "")


def register(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `tune` to the actions of `models`."""
    parser = add_json_action(actions, "tune", _run, "measure for at most 15 seconds what makes a model fastest here")
    parser.add_argument("name", metavar="NAME", help="a model's name, or a path to a GGUF file")
    parser.add_argument("--forget", action="store_true", help="use the usual settings again until it is measured anew")


def _run(arguments: argparse.Namespace) -> int:
    app = App(Paths.from_environment())
    if arguments.forget:
        return _forget(app, arguments.name)
    try:
        choice = app.tune(arguments.name, _tell)
    except KeyboardInterrupt:
        print("Stopped. Nothing was changed.", file=sys.stderr)
        return STOPPED
    if arguments.json:
        print(as_json({"model": arguments.name, **choice.to_dict(), "sentences": choice.sentences}, 2))
    else:
        _print(choice)
    return 0


def _forget(app: App, name: str) -> int:
    known = app.forget_choice(name)
    print(f"{name} is used with the usual settings again." if known else f"Nothing was measured with {name}.")
    return 0


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _print(choice: "Choice") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=True)
    for trial in choice.trials:
        table.add_row(*_cells(trial))
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_PIPE, highlight=False)
    if choice.trials:
        console.print(table)
    for sentence in choice.sentences:
        console.print(sentence, soft_wrap=True, markup=False)


def _cells(trial: "Trial") -> tuple[str, ...]:
    settings = trial.settings
    attention = {None: "automatic", True: "on", False: "off"}[settings.flash_attention]
    how = (
        f"{settings.threads_batch} / {settings.threads}",
        "on" if settings.repack else "off",
        str(settings.ubatch),
        attention,
        f"{settings.key_type} / {settings.value_type}",
    )
    if trial.outcome != "measured":
        return (*how, "", "", "", trial.outcome)
    return (*how, f"{trial.read_rate:.1f}/s", f"{trial.write_rate:.1f}/s", size_text(trial.memory), "")
