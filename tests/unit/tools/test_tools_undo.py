"""Changes of files are taken back, and only where nothing would be lost by it."""

import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.tools import renaming
from desktop_agent.tools.auditing import NOT_ENDED
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.scope import Root, Scope
from desktop_agent.tools.seen import Stamp, stamp
from desktop_agent.tools.undo import Undo
from tests.unit.tools.conftest import Bench

TEXT = "one\ntwo\n"


@pytest.fixture
def notes(bench: Bench) -> Path:
    path = bench.docs / "notes.txt"
    path.write_text(TEXT)
    path.chmod(0o640)
    return path


@pytest.fixture
def undo(bench: Bench) -> Undo:
    return Undo(bench.world.store.undo_copies, {})


def made(bench: Bench, name: str, **arguments: str) -> str:
    """Make a change and return its id in the undo history."""
    result = bench.use(name, **arguments)
    assert result.ok, result.text
    assert result.undo_id
    return result.undo_id


def left(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def refused(undo: Undo, undo_id: str) -> str:
    with pytest.raises(UserFacingError) as caught:
        undo.undo(undo_id)
    assert caught.value.hint == "Nothing was undone."
    return caught.value.message


def test_a_new_file_goes_again(bench: Bench, undo: Undo) -> None:
    undo_id = made(bench, "write_file", path="a.txt", text="x")
    assert undo.undo(undo_id) == "'docs/a.txt' is removed again."
    assert left(bench.docs) == {"invoice.txt"}
    assert bench.world.store.undo_copies.get(undo_id).undone_at


def test_folders_that_were_made_for_it_go_too(bench: Bench, undo: Undo) -> None:
    (bench.docs / "a").mkdir()
    undo.undo(made(bench, "write_file", path="a/b/c/d.txt", text="x"))
    assert left(bench.docs) == {"invoice.txt", "a"}
    first = made(bench, "write_file", path="a/b/c/d.txt", text="x")
    (bench.docs / "a" / "b" / "mine.txt").touch()
    undo.undo(first)
    assert left(bench.docs) == {"invoice.txt", "a", "a/b", "a/b/mine.txt"}


def test_what_was_overwritten_comes_back(bench: Bench, undo: Undo, notes: Path) -> None:
    bench.read("notes.txt")
    undo_id = made(bench, "write_file", path="notes.txt", text="other")
    assert undo.undo(undo_id) == "'docs/notes.txt' is as it was before."
    assert notes.read_text() == TEXT
    assert stat.S_IMODE(notes.stat().st_mode) == 0o640


def test_an_edit_is_taken_back(bench: Bench, undo: Undo, notes: Path) -> None:
    notes.write_bytes("größe\r\n".encode("cp1252") * 30 + b"two\r\n")
    before = notes.read_bytes()
    undo.undo(made(bench, "edit_file", path="notes.txt", old="two", new="2"))
    assert notes.read_bytes() == before


@pytest.mark.parametrize("to", ["diary.txt", "2026/deep/diary.txt", "Notes.txt"])
def test_a_moved_file_goes_back(bench: Bench, undo: Undo, notes: Path, to: str) -> None:
    undo_id = made(bench, "move_file", path="notes.txt", to=to)
    assert undo.undo(undo_id) == "'docs/notes.txt' is where it was."
    assert left(bench.docs) == {"invoice.txt", "notes.txt"}
    assert notes.read_text() == TEXT


def test_a_moved_folder_goes_back(bench: Bench, undo: Undo) -> None:
    (bench.docs / "a").mkdir()
    (bench.docs / "a" / "x.txt").touch()
    undo_id = made(bench, "move_file", path="a", to="b/c")
    (bench.docs / "b" / "c" / "y.txt").touch()
    undo.undo(undo_id)
    assert left(bench.docs) == {"invoice.txt", "a", "a/x.txt", "a/y.txt"}


def test_a_deleted_file_comes_back(bench: Bench, undo: Undo, notes: Path) -> None:
    content = bytes(range(256)) * 1000
    notes.write_bytes(content)
    undo_id = made(bench, "delete_file", path="notes.txt")
    assert not notes.exists()
    assert undo.undo(undo_id) == "'docs/notes.txt' is there again."
    assert notes.read_bytes() == content
    assert stat.S_IMODE(notes.stat().st_mode) == 0o640


def test_a_deleted_file_comes_back_with_its_folder(bench: Bench, undo: Undo) -> None:
    (bench.docs / "a").mkdir(mode=0o750)
    (bench.docs / "a" / "x.txt").write_text("x")
    file = made(bench, "delete_file", path="a/x.txt")
    folder = made(bench, "delete_file", path="a")
    undo.undo(file)
    assert (bench.docs / "a" / "x.txt").read_text() == "x"
    assert undo.undo(folder) == "'docs/a' is there again."


def test_an_empty_folder_comes_back(bench: Bench, undo: Undo) -> None:
    (bench.docs / "a").mkdir(mode=0o750)
    undo.undo(made(bench, "delete_file", path="a"))
    assert stat.S_IMODE((bench.docs / "a").stat().st_mode) == 0o750


def test_several_changes_are_taken_back_one_after_the_other(bench: Bench, undo: Undo, notes: Path) -> None:
    ids = [
        made(bench, "edit_file", path="notes.txt", old="two", new="2"),
        made(bench, "edit_file", path="notes.txt", old="one", new="1"),
        made(bench, "move_file", path="notes.txt", to="diary.txt"),
        made(bench, "delete_file", path="diary.txt"),
    ]
    assert "'docs/notes.txt' is not there any more." in refused(undo, ids[0])
    for undo_id in reversed(ids):
        undo.undo(undo_id)
    assert notes.read_text() == TEXT
    assert left(bench.docs) == {"invoice.txt", "notes.txt"}


def test_a_change_is_taken_back_once(bench: Bench, undo: Undo) -> None:
    undo_id = made(bench, "write_file", path="a.txt", text="x")
    undo.undo(undo_id)
    (bench.docs / "a.txt").write_text("x")
    with pytest.raises(UserFacingError, match="taken back already"):
        undo.undo(undo_id)
    assert (bench.docs / "a.txt").exists()


def test_a_copy_that_is_gone(undo: Undo) -> None:
    with pytest.raises(UserFacingError, match="can no longer be undone"):
        undo.undo("nothing")


CHANGES = {
    "create": ("write_file", {"path": "new.txt", "text": "new\n"}, "new.txt"),
    "edit": ("edit_file", {"path": "notes.txt", "old": "two", "new": "2"}, "notes.txt"),
    "move": ("move_file", {"path": "notes.txt", "to": "new.txt"}, "new.txt"),
}


def rewrite(path: Path) -> None:
    path.write_text("theirs")


def replaced(path: Path) -> None:
    path.with_name("other").write_text("theirs")
    path.with_name("other").rename(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    path.unlink()
    path.symlink_to("invoice.txt")


def stamps(folder: Path) -> dict[Path, Stamp]:
    """Return which files these are, and when they changed; when they were read is no matter."""
    return {path: stamp(path.lstat()) for path in folder.iterdir()}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize(
    ("later", "words"),
    [
        (rewrite, "was changed since: it has 6 bytes now."),
        (replaced, "was changed since: it has 6 bytes now."),
        (folder, "is no regular file any more."),
        (link, "is no regular file any more."),
        (Path.unlink, "is not there any more."),
    ],
)
def test_a_file_that_changed_since_stays(
    bench: Bench, undo: Undo, notes: Path, kind: str, later: Callable[[Path], None], words: str
) -> None:
    name, arguments, changed = CHANGES[kind]
    undo_id = made(bench, name, **arguments)
    later(bench.docs / changed)
    found = stamps(bench.docs)
    if kind == "create" and later is Path.unlink:
        assert undo.undo(undo_id) == "'docs/new.txt' is gone already."
    elif kind == "move" and later is not Path.unlink:
        assert refused(undo, undo_id) == f"'docs/{changed}' was changed or replaced since."
    else:
        assert refused(undo, undo_id) == f"'docs/{changed}' {words}"
    assert stamps(bench.docs) == found


def test_a_file_that_is_too_large_to_be_read_is_known_by_its_time(bench: Bench, undo: Undo) -> None:
    path = bench.docs / "large.bin"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    undo.undo(made(bench, "move_file", path="large.bin", to="other.bin"))
    undo_id = made(bench, "move_file", path="large.bin", to="other.bin")
    os.utime(bench.docs / "other.bin")
    assert refused(undo, undo_id) == "'docs/other.bin' was changed or replaced since."


def test_a_copy_of_it_where_it_was_stays(bench: Bench, undo: Undo, notes: Path) -> None:
    undo_id = made(bench, "move_file", path="notes.txt", to="new.txt")
    notes.write_text(TEXT)
    assert refused(undo, undo_id) == "There is a new 'docs/notes.txt' where it was."
    assert left(bench.docs) == {"invoice.txt", "notes.txt", "new.txt"}


@pytest.mark.parametrize(("name", "arguments"), [("delete_file", {}), ("move_file", {"to": "new.txt"})])
def test_what_took_its_place_stays(bench: Bench, undo: Undo, notes: Path, name: str, arguments: dict[str, str]) -> None:
    undo_id = made(bench, name, path="notes.txt", **arguments)
    notes.write_text("theirs")
    assert refused(undo, undo_id).startswith("There is a new 'docs/notes.txt'")
    assert notes.read_text() == "theirs"


def test_a_folder_that_was_moved_or_replaced_is_left_alone(bench: Bench, undo: Undo, tmp_path: Path) -> None:
    undo_id = made(bench, "write_file", path="a.txt", text="x")
    bench.docs.rename(tmp_path / "elsewhere")
    bench.docs.mkdir()
    (bench.docs / "a.txt").write_text("x")
    assert refused(undo, undo_id) == f"The folder '{bench.docs}' was moved, replaced or closed to this account."
    assert (bench.docs / "a.txt").exists()


def test_no_link_leads_an_undo_out(bench: Bench, undo: Undo, tmp_path: Path) -> None:
    undo_id = made(bench, "write_file", path="sub/a.txt", text="x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("x")
    (bench.docs / "sub").rename(bench.docs / "was")
    (bench.docs / "sub").symlink_to(tmp_path / "outside")
    with pytest.raises(UserFacingError, match="leads through a link"):
        undo.undo(undo_id)
    assert (tmp_path / "outside" / "a.txt").read_text() == "x"


def test_a_grant_is_not_needed(bench: Bench, undo: Undo) -> None:
    undo_id = made(bench, "write_file", path="a.txt", text="x")
    for grant in bench.world.folders.list():
        bench.world.folders.revoke(grant.id)
    undo.undo(undo_id)
    assert left(bench.docs) == {"invoice.txt"}


def test_other_kinds_are_undone_by_their_handlers(bench: Bench) -> None:
    store, seen = bench.world.store.undo_copies, list[UndoCopy]()

    def note(copy: UndoCopy) -> str:
        seen.append(copy)
        return "The note is back."

    undo_id = store.keep(UndoCopy("note", "7", before=b"{}"))
    assert Undo(store, {"note": note}).undo(undo_id) == "The note is back."
    assert [copy.path for copy in seen] == ["7"]


def test_the_model_knows_nothing_of_what_was_undone(bench: Bench, undo: Undo, notes: Path) -> None:
    bench.read("notes.txt")
    undo.undo(made(bench, "write_file", path="notes.txt", text="other"))
    assert bench.judge("write_file", path="notes.txt", text="third").verdict == "refuse"


CRASH = """
import os, sys, threading
from pathlib import Path
from desktop_agent.messages import ToolCall
from desktop_agent.tools import renaming
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.protocols import Approval
from tests.helpers.world import World

folder, point, name, arguments = Path(sys.argv[1]), sys.argv[2], sys.argv[3], eval(sys.argv[4])
world = World(folder)
world.folders.grant(folder / "docs")
toolbox = world.toolbox()

def die(*_):
    os.kill(os.getpid(), 9)

real = renaming._renameat2
def then_die(*arguments):
    real(*arguments)
    die()

call = ToolCall("1", name, arguments)
approval = Approval(toolbox.judge(call, world.chat).request, "once")
if point == "before":
    renaming._renameat2 = die
elif point == "after":
    renaming._renameat2 = then_die
else:
    world.store.undo_copies.drop = die
    world.store.audit.finish = die
toolbox.run(call, world.chat, threading.Event(), None, approval)
"""


@pytest.mark.parametrize("point", ["before", "after", "audit"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("write_file", {"path": "new.txt", "text": "new"}),
        ("edit_file", {"path": "notes.txt", "old": "two", "new": "2"}),
        ("move_file", {"path": "notes.txt", "to": "new.txt"}),
        ("delete_file", {"path": "notes.txt"}),
    ],
)
def test_a_crash_between_the_copy_and_the_change_loses_nothing(
    tmp_path: Path, name: str, arguments: dict[str, str], point: str
) -> None:
    """The program is killed before the change, in its middle and after it; the way back is there each time."""
    from desktop_agent.storage.database import Database
    from desktop_agent.storage.store import Store

    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "notes.txt").write_text(TEXT)
    command = [sys.executable, "-c", CRASH, str(tmp_path), point, name, repr(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": "."}, check=False)
    assert done.returncode == -9, done.stderr
    database = Database.open(tmp_path / "agent.db", bytes(32))
    try:
        store = Store(database)
        (copy,), (entry,) = store.undo_copies.list(), store.audit.list()
        assert (entry.tool, entry.ok, entry.fault) == (name, False, NOT_ENDED)
        Undo(store.undo_copies, {}).undo(copy.id)
    finally:
        database.close()
    assert (docs / "notes.txt").read_text() == TEXT
    assert {path for path in left(docs) if not path.startswith(".desktop-agent-")} == {"notes.txt"}


def test_a_last_moment_change_survives_an_undo(
    bench: Bench, undo: Undo, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undo_id = made(bench, "edit_file", path="notes.txt", old="two", new="2")
    real = renaming._renameat2

    def late(*arguments: object) -> None:
        if notes.read_text() != "theirs":
            notes.write_text("theirs")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(renaming, "_renameat2", late)
    with pytest.raises(UserFacingError, match="Another program changed"):
        undo.undo(undo_id)
    assert notes.read_text() == "theirs"
    assert left(bench.docs) == {"invoice.txt", "notes.txt"}


@dataclass
class Kept:
    """Implements UndoStore in memory."""

    copies: dict[str, UndoCopy] = field(default_factory=dict)

    def keep(self, copy: UndoCopy) -> str:
        undo_id = str(len(self.copies))
        self.copies[undo_id] = replace(copy, id=undo_id)
        return undo_id

    def get(self, undo_id: str) -> UndoCopy:
        return self.copies[undo_id]

    def mark_undone(self, undo_id: str) -> None:
        self.copies[undo_id] = replace(self.copies[undo_id], undone_at="now")

    def drop(self, undo_id: str) -> None:
        del self.copies[undo_id]


NAMES = ("a.txt", "b.txt", "sub", "sub/c.txt", "sub/deep/d.txt", "other/deep/e.txt", "sub/deep", "other")


def anything(chance: random.Random) -> tuple[str, dict[str, str]]:
    """Return some change; many cannot be made."""
    path, other = chance.choice(NAMES), chance.choice(NAMES)
    text = "".join(chance.choice(("one\n", "two\n", "ü\r\n", "x")) for _ in range(chance.randint(0, 5)))
    return chance.choice(
        (
            ("write_file", {"path": path, "text": text}),
            ("edit_file", {"path": path, "old": chance.choice(("one", "two", "x")), "new": text}),
            ("move_file", {"path": path, "to": other}),
            ("delete_file", {"path": path}),
        )
    )


def pictured(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def test_whatever_was_done_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any changes one after the other, and back again in the other order: each step is as it was, to the last bit."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    tools = {tool.name: tool for tool in built_in_tools()}
    made_of_each = dict.fromkeys(("create", "edit", "move", "delete"), 0)
    for seed in range(60):
        chance, kept = random.Random(seed), Kept()  # noqa: S311 -- no secret
        folder = tmp_path / str(seed)
        folder.mkdir()
        fd = os.open(folder, os.O_RDONLY)
        scope = Scope((Root(PurePosixPath(folder), fd),))
        steps = []
        for _ in range(25):
            name, arguments = anything(chance)
            before = pictured(folder)
            if (path := folder / arguments["path"]).is_file():
                scope.seen.note_whole(path.stat())
            try:
                change = tools[name].run(arguments, {Scope: scope})
            except UserFacingError:
                assert pictured(folder) == before
                continue
            undo_id = kept.keep(change.undo_copy)  # type: ignore[union-attr]
            change.apply()  # type: ignore[union-attr]
            assert pictured(folder) != before
            steps.append((undo_id, before))
            made_of_each[kept.get(undo_id).kind] += 1
        for undo_id, before in reversed(steps):
            Undo(kept, {}).undo(undo_id)
            assert pictured(folder) == before
        os.close(fd)
    assert min(made_of_each.values()) > 40
