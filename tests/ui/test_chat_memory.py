"""What memory may do in a chat, the pause, and deleting a chat with what came from it."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_agent.messages import Message
from desktop_agent.ui.question import Question
from desktop_agent.ui.window import MainWindow

from .conftest import Windows


@pytest.fixture
def window(qtbot: QtBot, windows: Windows) -> MainWindow:
    """A window on a chat with one answer."""
    made = windows("Hello!", "Yes.", "Yes.")
    made.chat.send("Remember that I live in Oslo")
    qtbot.waitUntil(lambda: made.chat.turns.live is None)
    qtbot.waitUntil(lambda: made.panel.menu._conversation_id == made.chat.conversation_id)
    return made


def question(qtbot: QtBot, window: MainWindow) -> Question:
    def asked() -> list[Question]:
        return [each for each in window.findChildren(Question) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(asked()))
    return asked()[0]


def test_a_chat_is_no_longer_remembered(qtbot: QtBot, window: MainWindow) -> None:
    menu, mark = window.panel.menu, window.panel.mark
    assert (menu.uses.isChecked(), menu.saves.isChecked(), mark.isVisible()) == (True, True, False)
    menu.saves.trigger()
    qtbot.waitUntil(mark.isVisible)
    assert mark.text() == "Not remembered"
    assert window.snackbar.label.text() == "This chat is no longer remembered, and what was said in it left memory."
    chat = window.app.conversation(window.chat.conversation_id)
    assert (chat.uses_memory, chat.saves_memory) == (True, False)
    menu.uses.trigger()
    qtbot.waitUntil(lambda: mark.text() == "Without memory")
    menu.saves.trigger()
    qtbot.waitUntil(lambda: mark.text() == "Memory not used")
    menu.uses.trigger()
    qtbot.waitUntil(lambda: not mark.isVisible())


def test_the_mark_belongs_to_its_chat(qtbot: QtBot, window: MainWindow) -> None:
    chat = window.chat.conversation_id
    window.panel.menu.saves.trigger()
    qtbot.waitUntil(window.panel.mark.isVisible)
    window.new_chat()
    qtbot.waitUntil(lambda: not window.panel.mark.isVisible())
    window.chat.open(chat)
    qtbot.waitUntil(window.panel.mark.isVisible)
    assert not window.panel.menu.saves.isChecked()


def test_the_list_has_the_same_switches(qtbot: QtBot, window: MainWindow) -> None:
    chat = window.chat.conversation_id
    window.sidebar.list.switched.emit(chat, "uses", False)
    qtbot.waitUntil(lambda: window.panel.mark.text() == "Memory not used")
    assert not window.app.conversation(chat).uses_memory
    qtbot.waitUntil(lambda: not window.sidebar.list._conversations[chat].uses_memory)


def test_memory_is_paused_and_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    pause = window.sidebar.settings.menu().pause
    pause.trigger()
    qtbot.waitUntil(lambda: window.panel.mark.text() == "Memory paused")
    assert window.app.desk.paused
    assert pause.isChecked()
    qtbot.mouseClick(window.panel.mark, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.panel.mark.isVisible())
    assert not window.app.desk.paused
    assert not pause.isChecked()


def test_a_chat_is_deleted_with_what_came_from_it(qtbot: QtBot, window: MainWindow) -> None:
    chat = window.chat.conversation_id
    window.chats.delete(chat)
    asking = question(qtbot, window)
    one, both, cancel = (button.text() for button in asking.buttons)
    assert (one, both[:24], cancel) == ("Delete the chat", "Delete the chat and its ", "Cancel")
    asking.buttons[2].click()
    assert window.app.desk.from_chat(chat)
    window.chats.delete(chat)
    question(qtbot, window).buttons[1].click()
    qtbot.waitUntil(lambda: window.app.conversations.list() == [], timeout=20_000)
    qtbot.waitUntil(lambda: window.app.desk.saved() == [], timeout=20_000)


def test_a_chat_is_deleted_without_what_came_from_it(qtbot: QtBot, window: MainWindow) -> None:
    chat = window.chat.conversation_id
    window.chats.delete(chat)
    question(qtbot, window).buttons[0].click()
    qtbot.waitUntil(lambda: window.app.conversations.list() == [])
    assert [each.text for each in window.app.desk.saved()]
    qtbot.waitUntil(lambda: window.snackbar.label.text() == "Chat deleted")
    window.snackbar.button.click()
    qtbot.waitUntil(lambda: window.chat.conversation_id == chat)


def test_a_chat_that_left_nothing_is_deleted_at_once(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    chat = window.app.conversations.create("Weather")
    window.app.transcript.append(chat.id, Message("user", "Is it raining?"))
    window.chats.refresh()
    window.chats.delete(chat.id)
    qtbot.waitUntil(lambda: window.snackbar.label.text() == "Chat deleted")
    assert window.findChildren(Question) == []
