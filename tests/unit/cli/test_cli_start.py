"""Window, terminal or pipe."""

import argparse
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_agent.approvals import ApprovalRequest
from desktop_agent.cli import display, main, start
from desktop_agent.cli.approval import TerminalApprover
from desktop_agent.cli.session import is_interactive
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import ToolCall
from tests.helpers.world import World


def test_a_dead_display_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not display.exists()
    monkeypatch.setenv("DISPLAY", ":4321")
    assert not display.exists()


def test_a_display_that_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-test")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-test"))
        assert display.exists()


def _run_with_standard_input(source: int, window) -> int:  # type: ignore[no-untyped-def]
    saved = os.dup(0)
    os.dup2(source, 0)
    try:
        return start.run(argparse.Namespace(window=window))
    finally:
        os.dup2(saved, 0)
        os.close(saved)


def test_a_launchers_silent_pipe_opens_the_window() -> None:
    reading, writing = os.pipe()
    try:
        assert _run_with_standard_input(reading, lambda: 42) == 42
    finally:
        os.close(reading)
        os.close(writing)


def test_dev_null_opens_the_window() -> None:
    with Path(os.devnull).open() as nothing:
        assert _run_with_standard_input(nothing.fileno(), lambda: 42) == 42


def test_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main.run(["ask"], lambda: 0)
    assert left.value.code == 2
    assert "TEXT" in capsys.readouterr().err


def test_an_empty_question_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["ask", "  "], lambda: 0) == main.FAILED
    assert "no question" in capsys.readouterr().err


@pytest.mark.parametrize("size", ["-5", "0", "1", "many"])
def test_an_impossible_context_is_a_usage_error(size: str) -> None:
    with pytest.raises(SystemExit) as left:
        main.run(["ask", "Hello", "--context", size], lambda: 0)
    assert left.value.code == 2


def test_a_home_that_cannot_be_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DESKTOP_AGENT_HOME", str(tmp_path / "file"))
    assert main.run(["ask", "Hello"], lambda: 0) == main.FAILED
    assert "DESKTOP_AGENT_HOME" in capsys.readouterr().err


def test_a_fault_inside_is_a_failure() -> None:
    def break_down() -> int:
        raise RuntimeError("a mistake of ours")

    assert main.run([], break_down) == main.FAILED


def test_without_standard_input_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert not is_interactive()


@pytest.mark.parametrize("folder", ["", " "])
def test_no_name_is_not_the_current_folder(folder: str, tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        with pytest.raises(UserFacingError, match="No folder"):
            world.folders.grant(folder)
    finally:
        world.database.close()


def test_a_reader_that_goes_away_stops_the_answer() -> None:
    script = (
        "import sys; from desktop_agent.cli import main\n"
        "def window():\n"
        "    for _ in range(100_000): print('word', flush=True)\n"
        "sys.exit(main.run([], window))"
    )
    shell = f'"{sys.executable}" -c "$SCRIPT" </dev/null | head -1; echo "${{PIPESTATUS[0]}}"'
    environment = {**os.environ, "SCRIPT": script}
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["word", str(main.STOPPED)]
    assert done.stderr == ""


def test_a_terminal_that_knows_no_chinese_gets_numbers() -> None:
    script = "from desktop_agent.cli import main; main.run([], lambda: print('caf\\xe9 \\u4f60') or 0)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout == "caf\\xe9 \\u4f60\n"


def test_stop_ends_a_question_at_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    stop = threading.Event()
    monkeypatch.setattr("desktop_agent.cli.approval.is_interactive", lambda: True)
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        stopper = threading.Timer(0.1, stop.set)
        stopper.start()
        request = ApprovalRequest(ToolCall("c1", "read_file"), "", "read")
        assert TerminalApprover(allow_all=False).decide([request], stop) == ["deny"]
        stopper.join()
    os.close(ours)
