"""`desktop-agent undo`: the changes that tools made, and the way back."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from desktop_agent.cli.output import print_result
from desktop_agent.cli.session import opened_app
from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.visible import visible

_LISTED = 8
"""Characters of an id in the list; as many as one likes may be typed."""
_SAID = {
    "create": "created",
    "edit": "changed",
    "move": "moved",
    "delete": "deleted",
    "note": "a note",
    "reminder": "a reminder",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `undo` command."""
    about = "list the changes that tools made, newest first, or take one back"
    parser = commands.add_parser("undo", help=about, description=about[0].upper() + about[1:] + ".")
    parser.set_defaults(run=_run)
    parser.add_argument("change", nargs="?", default="", metavar="ID", help="its id, or the beginning of it")
    parser.add_argument("--chat", default="", metavar="ID", help="list the changes of one chat only")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _run(args: argparse.Namespace) -> int:
    with opened_app() as app:
        changes = app.tool_desk.changes(args.chat)
        if not args.change:
            rows = [_row(each) for each in changes]
            return print_result(args, rows, [_line(each) for each in changes] or ["No tool changed anything yet."])
        chosen = _chosen(changes, args.change)
        said = app.tool_desk.undo(chosen.id)
        return print_result(args, {"id": chosen.id, "said": said}, [said])


def _chosen(changes: Sequence[UndoCopy], id_: str) -> UndoCopy:
    found = [each for each in changes if each.id.startswith(id_)]
    if not found:
        raise UserFacingError(f"There is no change {visible(id_)!r}.", "See which there are: desktop-agent undo")
    if len(found) > 1:
        raise UserFacingError(f"Several changes begin with {visible(id_)!r}.", "Say more of the id.")
    return found[0]


def _row(copy: UndoCopy) -> dict[str, object]:
    """Return what is of use outside: neither the content before, nor the numbers of the folder."""
    hidden = {"before", "after", "mode", "device", "inode"}
    return {name: value for name, value in asdict(copy).items() if name not in hidden}


def _line(copy: UndoCopy) -> str:
    when = f"{datetime.fromisoformat(copy.created_at).astimezone():%Y-%m-%d %H:%M}"
    path = visible(f"{copy.root}/{copy.path}" if copy.root else "", kept="")
    to = f" to {visible(f'{copy.root}/{copy.other}', kept='')}" if copy.kind == "move" and copy.other else ""
    undone = "  (undone)" if copy.undone_at else ""
    return f"{copy.id[:_LISTED]}  {when}  {_SAID.get(copy.kind, copy.kind)} {path}{to}".rstrip() + undone
