"""`desktop-agent backup`: copies of the encrypted database, made, listed and taken back."""

import argparse
import functools
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_agent import durable
from desktop_agent.cli.actions import add_json_action
from desktop_agent.cli.output import print_result
from desktop_agent.cli.own_home import ask, own_home
from desktop_agent.cli.session import confirmed, is_interactive
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.models.transfer import size_text
from desktop_agent.paths import Paths
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import open_key
from desktop_agent.storage.backup import Backup, Backups, find
from desktop_agent.storage.restore import restore

_NEEDS_YES = "Say --yes to restore without being asked. Nothing was changed."


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `backup` command and its subcommands."""
    what = "copy the encrypted database, list the copies, or take one back"
    actions = commands.add_parser("backup", help=what).add_subparsers(required=True, metavar="ACTION")
    add_json_action(actions, "now", _now, "make a backup now")
    add_json_action(actions, "list", _list, "list the backups, newest first")
    back = add_json_action(actions, "restore", _restore, "put a backup in the place of what is there, which is kept")
    back.add_argument("backup", metavar="NAME", help="a name from the list, or a path to a backup's file")
    back.add_argument("--yes", action="store_true", help="do not ask")


def _now(args: argparse.Namespace) -> int:
    with own_home() as paths:
        if not paths.database.exists():
            raise UserFacingError("There is nothing to back up yet.")
        made = Backups(paths, _key(paths)).make()
    return print_result(args, _row(made), [f"Made: {made.path} ({size_text(made.bytes)})."])


def _list(args: argparse.Namespace) -> int:
    paths = Paths.from_environment()
    found = Backups(paths, _key(paths)).list() if paths.backups.exists() else []
    return print_result(
        args, [_row(each) for each in found], [_line(each) for each in found] or ["There are no backups yet."]
    )


def _restore(args: argparse.Namespace) -> int:
    with own_home() as paths:
        file = _file(paths, args.backup)
        _adopt_profile(paths, file)
        key = _key(paths)
        question = f"Put {file.name} in the place of the conversations that are there now?"
        if not (args.yes or confirmed(question, _NEEDS_YES)):
            raise Cancelled
        done = restore(paths, key, file)
    row = {"restored": str(file), "kept": str(done.kept or ""), "forgotten": done.forgotten, **asdict(done.contents)}
    said = [f"Restored: {done.contents.conversations} chats with {done.contents.messages} messages from {file}."]
    if done.forgotten:
        said.append(f"What was forgotten since is left out: {done.forgotten} places.")
    if done.kept:
        said.append(f"What was there before is kept: {done.kept}")
    return print_result(args, row, said)


def _key(paths: Paths) -> bytes:
    return open_key(paths, functools.partial(ask, "Passphrase: ") if is_interactive() else None).value


def _file(paths: Paths, name: str) -> Path:
    """Return the file that is meant: a path, or the name of a backup."""
    path = Path(name).expanduser()
    return path.absolute() if path.is_file() else find(paths.backups, name)


def _adopt_profile(paths: Paths, file: Path) -> None:
    """In a home without a key, take over the profile.json beside the backup, which says what opens its key."""
    if any(path.exists() for path in (paths.profile, paths.key_file, paths.database)):
        return
    beside = file.with_name(paths.profile.name)
    if Profile.load(beside) is None:
        raise UserFacingError(
            f"There is no key in {paths.home}, and no {beside.name} beside the backup that says what opens it.",
            "Copy the whole folder of backups, and restore from there. Nothing was changed.",
        )
    durable.write(paths.profile, beside.read_bytes())
    print(f"Note: {beside} is now the profile of {paths.home}.", file=sys.stderr)


def _row(backup: Backup) -> dict[str, Any]:
    return {**asdict(backup), "name": backup.name}


def _line(backup: Backup) -> str:
    when = datetime.fromisoformat(backup.made_at).astimezone().strftime("%Y-%m-%d %H:%M")
    chats = "cannot be opened" if backup.conversations is None else f"{backup.conversations} chats"
    return f"{backup.name:30}  {when}  {size_text(backup.bytes):>10}  {chats}"
