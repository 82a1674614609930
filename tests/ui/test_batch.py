"""Several calls of one message: judged together, or each on its own."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop_agent.approvals import ApprovalRequest
from desktop_agent.messages import ToolCall
from desktop_agent.ui import approval_view
from desktop_agent.ui.answer_view import AnswerView
from desktop_agent.ui.batch_bar import BatchBar
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

CALL = '<tool_call>\n{{"name": "read_file", "arguments": {{"path": "{}"}}}}\n</tool_call>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    for name in "abc":
        (made / f"{name}.txt").write_text(f"This is {name}.")
    return made


def asked(qtbot: QtBot, windows: Windows, folder: Path) -> MainWindow:
    window = windows("\n".join(CALL.format(f"{name}.txt") for name in "abc"), "All read.")
    window.app.folders.grant(folder)
    window.chat.send("What do they say?")
    qtbot.waitUntil(lambda: window.panel.status.state.text() == "Waiting for you")
    qtbot.waitUntil(lambda: len(cards(window)) == 3)
    for card in cards(window):
        card.approval.shown_at -= approval_view.GUARD_SECONDS
    return window


def cards(window: MainWindow) -> list:
    return list(window.panel.transcript.views[-1].answer.cards.values())


def bar(window: MainWindow) -> BatchBar:
    return window.panel.transcript.findChild(BatchBar)


def states(window: MainWindow) -> list[str]:
    return [card.state for card in cards(window)]


def test_all_are_allowed_at_once(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = asked(qtbot, windows, folder)
    assert bar(window).allow.text() == "Allow all (3)"
    bar(window).allow.click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert states(window) == ["done"] * 3
    assert not bar(window).isVisible()


def test_all_are_denied_at_once(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = asked(qtbot, windows, folder)
    bar(window).deny.click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert states(window) == ["refused"] * 3


def test_each_can_be_answered_on_its_own_and_the_focus_goes_on(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = asked(qtbot, windows, folder)
    first, second, third = cards(window)
    assert first.approval.deny_button in (window.focusWidget(), QApplication.focusWidget())
    first.findChild(QPushButton, "once").click()
    assert second.approval.deny_button in (window.focusWidget(), QApplication.focusWidget())
    assert bar(window).label.text() == "2 calls wait for you."
    second.findChild(QPushButton, "deny").click()
    assert not bar(window).isVisible()
    third.findChild(QPushButton, "once").click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert states(window) == ["done", "refused", "done"]


def test_what_is_risky_is_answered_on_its_own(qtbot: QtBot) -> None:
    view = AnswerView(600)
    qtbot.addWidget(view)
    view.show()
    decided: list[tuple[str, str]] = []
    view.decided.connect(lambda *what: decided.append(what))
    for number, risk in enumerate(("", "It replaces a file that was never read.", "")):
        call = ToolCall(str(number), "write_file", {"path": f"{number}.txt"})
        view.request(call, ApprovalRequest(call, "digest", "write", risk=risk))
        view.cards[call.id].approval.shown_at -= approval_view.GUARD_SECONDS
    found = view.findChild(BatchBar)
    assert found.allow.text() == "Allow all (2)"
    assert "unusual" in found.label.text()
    found.allow.click()
    assert decided == [("0", "once"), ("2", "once")]
    assert view.cards["1"].state == "asking"


def test_all_at_once_is_guarded_too(qtbot: QtBot) -> None:
    view = AnswerView(600)
    qtbot.addWidget(view)
    decided: list[tuple[str, str]] = []
    view.decided.connect(lambda *what: decided.append(what))
    for number in range(2):
        call = ToolCall(str(number), "read_file", {})
        view.request(call, ApprovalRequest(call, "digest", "read"))
    view.findChild(BatchBar).allow.click()
    assert decided == []
