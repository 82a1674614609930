"""run_python: code from the model, files from the broker, figures for the user."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.messages import Json, ToolResult
from desktop_agent.sandbox.python import PythonSandbox
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.toolbox import Toolbox
from tests.unit.tools.conftest import Bench


@pytest.fixture(scope="module")
def python(python_folder: Path) -> Iterator[PythonSandbox]:
    sandbox = PythonSandbox(python_folder)
    sandbox.run("")
    yield sandbox
    sandbox.close()


@pytest.fixture
def ran(bench: Bench, python: PythonSandbox) -> Bench:
    """The tools with a real Python, and a granted folder."""
    bench.toolbox = bench.world.toolbox(services={PythonSandbox: python})
    return bench


def run(bench: Bench, code: str, **more: Json) -> ToolResult:
    return bench.use("run_python", code=code, **more)


def test_what_it_prints_comes_back_as_text_from_outside(ran: Bench) -> None:
    result = run(ran, "print(6 * 7)")
    assert (result.ok, result.text, result.untrusted) == (True, "42", True)
    assert result.seal
    assert result.source


def test_it_asks_first_and_once_for_a_chat(ran: Bench) -> None:
    request = ran.judge("run_python", code="1").request
    assert request is not None
    assert (request.effect, request.scopes) == ("compute", ("chat",))
    assert ran.use("run_python", "chat", code="1").ok
    assert ran.judge("run_python", code="2").verdict == "allow"


def test_it_needs_no_folder(ungranted: Bench, python: PythonSandbox) -> None:
    ungranted.toolbox = ungranted.world.toolbox(services={PythonSandbox: python})
    assert run(ungranted, "1 + 1").text == "2"
    refused = run(ungranted, "1", files=["a.txt"])
    assert not refused.ok
    assert "No folder is granted" in refused.text


def test_files_come_through_the_broker(ran: Bench) -> None:
    (ran.docs / "sales.csv").write_text("month,amount\nJan,3\nFeb,5\n", encoding="utf-8")
    code = "import csv\nprint(sum(int(row['amount']) for row in csv.DictReader(open('sales.csv'))), list(files))"
    assert run(ran, code, files=["docs/sales.csv", "sales.csv"]).text == "8 ['docs/sales.csv', 'sales.csv']"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("../secret.txt", None, "outside the granted folder"),
        ("none.txt", None, "There is no 'none.txt'"),
        (".", None, "is not a file"),
        ("big.txt", b"x" * 1_500_001, "is too large"),
        ("a.pdf", b"%PDF-1.7", "is a PDF document"),
    ],
)
def test_files_that_cannot_be_used(ran: Bench, name: str, content: bytes | None, why: str) -> None:
    if content is not None:
        (ran.docs / name).write_bytes(content)
    result = run(ran, "print(files)", files=[name])
    assert not result.ok
    assert why in result.text
    assert "CANARY" not in result.text


def test_the_largest_files_fit(ran: Bench) -> None:
    (ran.docs / "big.txt").write_text("\n" * 700_000 + '"' * 700_000, encoding="utf-8")
    assert run(ran, "len(files['big.txt'])", files=["big.txt"]).text == "1400000"


def test_a_fault_is_told_with_what_was_printed_before(ran: Bench) -> None:
    result = run(ran, "print('one')\n1 / 0")
    assert not result.ok
    assert result.untrusted
    assert result.text.startswith("one\nTraceback")
    assert result.text.endswith("ZeroDivisionError: division by zero")


def test_silence_is_told(ran: Bench) -> None:
    assert "printed nothing" in run(ran, "x = 1").text


def test_much_text_is_cut_in_its_middle(ran: Bench) -> None:
    text = run(ran, "print('a' * 6000 + 'b' * 5000 + 'c' * 2000)").text
    assert text == f"{'a' * 6000}\n[5,000 characters left out]\n{'c' * 2000}"


def test_a_figure_goes_to_the_window_and_the_model_is_told(ran: Bench) -> None:
    result = run(ran, "show_chart('line', {'a': [1, 2, 3]}, 'Title')")
    assert result.text == "The user sees a line chart with 3 points."
    assert result.figure["title"] == "Title"
    assert run(ran, "show_table([[1, 2], [3, 4]], ['a', 'b'])").text == "The user sees a table with 2 rows."


@pytest.mark.parametrize("missing", ["wasm", "seccomp"])
def test_it_is_off_without_its_layers(ran: Bench, missing: str) -> None:
    world = ran.world
    stores = (world.permissions, world.store.audit, world.store.undo_copies)
    faults = {missing: "it did not pass its test"}
    ran.toolbox = Toolbox(lambda _: built_in_tools(), world.folders, *stores, {}, lambda name: faults.get(name, ""))
    judgement = ran.judge("run_python", code="1")
    assert (judgement.verdict, judgement.reason) == ("refuse", "Run Python is off: it did not pass its test")
