"""`desktop-agent reminders`: what the user wants to be reminded of."""

import argparse
from dataclasses import asdict

from desktop_agent.cli.actions import add_json_action
from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import opened_app
from desktop_agent.records import Reminder
from desktop_agent.tools.one_of import heading, one
from desktop_agent.tools.reminders import told

_WHICH = "its id or the beginning of it, or words of it"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `reminders` command and its subcommands."""
    actions = commands.add_parser("reminders", help="list, add, finish and delete reminders; show what is due")
    subcommands = actions.add_subparsers(required=True, metavar="ACTION")
    listing = add_json_action(subcommands, "list", _list, "list the reminders, the next first")
    listing.add_argument("--done", action="store_true", help="those that are done as well")
    add = add_json_action(subcommands, "add", _add, "set a reminder")
    add.add_argument("text", metavar="TEXT")
    add.add_argument("when", metavar="WHEN", help='such as "in 20 minutes", "tomorrow 9:00", "2026-12-24 18:00"')
    add.add_argument("--repeat", default="", choices=["daily", "weekly", "monthly", "yearly"])
    add_json_action(subcommands, "due", _due, "show what is due and was not shown yet")
    for name, run, about in (
        ("done", _finish, "remind of it no more, but keep it in the list of those that are done"),
        ("delete", _delete, "delete a reminder"),
    ):
        action = add_json_action(subcommands, name, run, about)
        action.add_argument("reminder", metavar="REMINDER", help=_WHICH)


def _list(args: argparse.Namespace) -> int:
    with opened_app() as app:
        found = app.tool_desk.reminders(done=args.done)
        lines = [_line(each) for each in found]
        return print_result(args, [asdict(each) for each in found], lines or ["There are no reminders."])


def _add(args: argparse.Namespace) -> int:
    with opened_app() as app:
        reminder = app.tool_desk.add_reminder(args.text, args.when, args.repeat)
        return print_result(args, asdict(reminder), [f"Set: {_line(reminder)}"])


def _due(args: argparse.Namespace) -> int:
    with opened_app() as app:
        found = app.tool_desk.due_reminders()
        lines = [_line(each) for each in found]
        return print_result(args, [asdict(each) for each in found], lines or ["Nothing is due."])


def _finish(args: argparse.Namespace) -> int:
    with opened_app() as app:
        reminder = one(app.tool_desk.reminders(), args.reminder, "reminder")
        app.tool_desk.finish_reminder(reminder.id)
        return print_result(args, asdict(reminder), [f"Done: {heading(reminder)}"])


def _delete(args: argparse.Namespace) -> int:
    with opened_app() as app:
        reminder = one(app.tool_desk.reminders(done=True), args.reminder, "reminder")
        app.tool_desk.delete_reminder(reminder.id)
        return print_result(args, asdict(reminder), [f"Deleted: {heading(reminder)}"])


def _line(reminder: Reminder) -> str:
    return f"{reminder.id[:8]}  {told(reminder)}{'  done' if reminder.done_at else ''}"
