"""What the file tools change, what they refuse, and how it is shown (B6, B10 to B16, B19 of the facts page)."""

import errno
import os
import resource
import socket
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest

from desktop_agent.approvals import ApprovalRequest, Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.tools import atomic, quota, renaming
from desktop_agent.tools.builtin.write_file import write_file
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.place import Place
from desktop_agent.tools.scope import Root, Scope
from tests.unit.tools.conftest import Bench

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"


@pytest.fixture
def notes(bench: Bench) -> Path:
    path = bench.docs / "notes.txt"
    path.write_text(TEXT)
    return path


def request(bench: Bench, name: str, **arguments: str) -> ApprovalRequest:
    judgement = bench.judge(name, **arguments)
    assert judgement.request, judgement.reason
    return judgement.request


def preview(bench: Bench, name: str, **arguments: str) -> Preview:
    shown = request(bench, name, **arguments).preview
    assert shown
    return shown


def refusal(bench: Bench, name: str, **arguments: str) -> str:
    """Return why the call is refused before anybody is asked; it is refused as well if it is run all the same."""
    judgement = bench.judge(name, **arguments)
    assert judgement.verdict == "refuse"
    assert bench.use(name, **arguments).text == judgement.reason
    return judgement.reason


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class TestWriting:
    def test_a_new_file_is_shown_then_written(self, bench: Bench) -> None:
        asked = request(bench, "write_file", path="new.txt", text="a\nb\n")
        assert asked.preview == Preview("create", "docs/new.txt", text="@@ -0,0 +1,2 @@\n+a\n+b", added=2)
        assert (asked.folder, asked.risk, asked.effect) == (str(bench.docs), "", "write")
        assert left(bench.docs) == {"invoice.txt"}
        result = bench.use("write_file", path="new.txt", text="a\nb\n")
        assert (result.text, result.ok, result.untrusted) == ("Created docs/new.txt (4 bytes).", True, False)
        assert (bench.docs / "new.txt").read_text() == "a\nb\n"
        assert left(bench.docs) == {"invoice.txt", "new.txt"}

    def test_nothing_is_written_without_the_user(self, bench: Bench) -> None:
        from desktop_agent.messages import ToolCall

        call = ToolCall("1", "write_file", {"path": "new.txt", "text": "x"})
        result = bench.toolbox.run(call, bench.world.chat, bench.world.stop, bench.world.approver)  # type: ignore[arg-type]
        assert not result.ok
        assert left(bench.docs) == {"invoice.txt"}

    def test_folders_on_the_way_are_made(self, bench: Bench) -> None:
        assert bench.use("write_file", path="a/b/c.txt", text="x").ok
        assert (bench.docs / "a" / "b" / "c.txt").read_text() == "x"

    @pytest.mark.parametrize("path", ["docs/sub/x.txt", "sub/x.txt", "./sub/x.txt", "{docs}/sub/x.txt"])
    def test_a_path_may_be_written_in_several_ways(self, bench: Bench, path: str) -> None:
        assert preview(bench, "write_file", path=path.format(docs=bench.docs), text="").label == "docs/sub/x.txt"

    def test_a_new_file_is_readable_like_any_other(self, bench: Bench) -> None:
        mask = os.umask(0o027)
        try:
            bench.use("write_file", path="new.txt", text="x")
        finally:
            os.umask(mask)
        assert stat.S_IMODE((bench.docs / "new.txt").stat().st_mode) == 0o640

    def test_what_was_read_may_be_overwritten(self, bench: Bench, notes: Path) -> None:
        notes.chmod(0o640)
        bench.read("notes.txt")
        shown = preview(bench, "write_file", path="notes.txt", text=TEXT.replace("two", "2"))
        assert (shown.kind, shown.added, shown.removed) == ("edit", 1, 1)
        assert shown.text == "@@ -1,5 +1,5 @@\n one\n-two\n+2\n three\n four\n five"
        result = bench.use("write_file", path="notes.txt", text=TEXT.replace("two", "2"))
        assert result.text == "Changed docs/notes.txt: 1 lines added, 1 removed."
        assert notes.read_text() == TEXT.replace("two", "2")
        assert stat.S_IMODE(notes.stat().st_mode) == 0o640

    def test_what_it_wrote_itself_may_be_overwritten(self, bench: Bench) -> None:
        for text in ("one", "two", "three"):
            assert bench.use("write_file", path="new.txt", text=text).ok
        bench.use("edit_file", path="new.txt", old="three", new="four")
        assert bench.use("write_file", path="new.txt", text="five").ok
        assert (bench.docs / "new.txt").read_text() == "five"

    def test_what_was_not_read_is_not_overwritten(self, bench: Bench, notes: Path) -> None:
        said = refusal(bench, "write_file", path="notes.txt", text="gone")
        assert said.startswith("'docs/notes.txt' is there already, and was not read in this chat. Read it with")
        bench.use("edit_file", path="notes.txt", old="two", new="2")
        assert "was not read" in refusal(bench, "write_file", path="notes.txt", text="gone")

    def test_another_chat_has_not_read_it(self, bench: Bench, notes: Path) -> None:
        bench.read("notes.txt")
        bench.world.chat = bench.world.store.conversations.create().id
        assert "was not read in this chat" in refusal(bench, "write_file", path="notes.txt", text="gone")

    def test_what_changed_since_it_was_read_is_not_overwritten(self, bench: Bench, notes: Path) -> None:
        bench.read("notes.txt")
        times = notes.stat()
        notes.write_text(TEXT.upper())
        os.utime(notes, ns=(times.st_atime_ns, times.st_mtime_ns))  # the same size and time: only the inode knows
        said = refusal(bench, "write_file", path="notes.txt", text="gone")
        assert said == "'docs/notes.txt' was changed since it was read. Read it again with read_file."
        other = bench.docs / "other"
        other.write_text(TEXT)
        other.rename(notes)
        assert "was not read" in refusal(bench, "write_file", path="notes.txt", text="gone")

    def test_what_was_read_in_part_is_not_overwritten(self, bench: Bench) -> None:
        path = bench.docs / "long.txt"
        path.write_text("".join(f"line {number}\n" for number in range(1, 4001)))
        text = bench.read("long.txt")
        assert "Only a part" in refusal(bench, "write_file", path="long.txt", text="gone")
        bench.use("read_file", path="long.txt", start=3999)
        assert "Only a part" in refusal(bench, "write_file", path="long.txt", text="gone")
        while "; go on with start=" in text:
            start = int(text.split("; go on with start=")[1].split(")")[0])
            text = bench.use("read_file", path="long.txt", start=start).text
        assert bench.use("write_file", path="long.txt", text="all was read").ok
        assert path.read_text() == "all was read"

    def test_an_empty_file_need_not_be_read(self, bench: Bench) -> None:
        (bench.docs / "empty.txt").touch()
        assert bench.use("write_file", path="empty.txt", text="x").ok

    def test_the_same_content_is_no_change(self, bench: Bench, notes: Path) -> None:
        bench.read("notes.txt")
        assert "has this very content already" in refusal(bench, "write_file", path="notes.txt", text=TEXT)

    def test_line_ends_and_encoding_stay(self, bench: Bench) -> None:
        path = bench.docs / "win.txt"
        path.write_bytes("\ufeffä\r\nb\r\n".encode("utf-16-le"))
        bench.read("win.txt")
        bench.use("write_file", path="win.txt", text="ö\nb\nc\n")
        assert path.read_bytes() == "\ufeffö\r\nb\r\nc\r\n".encode("utf-16-le")

    @pytest.mark.parametrize(("text", "words"), [("a\0b", "NUL"), ("\ud800", "half a character")])
    def test_what_no_text_file_holds(self, bench: Bench, text: str, words: str) -> None:
        assert words in refusal(bench, "write_file", path="new.txt", text=text)

    def test_attributes_stay(self, bench: Bench, notes: Path) -> None:
        try:
            os.setxattr(notes, "user.tag", b"blue")
        except OSError as error:
            assert error.errno == errno.ENOTSUP  # noqa: PT017 -- a file system without attributes has none to lose
            return
        bench.use("edit_file", path="notes.txt", old="two", new="2")
        assert os.getxattr(notes, "user.tag") == b"blue"


class TestEditing:
    def test_a_piece_is_replaced(self, bench: Bench, notes: Path) -> None:
        shown = preview(bench, "edit_file", path="notes.txt", old="seven\n", new="7\n7½\n")
        assert shown.text == "@@ -4,5 +4,6 @@\n four\n five\n six\n-seven\n+7\n+7½\n eight"
        assert (shown.added, shown.removed) == (2, 1)
        assert bench.use("edit_file", path="notes.txt", old="seven\n", new="7\n7½\n").ok
        assert notes.read_text() == TEXT.replace("seven", "7\n7½")

    @pytest.mark.parametrize(
        ("old", "words"),
        [
            ("nine", "The old text is not in 'docs/notes.txt'. Read it with read_file and copy the exact text."),
            ("Two", "Capital letters differ"),
            ("one two", "Blanks or line ends differ"),
            ("e", "The old text is in 'docs/notes.txt' several times. Give more of the text around it"),
            ("", "The old text is empty."),
        ],
    )
    def test_the_old_text_must_be_there_exactly_once(self, bench: Bench, notes: Path, old: str, words: str) -> None:
        assert words in refusal(bench, "edit_file", path="notes.txt", old=old, new="x")
        assert notes.read_text() == TEXT

    def test_overlapping_places_are_two(self, bench: Bench) -> None:
        (bench.docs / "a.txt").write_text("aaa")
        assert "several times" in refusal(bench, "edit_file", path="a.txt", old="aa", new="b")

    def test_line_ends_of_windows_stay(self, bench: Bench) -> None:
        path = bench.docs / "win.txt"
        path.write_bytes(b"one\r\ntwo\r\nthree\r\n")
        assert bench.use("edit_file", path="win.txt", old="one\ntwo\n", new="1\n2\n").ok
        assert path.read_bytes() == b"1\r\n2\r\nthree\r\n"

    @pytest.mark.parametrize("encoding", ["gb18030", "cp1252", "utf-8-sig", "utf-16"])
    def test_encodings_stay(self, bench: Bench, encoding: str) -> None:
        text = "grüße\n" * 20 if encoding == "cp1252" else "你好，世界。\n" * 20
        path = bench.docs / "a.txt"
        path.write_bytes(f"{text}end\n".encode(encoding))
        assert bench.use("edit_file", path="a.txt", old="end", new="END").ok
        assert path.read_bytes().decode(encoding) == f"{text}END\n"

    def test_what_is_no_text_is_not_edited(self, bench: Bench) -> None:
        (bench.docs / "a.pdf").write_bytes(b"%PDF-1.7 old")
        said = refusal(bench, "edit_file", path="a.pdf", old="old", new="new")
        assert said == "'docs/a.pdf' is a PDF document. Only plain text can be changed."

    def test_a_change_in_between_is_not_lost(self, bench: Bench, notes: Path) -> None:
        """The user agreed to a difference; by then it is another one."""
        from desktop_agent.messages import ToolCall
        from desktop_agent.tools.protocols import Approval

        asked = request(bench, "edit_file", path="notes.txt", old="two", new="2")
        notes.write_text(TEXT + "nine\n")
        call = ToolCall("1", "edit_file", {"path": "notes.txt", "old": "two", "new": "2"})
        approval = Approval(asked, "once")
        result = bench.toolbox.run(call, bench.world.chat, bench.world.stop, bench.world.approver, approval)  # type: ignore[arg-type]
        assert not result.ok
        assert "something changed in between" in result.text
        assert notes.read_text() == TEXT + "nine\n"


class TestMoving:
    def test_a_file_is_renamed(self, bench: Bench, notes: Path) -> None:
        shown = preview(bench, "move_file", path="notes.txt", to="diary.txt")
        assert shown == Preview("move", "docs/notes.txt", "docs/diary.txt")
        assert bench.use("move_file", path="notes.txt", to="diary.txt").text == (
            "Moved docs/notes.txt to docs/diary.txt."
        )
        assert left(bench.docs) == {"invoice.txt", "diary.txt"}

    @pytest.mark.parametrize("to", ["2026", "2026/", "docs/2026", "new/", "new/deep/"])
    def test_into_a_folder(self, bench: Bench, to: str) -> None:
        (bench.docs / "2026").mkdir()
        assert bench.use("move_file", path="invoice.txt", to=to).ok
        folder = bench.docs / to.removeprefix("docs/")
        assert (folder / "invoice.txt").read_text() == "Total: 4711.50 EUR"

    def test_a_folder_is_moved(self, bench: Bench) -> None:
        (bench.docs / "a").mkdir()
        (bench.docs / "a" / "x.txt").touch()
        assert bench.use("move_file", path="a", to="b").ok
        assert (bench.docs / "b" / "x.txt").exists()
        assert "cannot be moved into itself" in refusal(bench, "move_file", path="b", to="b/c/d")

    def test_nothing_is_overwritten(self, bench: Bench, notes: Path) -> None:
        assert refusal(bench, "move_file", path="notes.txt", to="invoice.txt") == (
            "There is 'docs/invoice.txt' already. Choose another name."
        )
        assert "is there already" in refusal(bench, "move_file", path="notes.txt", to="notes.txt")

    def test_a_name_that_was_taken_meanwhile_is_not_overwritten(
        self, bench: Bench, notes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = renaming.move

        def late(*places: object) -> None:
            (bench.docs / "new.txt").write_text("mine")
            real(*places)  # type: ignore[arg-type]

        monkeypatch.setattr(renaming, "move", late)
        assert bench.use("move_file", path="notes.txt", to="new.txt").text.startswith("There is 'docs/notes.txt'")
        assert (bench.docs / "new.txt").read_text() == "mine"
        assert notes.read_text() == TEXT

    def test_only_within_one_granted_folder(self, bench: Bench, tmp_path: Path) -> None:
        (tmp_path / "more").mkdir()
        bench.world.folders.grant(tmp_path / "more")
        assert "within one granted folder only" in refusal(bench, "move_file", path="invoice.txt", to="more/x.txt")
        assert preview(bench, "move_file", path="invoice.txt", to="x.txt").other == "docs/x.txt"

    def test_case_may_change(self, bench: Bench) -> None:
        assert bench.use("move_file", path="invoice.txt", to="Invoice.txt").ok
        assert left(bench.docs) == {"Invoice.txt"}

    def test_case_may_change_where_the_disk_does_not_tell(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        """There the new name leads to the file itself, and renaming without replacing would find it taken."""
        real = Place.status

        def status(place: Place) -> os.stat_result | None:
            return real(Place(place.root, ("invoice.txt",), "")) if place.name == "INVOICE.txt" else real(place)

        def taken(*_: object) -> None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))

        monkeypatch.setattr(Place, "status", status)
        monkeypatch.setattr(renaming, "_renameat2", taken)
        assert bench.use("move_file", path="invoice.txt", to="INVOICE.txt").ok
        assert left(bench.docs) == {"INVOICE.txt"}

    def test_another_spelling_of_a_file_that_is_there_is_a_conflict(self, bench: Bench, notes: Path) -> None:
        assert refusal(bench, "move_file", path="notes.txt", to="Invoice.TXT") == (
            "'invoice.txt' is there already, and cannot be told from 'Invoice.TXT' everywhere. "
            "Use that name, or a different one."
        )


class TestDeleting:
    def test_a_file_goes(self, bench: Bench, notes: Path) -> None:
        assert preview(bench, "delete_file", path="notes.txt") == Preview("delete", "docs/notes.txt", removed=8)
        assert bench.use("delete_file", path="notes.txt").text == "Deleted docs/notes.txt. The user can undo this."
        assert left(bench.docs) == {"invoice.txt"}

    def test_only_empty_folders(self, bench: Bench) -> None:
        (bench.docs / "a" / "b").mkdir(parents=True)
        assert refusal(bench, "delete_file", path="a").startswith("The folder 'docs/a' is not empty.")
        assert bench.use("delete_file", path="a/b").ok
        assert bench.use("delete_file", path="a").ok
        assert left(bench.docs) == {"invoice.txt"}

    def test_a_granted_folder_stays(self, bench: Bench) -> None:
        for path in (".", "docs/", str(bench.docs)):
            said = bench.judge("delete_file", path=path).reason
            assert "is a granted folder itself" in said or "There is no 'docs/docs'" in said

    def test_a_file_that_is_too_large_to_be_undone_stays(self, bench: Bench) -> None:
        path = bench.docs / "large.bin"
        with path.open("wb") as file:
            file.truncate(quota.LARGEST + 1)
        said = refusal(bench, "delete_file", path="large.bin")
        assert said.startswith("'docs/large.bin' has 16.8 MB, more than the 16.8 MB that can be undone.")

    def test_an_approval_holds_for_the_content_that_was_there(self, bench: Bench, notes: Path) -> None:
        before = request(bench, "delete_file", path="notes.txt").digest
        notes.write_text(TEXT.upper())
        assert request(bench, "delete_file", path="notes.txt").digest != before


CHANGES = [
    ("write_file", {"path": "{}", "text": "x"}),
    ("edit_file", {"path": "{}", "old": "CANARY", "new": "x"}),
    ("delete_file", {"path": "{}"}),
    ("move_file", {"path": "{}", "to": "here.txt"}),
    ("move_file", {"path": "invoice.txt", "to": "{}"}),
]


@pytest.fixture(params=CHANGES, ids=["write", "edit", "delete", "move", "move to"])
def change(request: pytest.FixtureRequest) -> tuple[str, dict[str, str]]:
    return request.param  # type: ignore[no-any-return]


def why(bench: Bench, change: tuple[str, dict[str, str]], path: str) -> str:
    name, arguments = change
    return refusal(bench, name, **{key: value.replace("{}", path) for key, value in arguments.items()})


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[None]:
    """Whatever a test does, nothing outside the granted folder changes."""
    yield
    assert (tmp_path / "secret.txt").read_text() == "CANARY"
    assert left(tmp_path) <= {"secret.txt", "docs", "agent.db", "agent.db-wal", "agent.db-shm", "outside", "home"}


@pytest.mark.usefixtures("untouched")
class TestOutside:
    def test_paths_that_lead_out(self, bench: Bench, change: tuple[str, dict[str, str]]) -> None:
        for path in (
            *("../secret.txt", "../../etc/passwd", "sub/../../secret.txt", "docs/../secret.txt", "/etc/passwd"),
            *("//etc/passwd", "{docs}/../secret.txt", "{docs}2/new.txt", "~/.ssh/id_rsa", "~/new.txt", "/"),
            *("file:///etc/passwd", "file://{docs}/invoice.txt", "/proc/self/root/etc/passwd", "/dev/fd/0"),
        ):
            assert "outside the granted folder" in why(bench, change, path.format(docs=bench.docs))

    def test_links_on_the_way(self, bench: Bench, change: tuple[str, dict[str, str]], tmp_path: Path) -> None:
        (tmp_path / "outside").mkdir()
        (bench.docs / "inside").mkdir()
        for target in ("../outside", str(tmp_path / "outside"), "/proc/self/cwd", "inside"):
            (bench.docs / "link").symlink_to(target)
            assert "leads through a link or a file" in why(bench, change, "link/new.txt")
            (bench.docs / "link").unlink()
        assert not left(tmp_path / "outside")

    def test_links_themselves(self, bench: Bench, change: tuple[str, dict[str, str]]) -> None:
        for target in ("../secret.txt", "invoice.txt", "nothing", "link.txt"):
            (bench.docs / "link.txt").symlink_to(target)
            said = why(bench, change, "link.txt")
            assert "is a link" in said or "is no regular file" in said or "There is 'docs/link.txt' already" in said
            (bench.docs / "link.txt").unlink()

    def test_hard_links(self, bench: Bench, tmp_path: Path, change: tuple[str, dict[str, str]]) -> None:
        os.link(tmp_path / "secret.txt", bench.docs / "hard.txt")
        if change[0] == "move_file" and change[1]["path"] == "{}":
            assert bench.use("move_file", path="hard.txt", to="here.txt").ok  # it stays the same file
            return
        said = why(bench, change, "hard.txt")
        assert "is one of 2 names of the same file (hard links)" in said or "already" in said
        assert (bench.docs / "hard.txt").stat().st_nlink == 2

    @pytest.mark.timeout(20)
    def test_what_is_no_regular_file(
        self, bench: Bench, change: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.mkfifo(bench.docs / "fifo.txt")
        monkeypatch.chdir(bench.docs)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.txt")
            for name in ("fifo.txt", "socket.txt"):
                said = why(bench, change, name)
                assert "is no file" in said or "is no regular file" in said or "already" in said

    def test_a_path_without_end(self, bench: Bench, change: tuple[str, dict[str, str]]) -> None:
        assert why(bench, change, "a/" * 50_000 + "x") == "The path has 50,001 parts. At most 100 are taken."
        assert "At most 4,000 are taken." in why(bench, change, "a" * 4001)

    def test_a_long_path_is_shown_to_its_end(self, bench: Bench, change: tuple[str, dict[str, str]]) -> None:
        path = f"{'the pictures of a whole family/' * 20}evil.txt"
        (bench.docs / path).parent.mkdir(parents=True)
        (bench.docs / path).write_text("two", encoding="utf-8")
        name, arguments = change
        bench.read(path)
        judgement = bench.judge(name, **{**arguments, "path": path})
        if judgement.request and judgement.request.preview:
            assert judgement.request.preview.label == f"docs/{path}"
        else:
            assert path in judgement.reason

    def test_nul_in_a_name(self, bench: Bench, change: tuple[str, dict[str, str]]) -> None:
        assert "A path cannot hold a NUL character." in why(bench, change, "invoice.txt\0.png")


PROTECTED = [
    *(".git/config", ".git/hooks/x", ".GIT/hooks/x", ".git /hooks", ".git./hooks", "sub/.Git/x", ".git"),
    *(".git::$INDEX_ALLOCATION/x", ".git:stream", "GIT~1/x", "GIT~1", ".g\u200bit/config", ".\uff47it/config"),
    *(".bashrc", ".BASHRC", "sub/.bashrc", ".profile", ".zshrc", ".env", ".envrc", ".vscode/tasks.json", ".idea/x"),
    *("x.desktop", "X.DESKTOP", "x.desktop ", "autostart/x", ".config/autostart/x", ".ssh/authorized_keys"),
    *("sitecustomize.py", "SiteCustomize.py", "x.pth", "x.lnk", "autorun.inf", ".ſsh/x", "ﬁle/.git/x"),
]


def test_protected_names_are_refused(bench: Bench, change: tuple[str, dict[str, str]]) -> None:
    for path in PROTECTED:
        with suppress(OSError):
            (bench.docs / path).parent.mkdir(parents=True, exist_ok=True)
            (bench.docs / path).write_text("CANARY")
        assert "is protected: programs obey what is in" in why(bench, change, path)


def test_a_granted_folder_that_programs_obey_is_protected(bench: Bench) -> None:
    (bench.docs / ".git").mkdir()
    bench.world.folders.grant(bench.docs / ".git")
    assert "is protected" in refusal(bench, "write_file", path=str(bench.docs / ".git" / "config"), text="x")


def test_names_that_do_not_show_are_refused_and_shown_escaped(bench: Bench) -> None:
    for name in ("a\u202etxt.exe", "a\u200bb", "a\nb", "a\x1b[31m", "a\ufeffb", "a\u00adb"):
        said = refusal(bench, "write_file", path=name, text="x")
        assert "holds a character that does not show" in said
        assert name not in said
        assert "\\u" in said


def test_names_that_another_system_takes_otherwise_are_refused(bench: Bench) -> None:
    for name in (
        *("CON", "nul.txt", "com1", "LPT9.log", "aux.c", "con .txt", "a.txt:stream", "C:rel", "a*b", "what?", 'a"b'),
        *("..\\secret.txt", "\\\\host\\share", "\\\\?\\C:\\x", "dot.", "blank ", " blank", "a|b"),
    ):
        assert "cannot be a file's name here" in refusal(bench, "write_file", path=name, text="x")
        assert "cannot be a file's name here" in refusal(bench, "move_file", path="invoice.txt", to=name)
    assert "is too long. Choose a shorter one." in refusal(bench, "write_file", path="x" * 256, text="x")
    assert left(bench.docs) == {"invoice.txt"}


def test_folders_are_named_plainly_too(bench: Bench) -> None:
    assert "cannot be a file's name here" in refusal(bench, "write_file", path="nul/x.txt", text="x")


@pytest.mark.parametrize("disguise", ["%2e%2e/secret.txt", "..%c0%af/secret.txt", ".. /secret.txt", ".../secret.txt"])
def test_disguised_dots_are_taken_literally(bench: Bench, disguise: str, tmp_path: Path) -> None:
    bench.use("write_file", path=disguise, text="x")
    assert (tmp_path / "secret.txt").read_text() == "CANARY"


@pytest.mark.parametrize(
    ("there", "name"),
    [
        ("Readme.txt", "README.TXT"),
        ("straße.txt", "STRASSE.TXT"),
        (unicodedata.normalize("NFC", "ü.txt"), unicodedata.normalize("NFD", "ü.txt")),
        ("ﬁle.txt", "file.txt"),
    ],
)
def test_twins_of_a_name_are_refused(bench: Bench, there: str, name: str) -> None:
    (bench.docs / there).write_text("there")
    for said in (
        refusal(bench, "write_file", path=name, text="x"),
        refusal(bench, "move_file", path="invoice.txt", to=name),
    ):
        assert "is there already, and cannot be told from" in said
    assert left(bench.docs) == {"invoice.txt", there}


def test_twins_of_a_folder_are_refused(bench: Bench) -> None:
    (bench.docs / "Letters").mkdir()
    assert "'Letters' is there already" in refusal(bench, "write_file", path="letters/a.txt", text="x")


@pytest.mark.parametrize(
    ("path", "risk"),
    [
        ("Makefile", "Programs run what is in such a file."),
        ("sub/run.sh", "Programs run what is in such a file."),
        ("a.PY", "Programs run what is in such a file."),
        (".hidden/x.txt", "It is hidden: programs keep their settings in such files."),
        ("pаypal.txt", "Its name mixes letters of several alphabets that look alike."),
        ("список.txt", "Its name mixes letters of several alphabets that look alike."),
        ("名单.txt", ""),
        ("plain.txt", ""),
    ],
)
def test_unusual_files_are_said_to_be_and_asked_for_every_time(bench: Bench, path: str, risk: str) -> None:
    asked = request(bench, "write_file", path=path, text="x")
    assert asked.risk == risk
    assert asked.scopes == (() if risk else ("chat", "folder"))
    assert request(bench, "move_file", path="invoice.txt", to=path).risk == risk


def test_an_executable_is_said_to_be_one(bench: Bench) -> None:
    (bench.docs / "tool").write_text("x\n")
    (bench.docs / "tool").chmod(0o755)
    assert request(bench, "edit_file", path="tool", old="x", new="y").risk.startswith("It is a program")


def test_a_difference_is_shown_escaped(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("safe\n")
    text = "\x1b]52;c;x\x07 \u202egnp.exe\u200b\n"
    shown = preview(bench, "edit_file", path="a.txt", old="safe\n", new=text)
    assert shown.text == "@@ -1 +1 @@\n-safe\n+\\u001b]52;c;x\\u0007 \\u202egnp.exe\\u200b"
    assert bench.use("edit_file", path="a.txt", old="safe\n", new=text).ok
    assert (bench.docs / "a.txt").read_text() == text


def test_a_name_is_shown_escaped(bench: Bench) -> None:
    (bench.docs / "a\u202eb\n.txt").write_text("x")
    assert preview(bench, "delete_file", path="a\u202eb\n.txt").label == "docs/a\\u202eb\\u000a.txt"


class TestQuota:
    def test_one_call(self, bench: Bench) -> None:
        said = refusal(bench, "write_file", path="a.txt", text="x" * (quota.PER_CALL + 1))
        assert said.startswith("One call may write 200.0 kB at most") or "too long" in said
        with bench.world.folders.open(bench.world.chat) as scope, pytest.raises(UserFacingError, match="One call may"):
            planned(scope, "a.txt", "中" * (quota.PER_CALL // 3 + 1))

    def test_many_changes(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quota, "CHANGES", 3)
        for number in range(3):
            assert bench.use("write_file", path=f"{number}.txt", text="x").ok
        for name, arguments in (
            ("write_file", {"path": "4.txt", "text": "x"}),
            ("edit_file", {"path": "1.txt", "old": "x", "new": "y"}),
            ("move_file", {"path": "1.txt", "to": "5.txt"}),
            ("delete_file", {"path": "1.txt"}),
        ):
            assert refusal(bench, name, **arguments).startswith("This chat made 3 changes, and may make no more.")
        assert left(bench.docs) == {"invoice.txt", "0.txt", "1.txt", "2.txt"}

    def test_many_bytes(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quota, "BYTES", 1000)
        assert bench.use("write_file", path="a.txt", text="x" * 900).ok
        assert "may change no more" in refusal(bench, "write_file", path="b.txt", text="x" * 200)
        assert "may change no more" in refusal(bench, "delete_file", path="a.txt")
        assert bench.use("write_file", path="b.txt", text="x" * 50).ok

    def test_a_batch_that_was_judged_together_is_counted_one_by_one(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(quota, "CHANGES", 1)
        with bench.world.folders.open(bench.world.chat) as scope:
            first, second = planned(scope, "a.txt", "x"), planned(scope, "b.txt", "x")
            first.apply()
            with pytest.raises(UserFacingError, match="This chat made 1 changes"):
                second.apply()
        assert left(bench.docs) == {"invoice.txt", "a.txt"}


def planned(scope: Scope, path: str, text: str) -> Change:
    made = write_file.run({"path": path, "text": text}, {Scope: scope})
    assert hasattr(made, "apply")
    return made  # type: ignore[return-value]


class TestFullDisk:
    """A file that cannot be written whole is not written at all; what was there stays."""

    @pytest.fixture
    def full(self) -> Iterator[None]:
        """No file may grow beyond 1,000 bytes, as on a disk that is full."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_a_new_file(self, bench: Bench, request: pytest.FixtureRequest) -> None:
        with bench.world.folders.open(bench.world.chat) as scope:
            change = planned(scope, "sub/deep/a.txt", "x" * 5000)
            request.getfixturevalue("full")
            with pytest.raises(UserFacingError, match=r"'docs/sub/deep/a.txt' would be too large for its disk"):
                change.apply()
        assert left(bench.docs) == {"invoice.txt"}

    def test_an_existing_file(self, bench: Bench, notes: Path, request: pytest.FixtureRequest) -> None:
        bench.read("notes.txt")
        with bench.world.folders.open(bench.world.chat) as scope:
            change = planned(scope, "notes.txt", "x" * 5000)
            request.getfixturevalue("full")
            with pytest.raises(UserFacingError, match="too large for its disk"):
                change.apply()
        assert notes.read_text() == TEXT
        assert left(bench.docs) == {"invoice.txt", "notes.txt"}

    @pytest.mark.parametrize("call", ["write", "fsync"])
    def test_it_is_said_that_the_disk_is_full(
        self, bench: Bench, notes: Path, monkeypatch: pytest.MonkeyPatch, call: str
    ) -> None:
        real = getattr(os, call)

        def no_space(fd: int, *rest: object) -> int:
            if str(bench.docs) in str(Path(f"/proc/self/fd/{fd}").readlink()):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return int(real(fd, *rest))

        monkeypatch.setattr(os, call, no_space)
        result = bench.use("edit_file", path="notes.txt", old="two", new="2")
        assert result.text == "The disk is full; 'docs/notes.txt' is as it was. Free some space first."
        assert not bench.world.store.undo_copies.list()
        assert notes.read_text() == TEXT
        assert left(bench.docs) == {"invoice.txt", "notes.txt"}

    def test_a_change_that_was_made_is_no_failure_even_if_the_disk_cannot_note_it_at_once(
        self, bench: Bench, notes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.fsync

        def folders_cannot(fd: int) -> None:
            if stat.S_ISDIR(os.fstat(fd).st_mode) and "docs" in str(Path(f"/proc/self/fd/{fd}").readlink()):
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            real(fd)

        monkeypatch.setattr(os, "fsync", folders_cannot)
        assert bench.use("write_file", path="a.txt", text="x").undo_id
        assert bench.use("edit_file", path="notes.txt", old="two", new="2").undo_id
        assert bench.use("move_file", path="a.txt", to="b.txt").undo_id
        assert bench.use("delete_file", path="b.txt").undo_id


def test_nobody_is_asked_for_what_this_account_may_not_do(
    bench: Bench, change: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **rest: not mode & os.W_OK and real(path, mode, **rest))
    path = "sub/new.txt" if change[0] == "write_file" or "{}" in change[1].get("to", "") else "invoice.txt"
    assert "This account may not change" in why(bench, change, path)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EACCES, "This account may not change 'docs/a.txt'."),
        (errno.EROFS, "This account may not change 'docs/a.txt'."),
        (errno.EDQUOT, "The disk is full; 'docs/a.txt' is as it was."),
        (errno.EXDEV, "'docs/a.txt' is on another disk or mount than the granted folder."),
        (errno.EBUSY, "'docs/a.txt' is in use."),
        (errno.EIO, "'docs/a.txt' was not changed: Input/output error."),
    ],
)
def test_what_the_system_refuses_is_said_in_a_sentence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(renaming, "_renameat2", refuse)
    assert bench.use("write_file", path="a.txt", text="x").text.startswith(words)
    assert left(bench.docs) == {"invoice.txt"}
    assert not bench.world.store.undo_copies.list()


class TestWithoutTheSystemCall:
    """File systems and systems that cannot swap or rename without replacing do it in steps."""

    @pytest.fixture(autouse=True, params=[errno.EINVAL, errno.ENOSYS])
    def _unsupported(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError(request.param, os.strerror(request.param))

        monkeypatch.setattr(renaming, "_renameat2", refuse)

    def test_all_changes(self, bench: Bench, notes: Path) -> None:
        assert bench.use("write_file", path="a.txt", text="x").ok
        assert bench.use("edit_file", path="notes.txt", old="two", new="2").ok
        assert bench.use("move_file", path="a.txt", to="b/c.txt").ok
        assert bench.use("move_file", path="b", to="d").ok
        assert bench.use("delete_file", path="d/c.txt").ok
        assert left(bench.docs) == {"invoice.txt", "notes.txt", "d"}
        assert notes.read_text() == TEXT.replace("two", "2")

    def test_nothing_is_overwritten(self, bench: Bench) -> None:
        for name in ("a", "b"):
            (bench.docs / name).mkdir()
        with bench.world.folders.open(bench.world.chat) as scope:
            fd = scope.roots[0].fd
            for one, other in (("invoice.txt", "a"), ("a", "b"), ("a", "invoice.txt")):
                with pytest.raises(FileExistsError):
                    renaming.move(fd, one, fd, other)


def test_another_mount_is_left_alone() -> None:
    fd = os.open("/", os.O_RDONLY)
    try:
        scope = Scope((Root(PurePosixPath("/"), fd),))
        with pytest.raises(UserFacingError, match="is on another disk or mount than the granted folder"):
            planned(scope, "proc/x.txt", "x")
    finally:
        os.close(fd)


def test_a_folder_that_is_replaced_under_a_call_gets_nothing(bench: Bench, tmp_path: Path) -> None:
    """The call holds the folder that was granted, wherever it is moved; the next one finds that it is gone."""
    with bench.world.folders.open(bench.world.chat) as scope:
        change = planned(scope, "new.txt", "x")
        bench.docs.rename(tmp_path / "moved")
        bench.docs.mkdir()
        change.apply()
    assert left(bench.docs) == set()
    assert left(tmp_path / "moved") == {"invoice.txt", "new.txt"}
    assert "was moved, replaced or closed" in refusal(bench, "write_file", path="b.txt", text="x")


def test_another_programs_write_in_the_last_moment_is_kept(bench: Bench, notes: Path) -> None:
    """Between the look at a file and its replacement."""
    with bench.world.folders.open(bench.world.chat) as scope:
        fd = scope.roots[0].fd
        held = atomic.hold(fd, "notes.txt", 10_000)
        notes.write_text("theirs")
        with pytest.raises(atomic.Different):
            atomic.replace(fd, "notes.txt", b"ours", held)
        with pytest.raises(atomic.Different):
            atomic.remove(fd, "notes.txt", held)
        assert notes.read_text() == "theirs"
        notes.unlink()
        with pytest.raises(atomic.Different):
            atomic.replace(fd, "notes.txt", b"ours", held)
        with pytest.raises(atomic.Different):
            atomic.remove(fd, "notes.txt", held)
        (bench.docs / "notes.txt").symlink_to("invoice.txt")
        with pytest.raises(atomic.Different):
            atomic.replace(fd, "notes.txt", b"ours", held)
    assert notes.is_symlink()
    assert left(bench.docs) == {"invoice.txt", "notes.txt"}


TRIES = 1500
SWAP = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
print("ready", flush=True)
while os.getppid() == int(sys.argv[1]):
    for _ in range(1000):
        libc.renameat2(-100, b"dir", -100, b"link", 2)  # RENAME_EXCHANGE
"""


@pytest.mark.parametrize("tool", ["write_file", "delete_file", "move_file"])
def test_a_race_for_a_link_never_leads_a_change_out(
    bench: Bench, tmp_path: Path, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder and a link to the outside swap places all the time while files are written, moved and deleted."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(quota, "CHANGES", 10**9)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("CANARY")
    (bench.docs / "dir").mkdir()
    (bench.docs / "link").symlink_to("../outside")
    inside = os.open(bench.docs / "dir", os.O_RDONLY)
    command = [sys.executable, "-c", SWAP, str(os.getpid())]
    with subprocess.Popen(command, cwd=bench.docs, stdout=subprocess.PIPE) as swapping:
        try:
            assert swapping.stdout
            swapping.stdout.readline()
            made = sum(attempt(bench, tool, inside) for _ in range(TRIES))
        finally:
            swapping.kill()
            os.close(inside)
    assert left(outside) == {"file"}
    assert (outside / "file").read_text() == "CANARY"
    assert 0 < made < TRIES, "the folder was never there, or the link: nothing was tried"


ARGUMENTS = {
    "write_file": {"path": "dir/new", "text": "ours"},
    "delete_file": {"path": "dir/file"},
    "move_file": {"path": "invoice.txt", "to": "dir/new"},
}


def attempt(bench: Bench, tool: str, inside: int) -> bool:
    """Put a folder back as it was, try a change once, and return whether it was made."""
    (bench.docs / "invoice.txt").touch()
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=inside))
    with suppress(FileNotFoundError):
        os.unlink("new", dir_fd=inside)
    found = next(each for each in built_in_tools() if each.name == tool)
    try:
        with bench.world.folders.open(bench.world.chat) as scope:
            change = found.run(ARGUMENTS[tool], {Scope: scope})
            change.apply()  # type: ignore[union-attr]
    except UserFacingError:
        return False
    return True
