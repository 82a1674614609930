"""`desktop-agent chat`: the same chat as in the window, in the terminal."""

import argparse
import sys
import threading
from typing import TYPE_CHECKING

from desktop_agent.app import App
from desktop_agent.cli.approval import TerminalApprover
from desktop_agent.cli.output import TextOutput, follow
from desktop_agent.cli.session import (
    add_turn_options,
    conversation,
    load_model,
    opened_app,
    stopped_by_signals,
    wind_down,
)
from desktop_agent.errors import UserFacingError

if TYPE_CHECKING:
    from desktop_agent.cli.ask import Subparsers

HELP = "/new starts another chat, /allow FOLDER lets this chat read a folder, /quit ends; Ctrl-C stops an answer."


def register(commands: "Subparsers") -> None:
    """Add the command."""
    parser = commands.add_parser("chat", help="talk in the terminal", description="Talk in the terminal. " + HELP)
    add_turn_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Talk until the input ends; return 0."""
    with opened_app(context=args.context) as app:
        app.begin_memory()
        load_model(app, args.model)
        print(f"{HELP}\n", file=sys.stderr)
        Chat(app, conversation(app, args.chat, args.allow), TerminalApprover(allow_all=args.yes)).loop()
        wind_down(app)
    return 0


class Chat:
    """One chat at the terminal."""

    def __init__(self, app: App, conversation_id: str, approver: TerminalApprover) -> None:
        self._app = app
        self._conversation_id = conversation_id
        self._approver = approver

    def loop(self) -> None:
        """Read lines until /quit, Ctrl-D or Ctrl-C at the prompt."""
        while True:
            try:
                line = input("› ").strip()
            except (EOFError, KeyboardInterrupt):
                return
            if line == "/quit":
                return
            if line:
                self._take(line)

    def _take(self, line: str) -> None:
        command, _, argument = line.partition(" ")
        try:
            if command == "/new":
                self._conversation_id = conversation(self._app, "", [])
            elif command == "/allow" and argument.strip():
                self._app.folders.grant(argument.strip(), self._conversation_id)
            elif command.startswith("/") and not argument:
                print(HELP, file=sys.stderr)
            else:
                self._answer(line)
        except UserFacingError as error:
            print(error, file=sys.stderr)

    def _answer(self, text: str) -> None:
        stop = threading.Event()
        with stopped_by_signals(stop):
            question = self._app.keep(self._conversation_id, text)
            follow(self._app.answer(question, self._approver, stop), TextOutput())
