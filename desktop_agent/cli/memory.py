"""`desktop-agent memory`: what is remembered, in the terminal."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_agent.cli.actions import add_json_action
from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import archive_passphrase, confirmed, opened_app
from desktop_agent.desk import ForgetReport
from desktop_agent.errors import UserFacingError
from desktop_agent.lexical import normal
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.desk import MemoryDesk

SETTLE_SECONDS = 10.0
"""A command waits no longer for the index to follow; until it does, memory goes mostly by words."""
REBUILD_SECONDS = 0.2
_ONLY_BACKUPS = "Nothing here contains these words. Forget what the backups may have of them, for good?"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `memory` command and its subcommands."""
    what = "search, add, list and forget what is remembered; export and import everything"
    actions = commands.add_parser("memory", help=what).add_subparsers(required=True, metavar="ACTION")
    search = add_json_action(actions, "search", _search, "search all chats and saved memories")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--count", type=_count, default=10, metavar="N", help="how many at most (default: 10)")
    add = add_json_action(actions, "add", _add_memory, "save a memory")
    add.add_argument("text", metavar="TEXT")
    add.add_argument("--pin", action="store_true", help="always tell the model")
    add.add_argument("--until", default="", metavar="DAY", help="the last day on which it is true, as 2026-12-31")
    listing = add_json_action(actions, "list", _list, "list the saved memories")
    listing.add_argument("--origin", default="", choices=["said", "suggested", "written"])
    forget = add_json_action(actions, "forget", _forget, "forget everything that contains some words, for good")
    forget.add_argument("text", metavar="TEXT")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    for name, run, about in (
        ("export", _export, "write everything into an encrypted archive"),
        ("import", _import, "add what an archive holds"),
    ):
        archive = add_json_action(actions, name, run, about)
        archive.add_argument("file", type=Path, metavar="FILE")
        archive.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase")
    add_json_action(actions, "rebuild", _rebuild, "build the index anew")
    add_json_action(actions, "stats", _stats, "say what is stored where")


def _count(text: str) -> int:
    """Return the number, which argparse refuses with a sentence when it is none."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"a number from 1 on is needed, not {text!r}")
    return int(text)


@contextmanager
def _desk(*, with_index: bool = False) -> Iterator["MemoryDesk"]:
    """Yield the desk of an open App; `with_index` waits until the vectors can be asked."""
    with opened_app() as app:
        if with_index:
            app.open_memory()
            app.desk.settled(SETTLE_SECONDS)
        yield app.desk


def _search(args: argparse.Namespace) -> int:
    with _desk(with_index=True) as desk:
        found = desk.search(args.text, args.count)
        lines = [f"{each.date[:10]}  {visible(each.conversation_title)}\n{_indented(each.text)}" for each in found]
        return print_result(args, [asdict(each) for each in found], lines or ["Nothing was found."])


def _add_memory(args: argparse.Namespace) -> int:
    with _desk() as desk:
        saved = desk.add(args.text, pinned=args.pin, valid_until=args.until)
        return print_result(args, asdict(saved), [f"Saved: {visible(saved.text)}"])


def _list(args: argparse.Namespace) -> int:
    with _desk() as desk:
        found = desk.saved(origin=args.origin)
        lines = [f"{each.id[:8]}  {each.created_at[:10]}  {each.origin:9}  {visible(each.text)}" for each in found]
        return print_result(args, [asdict(each) for each in found], lines or ["There are no saved memories yet."])


def _forget(args: argparse.Namespace) -> int:
    if not normal(args.text):
        raise UserFacingError("There are no words to look for.", "Nothing was changed.")
    with _desk(with_index=True) as desk:
        found = desk.find(args.text)
        for each in found:
            print(f"{each.date[:10]}  {each.kind:10}  {visible(each.text)}", file=sys.stderr)
        if not found and not desk.backups():
            return print_result(args, asdict(ForgetReport(0, 0)), ["Nothing contains these words."])
        question = f"Forget these {len(found)} for good?" if found else _ONLY_BACKUPS
        if not (args.yes or confirmed(question, "Say --yes to forget without being asked. Nothing was changed.")):
            return print_result(args, asdict(ForgetReport(0, 0)), ["Nothing was changed."])
        report = desk.forget([(each.kind, each.id) for each in found], args.text)
        desk.settled(SETTLE_SECONDS)  # until the index is written anew, its files have what was left of the vectors
        others = f", {report.others} notes, reminders and undo copies" if report.others else ""
        said = f"Forgotten: {report.messages} messages, {report.memories} memories{others}."
        return print_result(args, asdict(report), [said])


def _export(args: argparse.Namespace) -> int:
    with _desk() as desk:
        report = desk.export(args.file, archive_passphrase(args.passphrase_file, twice=True))
        return print_result(args, asdict(report), [f"Written: {args.file} ({report.conversations} chats)."])


def _import(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise UserFacingError(f"There is no file {args.file}.", "Say where the archive is.")
    with _desk() as desk:
        report = desk.import_archive(args.file, archive_passphrase(args.passphrase_file, twice=False))
        return print_result(args, asdict(report), [str(report)])


def _rebuild(args: argparse.Namespace) -> int:
    with opened_app() as app:
        app.open_memory()
        app.desk.rebuild()
        _wait(app)
        stats = app.desk.stats()
        if stats.problem or not stats.embedder:
            raise UserFacingError(stats.problem or "There is no index: memory goes by words only.")
        return print_result(args, asdict(stats), [f"Indexed: {stats.indexed} of {stats.total}."])


def _wait(app: "App") -> None:
    """Show the progress until everything is indexed, or nothing goes on any more."""
    while not app.desk.settled(REBUILD_SECONDS) and (stats := app.desk.stats()).busy:
        if sys.stderr.isatty():
            print(f"\x1b[2K{stats.indexed} of {stats.total}", end="\r", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\x1b[2K", end="\r", file=sys.stderr, flush=True)


def _stats(args: argparse.Namespace) -> int:
    with _desk(with_index=True) as desk:
        stats = asdict(desk.stats())
        width = max(map(len, stats))
        return print_result(
            args, stats, [f"{name.replace('_', ' '):{width}}  {value}" for name, value in stats.items()]
        )


def _indented(text: str) -> str:
    return "\n".join(f"    {visible(line)}" for line in text.splitlines())
