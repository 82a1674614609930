"""`desktop-agent ask TEXT`: one question, one answer."""

import argparse
import sys
import threading
from typing import TYPE_CHECKING

from desktop_agent.cli.approval import TerminalApprover
from desktop_agent.cli.output import JsonOutput, Output, TextOutput, follow
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
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: "Subparsers") -> None:
    """Add the command."""
    parser = commands.add_parser("ask", help="answer one question", description="Answer one question.")
    parser.add_argument("text", metavar="TEXT", help="the question; - reads it from standard input")
    add_turn_options(parser)
    parser.add_argument("--json", action="store_true", help="print the events, one JSON object a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Answer the question and return the exit code."""
    text = _standard_input() if args.text == "-" else args.text
    if not text.strip():
        raise UserFacingError("There is no question.", 'Use: desktop-agent ask "your question"')
    output: Output = JsonOutput() if args.json else TextOutput()
    stop = threading.Event()
    with opened_app(context=args.context) as app, stopped_by_signals(stop):
        app.find_model(args.model)
        question = app.keep(conversation(app, args.chat, args.allow), text)
        app.begin_memory()
        load_model(app, args.model, stop)
        code = follow(app.answer(question, TerminalApprover(allow_all=args.yes), stop), output)
        wind_down(app)
        return code


def _standard_input() -> str:
    """Return all of it; what is no text in the terminal's encoding is replaced."""
    return sys.stdin.buffer.read().decode(sys.stdin.encoding, "replace") if sys.stdin else ""
