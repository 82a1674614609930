from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop_agent.errors import UserFacingError
from desktop_agent.ui import clipboard
from desktop_agent.ui.clipboard import WindowClipboard


def test_a_tool_reads_the_clipboard_from_its_own_thread(qtbot: QtBot) -> None:
    ours = WindowClipboard()
    with ThreadPoolExecutor(1) as worker:
        for text in ("Grüße 你好", ""):
            QGuiApplication.clipboard().setText(text)
            answer = worker.submit(ours.text)
            qtbot.waitUntil(answer.done)
            assert answer.result() == text


def test_a_clipboard_that_does_not_answer_is_a_sentence(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(clipboard, "WAIT_SECONDS", 0.05)
    ours = WindowClipboard()
    with ThreadPoolExecutor(1) as worker, pytest.raises(UserFacingError, match="did not answer"):
        worker.submit(ours.text).result()  # while the window's thread waits here
