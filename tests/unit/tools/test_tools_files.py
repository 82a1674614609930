import os
import socket
import threading
import unicodedata
from pathlib import Path, PurePosixPath

import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.tools.builtin.list_files import list_files
from desktop_agent.tools.builtin.read_file import read_file
from desktop_agent.tools.quota import LARGEST
from desktop_agent.tools.scope import READ_LIMIT, Root, Scope
from tests.unit.tools.conftest import Bench


@pytest.mark.parametrize("path", ["invoice.txt", "./invoice.txt", "docs/invoice.txt", "{docs}/invoice.txt"])
def test_reads_a_file_however_it_is_named(bench: Bench, path: str) -> None:
    result = bench.use("read_file", path=path.format(docs=bench.docs))
    assert result.text == "File docs/invoice.txt (18 bytes):\nTotal: 4711.50 EUR"
    assert result.ok
    assert result.untrusted


def test_an_absolute_path_may_go_through_a_link(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "shortcut").symlink_to(bench.docs)
    assert "4711" in bench.read(str(tmp_path / "shortcut" / "invoice.txt"))


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../secret.txt",
            "../../etc/passwd",
            "invoice.txt/../../secret.txt",
            "a/../../secret.txt",
            "docs/../secret.txt",
        ),
        *("/etc/passwd", "//etc/passwd", "{docs}/../secret.txt", "{docs}2/secret.txt", "~/.ssh/id_rsa", "/"),
        *("file:///etc/passwd", "file://{docs}/invoice.txt", "/proc/self/root/etc/passwd", "/dev/fd/0"),
    ],
)
def test_refuses_paths_that_lead_out(bench: Bench, path: str) -> None:
    for tool, argument in (("read_file", "path"), ("list_files", "folder")):
        result = bench.use(tool, **{argument: path.format(docs=bench.docs)})
        assert not result.ok
        assert "outside the granted folder" in result.text


@pytest.mark.parametrize(
    "path",
    [
        *("%2e%2e/secret.txt", "..%c0%af/secret.txt", ".. /secret.txt", ".../secret.txt", "..\\secret.txt"),
        *(
            "\\\\?\\C:\\secret.txt",
            "\\\\host\\share\\secret.txt",
            "C:secret.txt",
            "invoice.txt:stream",
            "CON",
            "invoice.txt.",
        ),
    ],
)
def test_takes_disguised_dots_literally(bench: Bench, path: str) -> None:
    assert bench.read(path).startswith("There is no ")


@pytest.mark.parametrize("target", ["/etc/passwd", "../secret.txt", "/proc/self/root/etc/passwd", "/dev/zero"])
def test_refuses_links_that_lead_out(bench: Bench, target: str) -> None:
    (bench.docs / "a.txt").symlink_to(target)
    assert "outside the granted folder" in bench.read("a.txt")
    assert "a.txt (link)" in bench.list()


def test_refuses_loops(bench: Bench) -> None:
    (bench.docs / "loop").symlink_to("loop")
    assert bench.read("loop") == "'loop' is a link that is not followed."


@pytest.mark.timeout(20)
def test_does_not_hang_on_what_is_no_regular_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(bench.docs / "fifo.txt")
    monkeypatch.chdir(bench.docs)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        for name in ("fifo.txt", "socket.txt"):
            assert "is not a regular file" in bench.read(name)
            assert f"{name} (not a regular file)" in bench.list()


@pytest.mark.parametrize("name", ["zero", "null", "tty"])
@pytest.mark.timeout(20)
def test_refuses_devices(name: str) -> None:
    fd = os.open("/dev", os.O_RDONLY)
    with pytest.raises(UserFacingError, match=r"not a regular file|cannot be opened"):
        read_file.run({"path": name}, {Scope: Scope((Root(PurePosixPath("/dev"), fd),))})
    os.close(fd)


def test_reads_only_the_beginning_of_a_huge_file(bench: Bench) -> None:
    with (bench.docs / "huge.txt").open("wb") as file:
        file.write(b"x" * READ_LIMIT)
        file.truncate(2**40)
    text = bench.read("huge.txt")
    assert text.startswith("File docs/huge.txt (first 16,000 of 1,099,511,627,776 bytes):\nxxx")
    assert text.count("x") >= READ_LIMIT
    assert len(text) < READ_LIMIT + 100


def test_a_growing_file_is_read_to_the_limit(bench: Bench) -> None:
    path, stop = bench.docs / "log.txt", threading.Event()
    path.write_text("x" * READ_LIMIT)

    def grow() -> None:
        with path.open("a") as file:
            while not stop.is_set():
                file.write("y" * 1000)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        assert all(len(bench.read("log.txt")) < READ_LIMIT + 100 for _ in range(50))
    finally:
        stop.set()
        thread.join()


def test_a_character_on_the_limit_is_not_torn(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("x" + "中" * READ_LIMIT, encoding="utf-8")
    text = bench.read("a.txt")
    assert text.endswith("中")
    assert "�" not in text


def further(bench: Bench, path: str, start: int) -> str:
    return bench.use("read_file", path=path, start=start).text


def test_a_long_file_is_read_on_from_a_line(bench: Bench) -> None:
    lines = [f"line {number} {'x' * (number % 50)}" for number in range(1, 3001)]
    (bench.docs / "long.txt").write_text("\n".join(lines) + "\n")
    text, found = bench.read("long.txt"), list[str]()
    assert text.startswith("File docs/long.txt (first 16,000 of ")
    while "; go on with start=" in text.partition("\n")[0]:
        head, _, body = text.partition("\n")
        start = int(head.split("start=")[1].split(")")[0])
        found = found[: start - 1] + body.split("\n")[: start - 1 - len(found)]
        text = further(bench, "long.txt", start)
        assert text.startswith(f"File docs/long.txt (lines {start:,} to ")
        assert len(text) < READ_LIMIT + 100
    assert text.startswith("File docs/long.txt (lines ")
    assert found + text.partition("\n")[2].split("\n") == lines


def test_a_short_file_says_nothing_of_going_on(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("one\ntwo\nthree\n")
    assert bench.read("a.txt") == "File docs/a.txt (14 bytes):\none\ntwo\nthree\n"
    assert further(bench, "a.txt", 2) == "File docs/a.txt (lines 2 to 3 of 3):\ntwo\nthree"
    assert further(bench, "a.txt", 0) == further(bench, "a.txt", -5) == bench.read("a.txt")
    assert further(bench, "a.txt", 4) == "'docs/a.txt' has 3 lines. Start at an earlier line."


def test_line_numbers_count_all_kinds_of_line_ends(bench: Bench) -> None:
    (bench.docs / "a.txt").write_bytes("eins\r\nzwei\rdrei\nvier".encode("utf-16"))
    assert further(bench, "a.txt", 3) == "File docs/a.txt (lines 3 to 4 of 4):\ndrei\nvier"


def test_a_line_that_is_too_long_is_cut(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("one\n" + "x" * 100_000 + "\nthree\n")
    text = further(bench, "a.txt", 2)
    assert text.startswith("File docs/a.txt (lines 2 to 2 of 3; go on with start=3):\nxxx")
    assert 1000 < len(text) < READ_LIMIT
    assert further(bench, "a.txt", 3).endswith(":\nthree")


def test_only_the_beginning_of_a_huge_file_can_be_read_on(bench: Bench) -> None:
    with (bench.docs / "huge.txt").open("wb") as file:
        file.write(b"x\n" * (LARGEST // 2))
        file.truncate(2**40)
    assert "of 8,388,608 or more)" in further(bench, "huge.txt", 8_388_600)
    assert further(bench, "huge.txt", 10**9).startswith("The first 16.8 MB of 'docs/huge.txt' have 8,388,608 lines.")


def test_refuses_what_no_name_can_hold(bench: Bench) -> None:
    assert bench.read("invoice.txt\0.png") == "A path cannot hold a NUL character."
    assert bench.read("\ud800") == "No file can be called '\\ud800'."
    assert "There is no" in bench.read("a" * 5000)


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "a\x1b[31mb.txt", "a\u202eb.txt", "a\u200bb.txt", unicodedata.normalize("NFD", "ü.txt")]
)
def test_shows_odd_names_escaped_and_reads_them(bench: Bench, name: str) -> None:
    (bench.docs / name).write_text("odd")
    escaped = next(line for line in bench.list().splitlines() if "odd" not in line and "\\u" in line)
    assert name not in bench.list()
    assert f'"{escaped.split(" (")[0]}"'.encode().decode("unicode_escape") == f'"{name}"'
    assert bench.read(name).splitlines()[1] == "odd"
    assert name not in bench.read(name)


def test_a_name_in_no_encoding_is_listed(bench: Bench) -> None:
    (Path(os.fsdecode(os.fsencode(bench.docs) + b"/a\xff.txt"))).write_text("raw bytes")
    assert "a\\udcff.txt (9 bytes" in bench.list()
    bench.list().encode()
    assert "raw bytes" in bench.read("a\udcff.txt")


def test_names_files_that_could_be_meant(bench: Bench) -> None:
    for number in range(20):
        (bench.docs / f"{number:02}.txt").touch()
    (bench.docs / ".hidden").touch()
    text = bench.read("invoise.txt")
    assert text.startswith("There is no 'invoise.txt' in the granted folder 'docs'. Names there: invoice.txt, ")
    assert text.endswith(", …")
    assert ".hidden" not in text
    (bench.docs / "empty").mkdir()
    assert bench.read("empty/a.txt").endswith("Nothing is there.")


def test_says_what_a_file_is_that_cannot_be_read(bench: Bench) -> None:
    (bench.docs / "a.pdf").write_bytes(b"%PDF-1.7\n...")
    (bench.docs / "blob").write_bytes(bytes(range(64)))
    (bench.docs / "sub").mkdir()
    assert bench.read("a.pdf") == "'docs/a.pdf' is a PDF document. read_document reads documents."
    assert "is a binary file" in bench.read("blob")
    assert bench.read("sub") == "'docs/sub' is a folder. list_files shows what is in it."
    assert bench.list("invoice.txt") == "'docs/invoice.txt' is not a folder. read_file reads a file."


def test_says_that_an_empty_file_is_empty(bench: Bench) -> None:
    (bench.docs / "a.txt").touch()
    assert bench.read("a.txt") == "File docs/a.txt is empty."


def test_lists_a_folder(bench: Bench) -> None:
    (bench.docs / "Sub").mkdir()
    (bench.docs / ".env").touch()
    os.utime(bench.docs / "invoice.txt", (1.7e9, 1.7e9))
    assert bench.list().splitlines() == [
        "Folder docs:",
        "invoice.txt (18 bytes, 2023-11-14)",
        "Sub/",
        "(1 hidden not shown)",
    ]
    assert (
        bench.list("Sub") == bench.list("docs/Sub") == bench.list(f"{bench.docs}/Sub/") == "Folder docs/Sub is empty."
    )


def test_lists_the_first_of_many_files(bench: Bench) -> None:
    for number in range(1000):
        (bench.docs / f"{number:04}.txt").touch()
    lines = bench.list().splitlines()
    assert len(lines) == 202
    assert lines[1].startswith("0000.txt")
    assert lines[-1] == "… and 801 more"


def test_listing_stops_when_the_user_wants_it(bench: Bench) -> None:
    cancel = threading.Event()
    with bench.world.folders.open(bench.world.chat, cancel) as scope:
        cancel.set()
        with pytest.raises(Cancelled):
            list_files.run({}, {Scope: scope})


@pytest.fixture
def second(bench: Bench, tmp_path: Path) -> Path:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "b.txt").write_text("in more")
    bench.world.folders.grant(folder)
    return folder


def test_several_folders(bench: Bench, second: Path) -> None:
    assert bench.list() == f"Granted folders:\ndocs/ ({bench.docs})\nmore/ ({second})"
    assert "in more" in bench.read("b.txt")
    assert "4711" in bench.read("invoice.txt")
    assert "There is no 'c' in the granted folders 'docs', 'more'." in bench.read("c")


def test_a_name_that_several_folders_have_must_be_told_apart(bench: Bench, second: Path) -> None:
    (second / "invoice.txt").write_text("another")
    assert "is in several granted folders: docs/invoice.txt, more/invoice.txt" in bench.read("invoice.txt")
    assert "another" in bench.read("more/invoice.txt")


def test_folders_of_the_same_name_are_told_apart_by_their_paths(bench: Bench, second: Path) -> None:
    twin = second.parent / "elsewhere" / "docs"
    twin.mkdir(parents=True)
    (twin / "invoice.txt").write_text("twin")
    bench.world.folders.grant(twin)
    refusal = bench.read("docs/invoice.txt")
    assert f"{bench.docs}/invoice.txt, {twin}/invoice.txt" in refusal
    assert "twin" in bench.read(str(twin / "invoice.txt"))


def test_a_granted_folder_in_another_is_not_two(bench: Bench) -> None:
    (bench.docs / "sub").mkdir()
    (bench.docs / "sub" / "a.txt").write_text("once")
    bench.world.folders.grant(bench.docs / "sub")
    for path in ("sub/a.txt", "docs/sub/a.txt", str(bench.docs / "sub" / "a.txt"), "a.txt"):
        assert "once" in bench.read(path)
        bench.use("edit_file", path=path, old="once", new="twice")
        assert (bench.docs / "sub" / "a.txt").read_text() == "twice", path
        (bench.docs / "sub" / "a.txt").write_text("once")


def descriptors() -> set[str]:
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def test_no_descriptor_is_lost(bench: Bench, second: Path) -> None:
    (second / "invoice.txt").write_text("another")
    before = descriptors()
    for path in ("invoice.txt", "docs/invoice.txt", "docs", "nothing", "../x", "docs/a/b", "more/new.txt"):
        bench.read(path)
        bench.list(path)
        bench.use("search_files", text="x", folder=path)
        bench.use("edit_file", path=path, old="Total", new="Sum")
        bench.use("write_file", path=path, text="x")
        bench.use("move_file", path=path, to="docs/x/y")
        bench.use("delete_file", path=path)
    assert descriptors() == before
