"""A program that restores a backup and dies at each step in turn, to see that a whole database is always there.

Argument: an empty folder. Prints how many steps there were, and how often the former and the new database were found.
"""

import itertools
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from desktop_agent.paths import Paths
from desktop_agent.storage.backup import Backups
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.restore import restore
from tests.helpers.crash_points import die_at

KEY = bytes(range(32))


def main(folder: Path) -> None:
    """Die before the first use of a file in the home, then before the second, and so on until none is left."""
    found: Counter[str] = Counter()
    for step in itertools.count(1):
        paths = Paths(folder / str(step), folder).create()
        assert _in_child(lambda paths=paths: _prepare(paths))  # type: ignore[misc]
        survived = _in_child(lambda paths=paths, step=step: _restore(paths, step))  # type: ignore[misc]
        assert _in_child(lambda paths=paths: _check(paths)), f"something is lost at step {step}"  # type: ignore[misc]
        found[(paths.home / "found").read_text()] += 1
        if survived:
            print(step - 1, found["made later"], found["in the backup"])
            return


def _prepare(paths: Paths) -> None:
    """Make a home whose last change is in the log only, as after a crash, with a backup made before."""
    database = Database.open(paths.database, KEY)
    made = Conversations(database).create("in the backup")
    Backups(paths, KEY, database).make().path.rename(paths.home / "backup")
    Conversations(database).rename(made.id, "made later")


def _restore(paths: Paths, step: int) -> None:
    die_at(step, str(paths.home))
    restore(paths, KEY, paths.home / "backup")


def _check(paths: Paths) -> None:
    """Note what is found after the crash; then nothing that it left is in the way of another try."""
    (paths.home / "found").write_text(_title(paths))
    restore(paths, KEY, paths.home / "backup")
    assert _title(paths) == "in the backup"
    kept = [each.conversations for each in Backups(paths, KEY).list()]
    assert kept
    assert None not in kept


def _in_child(work: Callable[[], None]) -> bool:
    """Return whether a forked process that does the work lived to its end; this one never has threads to fork with."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status) or status == 0, "the child failed in a way of its own"
        return status == 0
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- this copy of the program must not go on
        traceback.print_exc()
        os._exit(1)


def _title(paths: Paths) -> str:
    database = Database.open(paths.database, KEY)
    try:
        (chat,) = Conversations(database).list()
        return chat.title
    finally:
        database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
