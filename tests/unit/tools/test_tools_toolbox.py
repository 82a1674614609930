import logging
import threading

import pytest

from desktop_agent.errors import Cancelled
from desktop_agent.messages import ToolCall
from desktop_agent.tools.builtin.current_time import current_time
from desktop_agent.tools.builtin.list_files import list_files
from desktop_agent.tools.builtin.read_file import read_file
from desktop_agent.tools.policy import spec_digest
from desktop_agent.tools.tool import tool
from tests.unit.tools.conftest import Bench, Unasked


def test_the_tools_are_always_told_in_the_same_order(bench: Bench) -> None:
    names = [spec.name for spec in bench.toolbox.specs(bench.world.chat)]
    assert names == sorted(names)
    assert {"current_time", "list_files", "read_file"} <= set(names)
    assert bench.toolbox.specs(bench.world.chat) == bench.toolbox.specs(bench.world.chat)


def test_the_time_needs_no_approval(bench: Bench) -> None:
    assert bench.judge("current_time").verdict == "allow"
    result = bench.use("current_time")
    assert result.ok
    assert not result.untrusted


def test_reading_asks_until_it_is_allowed_in_the_conversation(bench: Bench) -> None:
    assert bench.judge("read_file", path="invoice.txt").verdict == "ask"
    bench.use("read_file", "chat", path="invoice.txt")
    assert bench.judge("read_file", path="invoice.txt").verdict == "allow"
    assert bench.judge("list_files").verdict == "ask"


def test_without_a_folder_nobody_is_asked_and_nothing_is_read(ungranted: Bench) -> None:
    judgement = ungranted.judge("read_file", path="secret.txt")
    assert judgement.verdict == "refuse"
    assert judgement.reason == ("No folder is granted. The user can grant one under 'Folders' or with --allow FOLDER.")
    assert ungranted.read("../secret.txt") == judgement.reason
    assert ungranted.list() == judgement.reason


def test_an_approval_is_no_grant(ungranted: Bench) -> None:
    spec = spec_digest(read_file.spec)
    ungranted.world.permissions.allow_tool("read_file", spec, ungranted.world.chat)
    assert ungranted.judge("read_file", path="secret.txt").verdict == "refuse"


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("format_disk", {}, "There is no tool 'format_disk'. Tools: current_time, list_files, read_file."),
        ("read_file", {}, "Wrong arguments: 'path' is missing. read_file takes: path, start."),
        ("current_time", {"zone": "CET"}, "Wrong arguments: there is no 'zone'. current_time takes: none."),
    ],
)
def test_what_cannot_work_is_refused_before_the_user_is_asked(
    bench: Bench, name: str, arguments: dict[str, str], words: str
) -> None:
    bench.toolbox = bench.world.toolbox([current_time, list_files, read_file])
    judgement = bench.judge(name, **arguments)
    assert (judgement.verdict, judgement.reason) == ("refuse", words)
    result = bench.use(name, **arguments)
    assert (result.ok, result.text, result.name, result.call_id) == (False, words, name, "1")


@tool("none", group="basics")
def broken() -> str:
    """Raise an error that nobody foresaw."""
    raise ZeroDivisionError


@tool("none", group="basics")
def refused() -> str:
    """Meet an error of the system."""
    raise OSError(5, "Input/output error")


@tool("none", group="basics")
def endless() -> str:
    """Say far too much."""
    return "x" * 1_000_000


def test_a_fault_inside_a_tool_is_a_result(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.toolbox = bench.world.toolbox([broken, refused, endless])

    def use(name: str) -> str:
        return bench.use(name).text

    with caplog.at_level(logging.ERROR):
        assert use("broken") == "The tool failed inside. Answer without it."
    assert "ZeroDivisionError" in caplog.text
    assert use("refused") == "The system refused: Input/output error."
    assert use("endless").endswith("\n[Cut here: 1,000,000 characters in all.]")
    assert len(use("endless")) < 21_000


def test_a_stopped_turn_runs_nothing(bench: Bench) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        bench.toolbox.run(ToolCall("1", "current_time"), bench.world.chat, stop, Unasked())
