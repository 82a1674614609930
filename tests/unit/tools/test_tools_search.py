"""Searches end, whatever they are for and wherever they look (B20 to B22 of the facts page)."""

import os
import re
import threading
import time
from pathlib import Path

import pytest

from desktop_agent.errors import Cancelled
from desktop_agent.tools import search
from desktop_agent.tools.builtin.search_files import search_files
from desktop_agent.tools.scope import Scope
from tests.unit.tools.conftest import Bench


def find(bench: Bench, text: str, folder: str = ".") -> str:
    return bench.use("search_files", text=text, folder=folder).text


@pytest.fixture
def tree(bench: Bench) -> Path:
    (bench.docs / "sub" / "deep").mkdir(parents=True)
    (bench.docs / "sub" / "letter.md").write_text("Dear Ann,\nthe invoice\nis PAID.\n")
    (bench.docs / "sub" / "deep" / "b.txt").write_text("nothing\n" * 10 + "paid in full\n")
    (bench.docs / "Invoice-2.pdf").write_bytes(b"%PDF-1.7 paid")
    return bench.docs


def test_names_and_lines_are_found(bench: Bench, tree: Path) -> None:
    assert find(bench, "invoice").splitlines() == [
        "Names with 'invoice':",
        "docs/Invoice-2.pdf",
        "docs/invoice.txt",
        "docs/sub/letter.md, line",
        "2: the invoice",
    ]
    assert find(bench, "paid").splitlines() == [
        "docs/sub/letter.md, line",
        "3: is PAID.",
        "docs/sub/deep/b.txt, line",
        "11: paid in full",
    ]


def test_what_was_found_can_be_read_from_there(bench: Bench, tree: Path) -> None:
    label, line = find(bench, "in full").splitlines()
    number = int(line.split(":")[0])
    text = bench.use("read_file", path=label.removesuffix(", line"), start=number).text
    assert text == "File docs/sub/deep/b.txt (lines 11 to 11 of 11):\npaid in full"


@pytest.mark.parametrize("folder", ["sub", "docs/sub", "sub/letter.md"])
def test_in_a_folder_or_a_file(bench: Bench, tree: Path, folder: str) -> None:
    found = find(bench, "invoice", folder)
    assert found == "docs/sub/letter.md, line\n2: the invoice"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("*.md", "docs/sub/letter.md"),
        ("*.M?", "docs/sub/letter.md"),
        ("in*ce.txt", "docs/invoice.txt"),
        (r"^invoice\.", "docs/invoice.txt"),
        ("letter|xyz", "docs/sub/letter.md"),
        ("DEEP", "docs/sub/deep"),
    ],
)
def test_a_pattern_may_be_of_several_kinds(bench: Bench, tree: Path, text: str, name: str) -> None:
    assert name in find(bench, text).splitlines()


def test_what_is_no_expression_is_text(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("price (EUR\n")
    assert "1: price (EUR" in find(bench, "price (EUR")
    assert "1: price (EUR" in find(bench, "^price")
    assert bench.use("search_files", text="  ").text.startswith("Nothing was named")


def test_nothing_found(bench: Bench) -> None:
    said = find(bench, "xyzzy")
    assert said == "Nothing was found for 'xyzzy'. Hidden files, PDF and Office documents are not searched.".replace(
        ". H", ".\nH"
    )


def test_other_encodings_are_searched(bench: Bench) -> None:
    (bench.docs / "a.txt").write_bytes("\ufeffRechnung für Ännchen\n".encode("utf-16-le"))
    (bench.docs / "b.txt").write_bytes("你好，发票。\n".encode("gb18030") * 20)
    assert "docs/a.txt, line" in find(bench, "ännchen")
    assert "docs/b.txt, line" in find(bench, "发票")


def test_lines_are_shown_escaped_and_short(bench: Bench) -> None:
    (bench.docs / "a.txt").write_text("x" * 5000 + " needle\u202e\x1b[31m " + "y" * 5000)
    line = find(bench, "needle").splitlines()[1]
    assert line.startswith("1: …x")
    assert "needle\\u202e\\u001b[31m" in line
    assert len(line) < 200


def test_outside_is_refused(bench: Bench) -> None:
    for folder in ("..", "/etc", "../", "~"):
        said = find(bench, "x", folder)
        assert "outside the granted folder" in said or "There is no '~'" in said


@pytest.mark.timeout(30)
def test_links_are_not_followed(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("CANARY")
    (bench.docs / "out").symlink_to(tmp_path / "outside")
    (bench.docs / "file").symlink_to(tmp_path / "secret.txt")
    (bench.docs / "loop").symlink_to(".")
    (bench.docs / "a").mkdir()
    (bench.docs / "a" / "up").symlink_to("../..")
    os.mkfifo(bench.docs / "fifo")
    assert find(bench, "CANARY").startswith("Nothing was found")
    assert find(bench, "invoice").count("invoice.txt") == 1


@pytest.mark.timeout(30)
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*$b", "([a-z]+)*[0-9]{20}", "a{1,1000}{1,1000}"])
def test_no_pattern_takes_long(bench: Bench, pattern: str) -> None:
    """Python's own expressions would need longer than the universe is old for the first of them."""
    (bench.docs / "a.txt").write_text("a" * 1_000_000 + "!")
    started = time.monotonic()
    find(bench, pattern)
    assert time.monotonic() - started < 10


def test_an_expression_that_takes_python_long_is_one() -> None:
    started = time.monotonic()
    assert not re.search("(a+)+$", "a" * 22 + "!")
    assert time.monotonic() - started > 0.05, "the pattern of the test above is harmless"


def test_results_are_capped(bench: Bench) -> None:
    for number in range(60):
        (bench.docs / f"needle{number:02}.txt").write_text("needle\n" * 20)
    lines = find(bench, "needle").splitlines()
    assert "… and 20 more names" in lines
    assert lines[-1] == "(only the first 60 lines are shown)"
    assert len(lines) < 130


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("ENTRIES", 50, "only the first 50 entries were looked at"),
        ("BYTES", 100, "only the first 0 MB were looked through"),
        ("SECONDS", 0.0, "it was stopped after 0 seconds"),
    ],
)
def test_a_search_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, said: str) -> None:
    for number in range(100):
        (bench.docs / f"{number}.txt").write_text("hay\n" * 10)
    monkeypatch.setattr(search, limit, value)
    assert find(bench, "needle").endswith(f"({said})")


def test_only_the_beginning_of_a_huge_file_is_searched(bench: Bench) -> None:
    with (bench.docs / "huge.txt").open("wb") as file:
        file.write(b"needle\n" + b"x" * search.FILE)
        file.truncate(2**40)
    started = time.monotonic()
    assert "1: needle" in find(bench, "needle")
    assert time.monotonic() - started < 5


def test_a_deep_tree_ends(bench: Bench) -> None:
    folder = bench.docs
    for _ in range(100):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "needle.txt").touch()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert find(bench, "needle").startswith("Nothing was found")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_user_stops_it(bench: Bench) -> None:
    for number in range(3000):
        (bench.docs / f"{number}.txt").write_text("hay\n")
    cancel = threading.Event()
    timer = threading.Timer(0.005, cancel.set)
    with bench.world.folders.open(bench.world.chat, cancel) as scope:
        timer.start()
        with pytest.raises(Cancelled):
            search_files.run({"text": "needle"}, {Scope: scope})
    timer.join()


def test_several_folders_are_searched(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.txt").write_text("4711")
    bench.world.folders.grant(tmp_path / "more")
    assert find(bench, "4711").splitlines() == [
        "docs/invoice.txt, line",
        "1: Total: 4711.50 EUR",
        "more/b.txt, line",
        "1: 4711",
    ]
