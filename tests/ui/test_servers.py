"""A real MCP server, added in the window, used in a chat, and killed while it is used."""

import sys
import time
from itertools import pairwise

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop_agent.ui import approval_view
from desktop_agent.ui.server_dialog import ServerDialog
from desktop_agent.ui.text_view import TextView
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.tools_page import SERVERS
from desktop_agent.ui.window import MainWindow
from tests.helpers.mcp_servers import HOSTILE

from .conftest import Windows

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="servers are confined on Linux only")

ECHO = '<tool_call>\n{"name": "helper_echo", "arguments": {}}\n</tool_call>'
HANG = '<tool_call>\n{"name": "helper_hang", "arguments": {}}\n</tool_call>'
LONGEST_PAUSE = 1.0


def add(qtbot: QtBot, window: MainWindow) -> None:
    """Add the server as the user would, and look at its tools."""
    window.show_tools(SERVERS)
    section = window.tools.servers
    section.add.click()
    dialog = window.findChild(ServerDialog)
    dialog.name.setText("helper")
    dialog.command.setText(f"{sys.executable} {HOSTILE}")
    dialog.button.click()
    qtbot.waitUntil(lambda: "helper" in section.shelf.cards, timeout=20_000)
    section.shelf.cards["helper"].probe.click()
    qtbot.waitUntil(lambda: window.snackbar.label.text().startswith("It offers"), timeout=20_000)
    qtbot.waitUntil(lambda: section.shelf.cards["helper"].state.text() == "Running")
    window.tools.left.emit()


def allowed(qtbot: QtBot, window: MainWindow, words: str) -> ToolCard:
    """Ask, and allow the call that comes of it."""
    window.chat.send(words)
    answer = window.panel.transcript.views[-1].answer
    qtbot.waitUntil(lambda: any(card.approval for card in answer.cards.values()), timeout=20_000)
    (card,) = answer.cards.values()
    card.approval.shown_at -= approval_view.GUARD_SECONDS
    return card


def test_a_server_is_added_used_and_killed_while_in_use(qtbot: QtBot, windows: Windows) -> None:
    window = windows(ECHO, "It says hello.", HANG, "It does not answer.")
    add(qtbot, window)
    card = allowed(qtbot, window, "Let the helper echo something.")
    shown = [view.toPlainText() for view in card.approval.findChildren(TextView)]
    assert shown[0] == "helper_echo"
    card.approval.buttons["once"].click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=20_000)
    assert card.state == "done"

    ticks = [time.monotonic()]
    beating = QTimer(window, interval=20)
    beating.timeout.connect(lambda: ticks.append(time.monotonic()))
    beating.start()
    card = allowed(qtbot, window, "Let the helper hang.")
    card.approval.buttons["once"].click()
    qtbot.wait(500)
    assert card.state == "running"
    psutil.Process(window.app.tooling.servers.pid("helper")).kill()
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=20_000)
    beating.stop()
    assert card.state == "failed"
    assert "helper" in card.note.toPlainText()
    assert max(after - before for before, after in pairwise(ticks)) < LONGEST_PAUSE
    window.show_tools(SERVERS)
    state = window.tools.servers
    qtbot.waitUntil(lambda: state.shelf.cards["helper"].state.text() == "Does not run", timeout=10_000)
    assert state.shelf.cards["helper"].detail.text()
