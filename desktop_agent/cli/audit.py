"""`desktop-agent audit`: what tools did, and who allowed it."""

import argparse
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import opened_app
from desktop_agent.records import AuditEntry
from desktop_agent.visible import visible

_ARGUMENTS = 100
"""Characters of the arguments in a line."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `audit` command."""
    about = "list what tools did and who allowed it, newest first, or write it to a file"
    parser = commands.add_parser("audit", help=about, description=about[0].upper() + about[1:] + ".")
    parser.set_defaults(run=_run)
    parser.add_argument("--chat", default="", metavar="ID", help="of one chat only")
    parser.add_argument("--words", default="", metavar="TEXT", help="only calls with these words in tool or arguments")
    parser.add_argument("--count", type=_count, default=50, metavar="N", help="how many at most (default: 50)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--export",
        type=Path,
        metavar="FILE",
        help="write all of it, as a table if FILE ends in .csv, else as JSON lines",
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"a number from 1 on is needed, not {text!r}")
    return int(text)


def _run(args: argparse.Namespace) -> int:
    with opened_app() as app:
        if args.chat:
            app.conversation(args.chat)  # which says when there is none
        if args.export:
            count = app.tool_desk.export_audit(args.export.expanduser(), args.chat)
            return print_result(args, {"calls": count}, [f"Written: {count} calls to {args.export}."])
        found = app.tool_desk.audit(args.chat, args.words, count=args.count)
        return print_result(args, [asdict(each) for each in found], [_line(each) for each in found] or [_NONE])


_NONE = "No tool was called yet."
_VERDICTS = {
    "allowed": "needs no approval",
    "refused": "refused",
    "once": "allowed once",
    "chat": "allowed in this chat",
    "folder": "allowed in this folder",
    "always": "always allowed",
    "deny": "denied",
}


def _line(entry: AuditEntry) -> str:
    when = f"{datetime.fromisoformat(entry.at).astimezone():%Y-%m-%d %H:%M:%S}"
    arguments = visible(entry.arguments, kept="")
    short = arguments if len(arguments) <= _ARGUMENTS else f"{arguments[:_ARGUMENTS]}…"
    outcome = "ok" if entry.ok else visible(entry.fault, kept="") or "failed"
    undo = f"  undo: {entry.undo_id[:8]}" if entry.undo_id and not entry.undone_at else ""
    undone = "  undone" if entry.undone_at else ""
    tainted = "  after text from outside" if entry.tainted else ""
    head = f"{when}  {visible(entry.tool, kept='')} {short}"
    return f"{head}\n    {_VERDICTS[entry.verdict]}; {outcome}; {entry.seconds:.2f} s{tainted}{undo}{undone}"
