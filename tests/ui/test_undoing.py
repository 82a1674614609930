"""A file is written after its difference was shown, and the change is taken back: now, after a restart, or not."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.ui import approval_view
from desktop_agent.ui.change_view import DiffView
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

READ = '<tool_call>\n{"name": "read_file", "arguments": {"path": "list.txt"}}\n</tool_call>'
WRITE = (
    '<tool_call>\n{"name": "write_file", "arguments": {"path": "list.txt", "text": "Milk\\nSix eggs\\n"}}\n</tool_call>'
)
BEFORE, AFTER = "Milk\nEggs\n", "Milk\nSix eggs\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    made = folder / "list.txt"
    made.write_text(BEFORE)
    return made


def changed(qtbot: QtBot, windows: Windows, file: Path) -> MainWindow:
    """Let the assistant read a file and write it anew; return the window."""
    window = windows(READ, WRITE, "It is on the list.")
    window.app.folders.grant(file.parent)
    window.chat.send("Write six eggs on my list.")
    answer(qtbot, window, "read_file")
    card = answer(qtbot, window, "write_file")
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=10_000)
    assert card.state == "done"
    return window


def answer(qtbot: QtBot, window: MainWindow, tool: str) -> ToolCard:
    """Allow a call once it waits, after a look at what it would change."""

    def waiting() -> list[ToolCard]:
        return [card for card in cards(window) if card.call.name == tool and card.approval]

    qtbot.waitUntil(lambda: bool(waiting()), timeout=10_000)
    (card,) = waiting()
    if tool == "write_file":
        lines = card.approval.findChild(DiffView).view.toPlainText().splitlines()
        assert "-Eggs" in lines
        assert "+Six eggs" in lines
        assert (lines.index("-Eggs"), card.state) == (lines.index("+Six eggs") - 1, "asking")
    card.approval.shown_at -= approval_view.GUARD_SECONDS
    card.approval.buttons["once"].click()
    return card


def cards(window: MainWindow) -> list[ToolCard]:
    return [card for view in window.panel.transcript.views for card in view.answer.cards.values()]


def the_change(window: MainWindow) -> ToolCard:
    return next(card for card in cards(window) if card.call.name == "write_file")


def reopened(qtbot: QtBot, windows: Windows, window: MainWindow) -> MainWindow:
    """Start the program anew and open the same chat."""
    chat = window.chat.conversation_id
    windows.close(window)
    window = windows("unused")
    window.chat.open(chat)
    qtbot.waitUntil(lambda: bool(cards(window)))
    return window


def test_a_change_is_shown_made_and_undone(qtbot: QtBot, windows: Windows, file: Path) -> None:
    window = changed(qtbot, windows, file)
    assert file.read_text() == AFTER
    card = the_change(window)
    card.undo_button.click()
    qtbot.waitUntil(lambda: card.state == "undone")
    assert file.read_text() == BEFORE
    assert not card.undo_button.isVisible()
    assert window.snackbar.label.text()


def test_after_a_restart_it_can_be_undone_and_is_known_to_be(qtbot: QtBot, windows: Windows, file: Path) -> None:
    window = reopened(qtbot, windows, changed(qtbot, windows, file))
    assert the_change(window).undo_button.isVisible()
    the_change(window).undo_button.click()
    qtbot.waitUntil(lambda: the_change(window).state == "undone")
    assert file.read_text() == BEFORE
    window = reopened(qtbot, windows, window)
    qtbot.waitUntil(lambda: the_change(window).state == "undone")
    assert not the_change(window).undo_button.isVisible()


def test_what_was_changed_since_is_not_lost(qtbot: QtBot, windows: Windows, file: Path) -> None:
    window = changed(qtbot, windows, file)
    file.write_text("Somebody else wrote this.")
    card = the_change(window)
    card.undo_button.click()
    qtbot.waitUntil(card.note.isVisible)
    assert card.note.toPlainText()
    assert card.undo_button.isEnabled()
    assert file.read_text() == "Somebody else wrote this."
