"""Window, terminal or pipe."""

import argparse
import os
import socket
from pathlib import Path

import pytest

from desktop_agent.cli import display, main, start


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
