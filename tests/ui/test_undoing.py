"""Taking a change back from its card, now and after a restart."""

import threading
from collections.abc import Iterator

from pytestqt.qtbot import QtBot

from desktop_agent.agent.protocols import Approver
from desktop_agent.events import Event, ToolCallRequested, ToolFinished, TurnFinished, TurnStats
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.records import UndoCopy
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.ui.tool_card import ToolCard
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

CALL = ToolCall("c1", "write_file", {"path": "list.txt"})


def changed(window: MainWindow, qtbot: QtBot) -> ToolCard:
    """Let the assistant change a file; return the card."""
    undo_id = window.app.desk.store.undo_copies.keep(UndoCopy("edit", "list.txt", before=b"Milk"))

    def answer(question: StoredMessage, approver: Approver, stop: threading.Event) -> Iterator[Event]:
        result = ToolResult("c1", "write_file", "list.txt is written.", undo_id=undo_id)
        store = window.app.transcript
        store.append(question.conversation_id, Message("assistant", "", calls=(CALL,)))
        store.append(question.conversation_id, Message("tool", result.text, result=result))
        yield ToolCallRequested(CALL, needs_approval=False)
        yield ToolFinished(result)
        yield TurnFinished("", TurnStats())

    window.app.answer = answer
    window.chat.send("Write it down.")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    return only_card(window)


def only_card(window: MainWindow) -> ToolCard:
    (card,) = window.panel.transcript.views[-1].answer.cards.values()
    return card


def test_a_change_is_undone_from_its_card(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    card = changed(window, qtbot)
    assert card.undo_button.isVisible()
    card.undo_button.click()
    qtbot.waitUntil(lambda: card.state == "undone")
    assert not card.undo_button.isVisible()
    assert window.snackbar.label.text() == "list.txt is as it was before."


def test_after_a_restart_the_card_knows_what_became_of_its_change(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    changed(window, qtbot)
    chat = window.chat.conversation_id
    windows.close(window)
    window = windows("unused")
    window.chat.open(chat)
    qtbot.waitUntil(lambda: bool(window.panel.transcript.views))
    card = only_card(window)
    assert card.undo_button.isVisible()
    card.undo_button.click()
    qtbot.waitUntil(lambda: card.state == "undone")
    windows.close(window)
    window = windows("unused")
    window.chat.open(chat)
    qtbot.waitUntil(lambda: bool(window.panel.transcript.views))
    qtbot.waitUntil(lambda: only_card(window).state == "undone")
    assert not only_card(window).undo_button.isVisible()


def test_what_can_no_longer_be_undone_is_said_on_the_card(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    card = changed(window, qtbot)
    window.app.desk.store.undo_copies.drop(card.undo_id)
    card.undo_button.click()
    qtbot.waitUntil(card._note.isVisible)
    assert card._note.text().startswith("This change can no longer be undone.")
    assert card.undo_button.isEnabled()
