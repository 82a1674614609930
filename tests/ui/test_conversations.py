"""The list of chats: search, rename, delete, undo, restart."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_agent.messages import Message
from desktop_agent.ui.conversation_list import ID
from desktop_agent.ui.note import Note
from desktop_agent.ui.window import MainWindow

from .conftest import Windows


def titles(window: MainWindow) -> list[str]:
    items = [window.sidebar.list.item(row) for row in range(window.sidebar.list.count())]
    return [item.text() for item in items if item.data(ID)]


def with_chats(window: MainWindow, qtbot: QtBot, *names: str) -> list[str]:
    ids = [window.app.conversations.create(name).id for name in names]
    window.chats.refresh()
    qtbot.waitUntil(lambda: len(titles(window)) == len(names))
    return ids


def test_search_by_title(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    with_chats(window, qtbot, "Garden in spring", "Tax return", "Garden fence")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    window.sidebar.search.setText("garden")
    qtbot.waitUntil(lambda: sorted(titles(window)) == ["Garden fence", "Garden in spring"])
    window.sidebar.search.setText("nothing like it")
    qtbot.waitUntil(lambda: window.sidebar.empty.isVisibleTo(window))
    assert "No chat" in window.sidebar.empty.text()


def test_rename_in_place_with_f2(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    (chat,) = with_chats(window, qtbot, "Old")
    window.sidebar.list.setCurrentItem(window.sidebar.list.item_of(chat))
    window.sidebar.list.setFocus()
    qtbot.keyClick(window.sidebar.list, Qt.Key.Key_F2)
    editor = window.sidebar.list.findChild(QLineEdit)
    editor.setText("New")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.app.conversations.get(chat).title == "New")
    qtbot.waitUntil(lambda: window.panel.title.full_text == "New")


def test_delete_and_undo(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    keep, gone = with_chats(window, qtbot, "Keep", "Gone")
    window.app.transcript.append(gone, Message("user", "still here"))
    window.sidebar.list.setCurrentItem(window.sidebar.list.item_of(gone))
    qtbot.waitUntil(lambda: len(window.panel.transcript.views) == 1)
    qtbot.keyClick(window.sidebar.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(window) == ["Keep"])
    qtbot.waitUntil(window.snackbar.isVisible)
    assert [each.id for each in window.app.conversations.list()] == [keep]
    assert window.panel.is_welcoming
    qtbot.mouseClick(window.snackbar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sorted(titles(window)) == ["Gone", "Keep"])
    qtbot.waitUntil(lambda: [view.question for view in window.panel.transcript.views] == ["still here"])


def test_titles_are_no_markup_and_hide_nothing(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    with_chats(window, qtbot, "abc\u202edef")
    assert titles(window) == ["abc\\u202edef"]


def test_an_interrupted_answer_is_there_after_a_restart(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    (chat,) = with_chats(window, qtbot, "Cut off")
    window.app.transcript.append(chat, Message("user", "Tell me a story"))
    window.app.transcript.append(chat, Message("assistant", "Once upon a ti"), "streaming")
    windows.close(window)
    again = windows()
    again.chat.open(chat)
    qtbot.waitUntil(lambda: len(again.panel.transcript.views) == 1)
    view = again.panel.transcript.views[0]
    assert (view.question, view.answer.text) == ("Tell me a story", "Once upon a ti")
    note = view.findChild(Note)
    assert "Interrupted" in note.label.text()
    qtbot.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert again.panel.composer.text == "Tell me a story"


def long_chat(window: MainWindow, turns: int = 60) -> str:
    chat = window.app.conversations.create("Long").id
    for number in range(turns):
        window.app.transcript.append(chat, Message("user", f"question {number}"))
        window.app.transcript.append(chat, Message("assistant", f"answer {number}\n\n" + "text " * 80))
    return chat


def test_only_the_end_of_a_long_chat_is_rendered_at_first(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    transcript = window.panel.transcript
    window.chat.open(long_chat(window))
    qtbot.waitUntil(lambda: bool(transcript.views))
    assert len(transcript.views) < 20
    assert transcript.views[-1].question == "question 59"
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())

    def scrolled_to_the_beginning() -> bool:
        bar.setValue(0)
        return transcript.views[0].question == "question 0"

    qtbot.waitUntil(scrolled_to_the_beginning)
    assert len(transcript.views) == 60


def test_rendering_earlier_turns_moves_nothing(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    transcript = window.panel.transcript
    window.chat.open(long_chat(window))
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    qtbot.wait(400)  # until all that was to be rendered at first is
    first = transcript.views[0]
    bar.setValue(120)
    before = first.mapTo(transcript, QPoint(0, 0)).y()
    qtbot.waitUntil(lambda: transcript.views[0] is not first)
    qtbot.wait(400)
    assert abs(first.mapTo(transcript, QPoint(0, 0)).y() - before) <= 2


def test_a_chat_opens_at_a_message(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    transcript = window.panel.transcript
    chat = long_chat(window)
    window.chat.open(chat, focus=window.app.transcript.history(chat)[41].id)
    qtbot.waitUntil(lambda: bool(transcript.views))
    (view,) = [view for view in transcript.views if view.question == "question 20"]
    qtbot.waitUntil(lambda: 0 <= view.mapTo(transcript, QPoint(0, 0)).y() < 100)
