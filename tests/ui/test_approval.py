"""Tool cards: what is asked, what the buttons do, what is shown afterwards."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui import tool_card
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

READ = '<tool_call>\n{"name": "read_file", "arguments": {"path": "invoice.txt"}}\n</tool_call>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    (made / "invoice.txt").write_text("Total: 4711.50 EUR")
    return made


def asked_card(qtbot: QtBot, window: MainWindow, text: str = "What is the total?") -> ToolCard:
    window.chat.send(text)
    view = window.panel.transcript.views[-1]
    qtbot.waitUntil(lambda: any(card.state == "asking" for card in view.answer.cards.values()))
    return next(iter(view.answer.cards.values()))


def press(qtbot: QtBot, card: ToolCard, decision: str) -> None:
    card._shown_at -= tool_card.GUARD_SECONDS
    qtbot.mouseClick(card.findChild(QPushButton, decision), Qt.MouseButton.LeftButton)


def test_allowed_once_the_file_is_read(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "It is 4711.50 EUR.")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    assert card.deny_button is QApplication.focusWidget() or card.deny_button.hasFocus()
    press(qtbot, card, "once")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "done"
    assert "4711.50" in card._text
    assert window.panel.transcript.views[0].answer.text == "It is 4711.50 EUR."
    assert not window.app.desk.store.permissions.tool_allowed(window.chat.conversation_id, "read_file")


def test_allowed_in_this_chat_it_is_not_asked_again(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "First.", READ, "Second.")
    window.app.folders.grant(folder)
    press(qtbot, asked_card(qtbot, window), "chat")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    window.chat.send("And again?")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    (card,) = window.panel.transcript.views[1].answer.cards.values()
    assert card.state == "done"


def test_denied_nothing_is_read(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "Then I cannot say.")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    press(qtbot, card, "deny")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "refused"
    stored = window.app.transcript.history(window.chat.conversation_id)
    assert not any("4711" in each.message.text for each in stored)


def test_stop_ends_a_waiting_card(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "never said")
    window.app.folders.grant(folder)
    card = asked_card(qtbot, window)
    began = time.monotonic()
    window.chat.stop()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert time.monotonic() - began < 1.0
    assert card.state in ("refused", "failed")


def test_a_card_seen_again_still_asks(qtbot: QtBot, windows: Windows, folder: Path) -> None:
    window = windows(READ, "Done.")
    window.app.folders.grant(folder)
    asked_card(qtbot, window)
    chat = window.chat.conversation_id
    window.new_chat()
    window.chat.open(chat)
    qtbot.waitUntil(lambda: len(window.panel.transcript.views) == 1)
    (card,) = window.panel.transcript.views[0].answer.cards.values()
    press(qtbot, card, "once")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert card.state == "done"


def test_clicks_that_come_at_once_are_not_meant(qtbot: QtBot) -> None:
    card = ToolCard(ToolCall("1", "read_file", {"path": "a.txt"}))
    qtbot.addWidget(card)
    card.ask()
    decisions: list[str] = []
    card.decided.connect(decisions.append)
    button = card.findChild(QPushButton, "once")
    button.click()
    assert decisions == []
    card._shown_at -= tool_card.GUARD_SECONDS
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, autorep=True)
    QApplication.sendEvent(card.deny_button, held)
    assert decisions == []
    qtbot.keyClick(card.deny_button, Qt.Key.Key_Return)
    assert decisions == ["deny"]


def test_arguments_cannot_hide_anything(qtbot: QtBot) -> None:
    card = ToolCard(ToolCall("1", "read_file", {"path": "a\u202etxt.exe\n\u200b"}))
    qtbot.addWidget(card)
    card.ask()
    views = [view.toPlainText() for view in card.findChildren(tool_card.TextView)]
    assert views == ["a\\u202etxt.exe\\u000a\\u200b"]


def test_a_name_from_the_model_is_no_markup(qtbot: QtBot) -> None:
    card = ToolCard(ToolCall("1", "<b>x</b>", {"<i>": "<u>y</u>"}))
    qtbot.addWidget(card)
    card.ask()
    card.finish(ToolResult("1", "<b>x</b>", "<h1>no</h1>", ok=False))
    labels = [label for label in card.findChildren(QLabel) if "<" in label.text()]
    assert len(labels) >= 2
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
