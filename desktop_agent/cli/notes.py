"""`desktop-agent notes`: the notes that the user and the model write."""

import argparse
import sys
from dataclasses import asdict, replace

from desktop_agent.cli.actions import add_json_action
from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import confirmed, opened_app
from desktop_agent.records import Note
from desktop_agent.storage.clock import now
from desktop_agent.tools.one_of import heading, one
from desktop_agent.visible import visible

_WHICH = "its id or the beginning of it, its title, or words of it"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `notes` command and its subcommands."""
    actions = commands.add_parser("notes", help="list, add, show, change and delete notes")
    subcommands = actions.add_subparsers(required=True, metavar="ACTION")
    listing = add_json_action(subcommands, "list", _list, "list the notes, the last changed first")
    listing.add_argument("words", nargs="?", default="", metavar="WORDS", help="only those with these words")
    add = add_json_action(subcommands, "add", _add, "write a note")
    add.add_argument("text", metavar="TEXT", help="its text; - reads it from standard input")
    add.add_argument("--title", default="", metavar="TITLE")
    show = add_json_action(subcommands, "show", _show, "show a note")
    show.add_argument("note", metavar="NOTE", help=_WHICH)
    edit = add_json_action(subcommands, "edit", _edit, "give a note another text")
    edit.add_argument("note", metavar="NOTE", help=_WHICH)
    edit.add_argument("text", metavar="TEXT", help="the new text; - reads it from standard input")
    edit.add_argument("--title", default=None, metavar="TITLE", help="give it another title, too")
    delete = add_json_action(subcommands, "delete", _delete, "delete a note")
    delete.add_argument("note", metavar="NOTE", help=_WHICH)
    delete.add_argument("--yes", action="store_true", help="do not ask")


def _list(args: argparse.Namespace) -> int:
    with opened_app() as app:
        found = app.tool_desk.notes(args.words)
        none = "No note has these words." if args.words else "There are no notes yet."
        return print_result(args, [asdict(each) for each in found], [_line(each) for each in found] or [none])


def _add(args: argparse.Namespace) -> int:
    text = _text(args.text)
    with opened_app() as app:
        note = app.tool_desk.add_note(args.title, text)
        return print_result(args, asdict(note), [f"Kept: {_line(note)}"])


def _show(args: argparse.Namespace) -> int:
    with opened_app() as app:
        note = one(app.tool_desk.notes(), args.note, "note")
        title = [visible(note.title)] if note.title else []
        return print_result(args, asdict(note), [*title, visible(note.text)])


def _edit(args: argparse.Namespace) -> int:
    text = _text(args.text)
    with opened_app() as app:
        note = one(app.tool_desk.notes(), args.note, "note")
        title = note.title if args.title is None else args.title.strip()
        changed = replace(note, title=title, text=text.strip(), updated_at=now())
        app.tool_desk.put_note(changed)
        return print_result(args, asdict(changed), [f"Changed: {_line(changed)}"])


def _delete(args: argparse.Namespace) -> int:
    with opened_app() as app:
        note = one(app.tool_desk.notes(), args.note, "note")
        question = f"Delete the note “{heading(note)}”?"
        if not (args.yes or confirmed(question, "Say --yes to delete without being asked. Nothing was changed.")):
            return print_result(args, {}, ["Nothing was changed."])
        app.tool_desk.delete_note(note.id)
        return print_result(args, asdict(note), [f"Deleted: {heading(note)}"])


def _text(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _line(note: Note) -> str:
    return f"{note.id[:8]}  {note.updated_at[:10]}  {heading(note)}"
