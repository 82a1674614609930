"""Sending, streaming, stopping, failing."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_agent.ui.code_block import CodeBlock
from desktop_agent.ui.note import Note
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

LONG = " ".join(f"word{number}" for number in range(400))


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.panel.composer.write(text)
    qtbot.keyClick(window.panel.composer.edit, Qt.Key.Key_Return)


def answered(window: MainWindow) -> bool:
    return window.chat.turns.live is None


def test_an_answer_streams_in(qtbot: QtBot, windows: Windows) -> None:
    window = windows(LONG, delay=0.005)
    ask(qtbot, window, "Count")
    assert window.panel.composer.text == ""
    view = window.panel.transcript.views[0]
    qtbot.waitUntil(lambda: "word5" in view.answer.text)
    assert "word399" not in view.answer.text
    assert window.panel.composer.button.accessibleName() == "Stop"
    qtbot.waitUntil(lambda: answered(window), timeout=10_000)
    assert view.answer.text == LONG
    assert window.panel.composer.button.accessibleName() == "Send"
    assert window.panel.status.state.text() == "Ready"


def test_the_chat_gets_its_title_and_is_listed(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Hello!")
    ask(qtbot, window, "Good morning")
    qtbot.waitUntil(lambda: window.panel.title.full_text == "Good morning")
    assert window.sidebar.list.item_of(window.chat.conversation_id).text() == "Good morning"


def test_stop_ends_the_answer_and_keeps_it(qtbot: QtBot, windows: Windows) -> None:
    window = windows(LONG, delay=0.02)
    ask(qtbot, window, "Count")
    view = window.panel.transcript.views[0]
    qtbot.waitUntil(lambda: "word3" in view.answer.text)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: answered(window), timeout=1_000)
    assert view.answer.text.startswith("word0 word1")
    assert view.findChild(Note).label.text() == "Stopped."
    stored = window.app.transcript.history(window.chat.conversation_id)[-1]
    assert (stored.status, stored.message.text) == ("stopped", view.answer.text)


def test_a_refused_question_comes_back_for_editing(qtbot: QtBot, windows: Windows) -> None:
    window = windows("never said")
    text = "much too long " * 2_000
    ask(qtbot, window, text)
    view = window.panel.transcript.views[0]
    qtbot.waitUntil(lambda: view.is_over)
    note = view.findChild(Note)
    assert "only 4096 fit" in note.label.text()
    qtbot.mouseClick(note.button, Qt.MouseButton.LeftButton)
    assert window.panel.composer.text == text


def test_a_fault_in_the_program_is_no_end_of_the_window(qtbot: QtBot, windows: Windows, caplog: object) -> None:
    window = windows()  # a script without answers: LookupError
    ask(qtbot, window, "Hello")
    view = window.panel.transcript.views[0]
    qtbot.waitUntil(lambda: view.is_over)
    assert "Something went wrong inside the program" in view.findChild(Note).label.text()
    assert answered(window)


def test_code_can_be_copied(qtbot: QtBot, windows: Windows, qapp: object) -> None:
    window = windows("Look:\n\n```python\nprint('hi')\n```\n\nDone.")
    ask(qtbot, window, "Code?")
    view = window.panel.transcript.views[0]
    qtbot.waitUntil(lambda: view.is_over)
    block = view.findChild(CodeBlock)
    qtbot.mouseClick(block.copy_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == "print('hi')"
    assert block.copy_button.text() == "Copied"
    qtbot.mouseClick(view.answer.copy_button, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == "Look:\n\n```python\nprint('hi')\n```\n\nDone."


def test_another_chat_can_be_read_while_an_answer_is_written(qtbot: QtBot, windows: Windows) -> None:
    window = windows("First answer.", LONG, delay=0.005)
    ask(qtbot, window, "First")
    qtbot.waitUntil(lambda: answered(window))
    first = window.chat.conversation_id
    window.new_chat()
    ask(qtbot, window, "Second")
    qtbot.waitUntil(lambda: window.chat.conversation_id not in ("", first))
    second = window.chat.conversation_id
    window.chat.open(first)
    qtbot.waitUntil(lambda: [view.question for view in window.panel.transcript.views] == ["First"])
    window.chat.open(second)
    qtbot.waitUntil(lambda: [view.question for view in window.panel.transcript.views] == ["Second"])
    qtbot.waitUntil(lambda: answered(window), timeout=10_000)
    assert window.panel.transcript.views[0].answer.text == LONG


def test_drafts_stay_with_their_chat(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Hello!")
    ask(qtbot, window, "One")
    qtbot.waitUntil(lambda: answered(window))
    one = window.chat.conversation_id
    window.panel.composer.write("half a thought")
    window.new_chat()
    assert window.panel.composer.text == ""
    window.panel.composer.write("something new")
    window.chat.open(one)
    qtbot.waitUntil(lambda: window.panel.composer.text == "half a thought")
    window.new_chat()
    assert window.panel.composer.text == "something new"


def test_context_and_warning(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Yes.")
    ask(qtbot, window, "long " * 3_500)
    qtbot.waitUntil(lambda: answered(window))
    assert window.panel.status.meter.property("full") is True
    assert window.panel.status.context.text().endswith(" / 4,096 tokens")


def test_the_view_follows_the_answer_unless_the_user_scrolls_away(qtbot: QtBot, windows: Windows) -> None:
    window = windows("\n\n".join(f"Paragraph {number}." for number in range(80)), delay=0.01)
    ask(qtbot, window, "Much?")
    transcript = window.panel.transcript
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 400)
    assert bar.value() >= bar.maximum() - 60
    assert not transcript._jump.isVisible()
    bar.setValue(10)
    grown = bar.maximum()
    qtbot.waitUntil(lambda: bar.maximum() > grown + 60)
    assert bar.value() == 10
    assert transcript._jump.isVisible()
    qtbot.mouseClick(transcript._jump, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: answered(window), timeout=10_000)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
