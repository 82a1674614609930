"""An open App for the length of one command, and the questions that a terminal can be asked."""

import argparse
import functools
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from desktop_agent.app import App
from desktop_agent.cli.own_home import ask
from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths

SMALLEST_CONTEXT = 512
INDEX_SECONDS = 1.0
"""A command waits no longer for what it said to be indexed; the next start makes up for it."""


def _context(text: str) -> int:
    """Return the size, which argparse refuses with a sentence when it is none."""
    if not text.isdecimal() or int(text) < SMALLEST_CONTEXT:
        raise argparse.ArgumentTypeError(f"a number from {SMALLEST_CONTEXT} on is needed, not {text!r}")
    return int(text)


def add_turn_options(parser: argparse.ArgumentParser) -> None:
    """Add what `ask` and `chat` have in common."""
    parser.add_argument("--model", default="", metavar="NAME", help="a model's name, or a path to a GGUF file")
    parser.add_argument("--allow", action="append", default=[], metavar="FOLDER", help="let this chat read a folder")
    parser.add_argument("--yes", action="store_true", help="allow what tools only read or compute without asking")
    parser.add_argument("--chat", default="", metavar="ID", help="go on with an earlier chat")
    parser.add_argument(
        "--context", type=_context, default=0, metavar="TOKENS", help="size of the context (default: 4096)"
    )


def is_interactive() -> bool:
    """Return whether somebody sits at the terminal and can be asked."""
    return bool(sys.stdin and sys.stderr) and sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str, otherwise: str) -> bool:
    """Ask yes or no, no being the default; raises UserFacingError with that hint when nobody can be asked."""
    if not is_interactive():
        raise UserFacingError("Nobody can be asked here.", otherwise)
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def archive_passphrase(file: Path | None, *, twice: bool) -> str:
    """Return the first line of `file`, else what is typed, `twice` for a new one. Raises UserFacingError."""
    if file:
        try:
            return file.read_text("utf-8").partition("\n")[0].removesuffix("\r")
        except (OSError, ValueError) as error:
            raise UserFacingError(f"The passphrase cannot be read from {file}: {error}.") from error
    if not is_interactive():
        raise UserFacingError("The archive needs a passphrase, and nobody can be asked.", "Use --passphrase-file FILE.")
    typed = ask("Passphrase of the archive: ")
    if twice and typed != ask("The same again: "):
        raise UserFacingError("The two passphrases differ.", "Nothing was written.")
    return typed


@contextmanager
def opened_app(*, context: int = 0) -> Iterator[App]:
    """Yield an open App; its notices go to stderr, those of the opening at once and what came later at the end."""
    app = App(Paths.from_environment())
    if context:
        app.settings = app.settings.model_copy(update={"context_tokens": context})
    try:
        app.open(functools.partial(ask, "Passphrase: ") if is_interactive() else None)
        _tell(app)
        yield app
    finally:
        app.close()
        _tell(app)


def _tell(app: App) -> None:
    """Print the notices that have come up, once."""
    while app.notices:
        print(f"Note: {app.notices.pop(0)}", file=sys.stderr)


def load_model(app: App, name: str, stop: threading.Event | None = None) -> None:
    """Load the model, saying so where somebody watches, who also sees it measured the first time.

    Raises Cancelled when `stop` is set meanwhile.
    """
    watched = bool(sys.stderr) and sys.stderr.isatty()

    def tell(what: str) -> None:
        if watched:
            print(f"\x1b[2K{what}", end="\r", file=sys.stderr, flush=True)

    tell("Loading the model…")
    watching = is_interactive()
    app.load_model(name, lambda _part: not (stop and stop.is_set()), tune=watching, tell=tell, cancel=stop)
    tell("")


def wind_down(app: App) -> None:
    """Do what can wait until the answer is there: index it, and make the day's backup."""
    app.desk.settled(INDEX_SECONDS)
    app.back_up()


def conversation(app: App, chat: str, folders: list[str]) -> str:
    """Return the id of the chat to go on with, or of a new one, with the folders granted to it."""
    chat_id = (app.conversations.get(chat) if chat else app.conversations.create()).id
    try:
        for folder in folders:
            app.folders.grant(folder, chat_id)
    except UserFacingError:
        if not chat:
            app.delete_conversation(chat_id)  # nothing was said in it
        raise
    return chat_id


@contextmanager
def stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM set `stop`; a second one interrupts as usual."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    previous: dict[int, Callable[[int, FrameType | None], object] | int | None] = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
