"""Chats that leave nothing behind."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_agent.ui.question import Question
from desktop_agent.ui.temporary import is_temporary
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

SECRET = "The treasure is below the oak"


def begin(qtbot: QtBot, window: MainWindow) -> str:
    before = window.chat.conversation_id
    qtbot.mouseClick(window.sidebar.temporary_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_temporary(window.chat.conversation_id) and window.chat.conversation_id != before)
    return window.chat.conversation_id


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.panel.composer.write(text)
    qtbot.keyClick(window.panel.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.chat.turns.live is None)


def asked(window: MainWindow) -> list[Question]:
    return [each for each in window.findChildren(Question) if each.isVisible()]


def test_a_temporary_chat_answers_and_leaves_nothing(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Nice.", "Still here.")
    begin(qtbot, window)
    assert window.panel.temporary.isVisible()
    assert window.panel.title.full_text == "Temporary chat"
    ask(qtbot, window, SECRET)
    ask(qtbot, window, "Are you there?")
    assert [view.answer.text for view in window.panel.transcript.views] == ["Nice.", "Still here."]
    assert window.app.conversations.list() == []
    assert window.app.desk.find("treasure") == []
    assert window.sidebar.list.count() == 0


def test_leaving_asks_once_words_would_be_lost(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Nice.")
    kept = window.app.conversations.create("Kept").id
    window.chats.refresh()
    qtbot.waitUntil(lambda: window.sidebar.list.item_of(kept) is not None)
    chat = begin(qtbot, window)
    ask(qtbot, window, SECRET)
    window.sidebar.list.setCurrentItem(window.sidebar.list.item_of(kept))
    (question,) = asked(window)
    question.buttons[-1].click()
    assert window.chat.conversation_id == chat
    assert window.sidebar.list.currentItem() is None
    assert [view.question for view in window.panel.transcript.views] == [SECRET]
    window.sidebar.list.setCurrentItem(window.sidebar.list.item_of(kept))
    asked(window)[0].buttons[0].click()
    qtbot.waitUntil(lambda: window.chat.conversation_id == kept)
    assert not window.panel.temporary.isVisible()
    qtbot.waitUntil(lambda: window.app.transcript_of(chat).history(chat) == [])


def test_an_empty_one_is_left_without_a_question(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    first = begin(qtbot, window)
    second = begin(qtbot, window)
    assert first != second
    window.new_chat()
    assert asked(window) == []
    assert window.chat.conversation_id == ""


def test_a_draft_is_not_lost_unasked(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    begin(qtbot, window)
    window.panel.composer.write(SECRET)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    (question,) = asked(window)
    question.buttons[0].click()
    assert window.chat.conversation_id == ""
    assert window.panel.composer.text == ""


def test_closing_the_window_asks_too(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Nice.")
    begin(qtbot, window)
    ask(qtbot, window, SECRET)
    assert not window.close()
    (question,) = asked(window)
    question.buttons[-1].click()
    assert window.isVisible()
    window.close()
    asked(window)[0].buttons[0].click()
    assert not window.isVisible()
    assert asked(window) == []


def test_nobody_is_asked_when_the_program_is_told_to_end(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Nice.")
    begin(qtbot, window)
    ask(qtbot, window, SECRET)
    window.close_at_once()
    assert not window.isVisible()


def test_leaving_stops_its_answer(qtbot: QtBot, windows: Windows) -> None:
    window = windows("word " * 400, "Fine.", delay=0.02)
    begin(qtbot, window)
    window.chat.send(SECRET)
    qtbot.waitUntil(lambda: "word" in window.panel.transcript.views[0].answer.text)
    window.new_chat()
    asked(window)[0].buttons[0].click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=3_000)
    ask(qtbot, window, "How are you?")
    assert window.panel.transcript.views[0].answer.text == "Fine."


def test_it_begins_with_a_key_and_ends_with_the_program(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Nice.")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: is_temporary(window.chat.conversation_id))
    ask(qtbot, window, SECRET)
    home: Path = window.app.paths.home
    windows.close(window)
    assert not [file for file in home.rglob("*") if file.is_file() and b"treasure" in file.read_bytes()]
    again = windows()
    assert again.app.desk.find("treasure") == []
