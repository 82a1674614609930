"""The notes of an answer as chips: opening, fixing, forgetting, dismissing; what was saved, and taking it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_agent.events import MemorySaved, RecalledMemory
from desktop_agent.messages import Message, SavedMemory
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.note import Note
from desktop_agent.ui.recalled import RecalledView
from desktop_agent.ui.saved_note import SavedNote
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

NOVEMBER = "2026-11-03T10:00:00+00:00"
WORDS = "my cat is called Schrödinger"


def saved_note(memory: SavedMemory) -> RecalledMemory:
    return RecalledMemory(
        memory.conversation_id,
        memory.conversation_title,
        memory.message_id,
        memory.created_at,
        memory.text,
        0.9,
        memory.origin,
        memory.id,
        (f"memory-{memory.id}",),
    )


@pytest.fixture
def said(windows: Windows) -> RecalledMemory:
    """Something that the user said in another chat."""
    window = windows()
    chat = window.app.conversations.create("My cat")
    message = window.app.transcript.append(chat.id, Message("user", WORDS))
    windows.close(window)
    return RecalledMemory(chat.id, "My cat", message.id, NOVEMBER, WORDS, 0.9, turn_ids=(message.id,))


def row(window: MainWindow, turn: int = 0) -> RecalledView:
    return window.panel.transcript.views[turn].findChild(RecalledView)


def ask(qtbot: QtBot, window: MainWindow, text: str = "What is my cat called?") -> RecalledView:
    window.chat.send(text)
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    return row(window)


def test_a_chip_says_where_the_note_is_from_and_opens_it(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    shown = ask(qtbot, window)
    (chip,) = shown.chips
    assert chip.text() == "My cat · 3 Nov 2026"
    assert chip.accessibleName() == "From memory: My cat · 3 Nov 2026"
    chip.click()
    assert shown.card._text.toPlainText() == WORDS
    qtbot.mouseClick(shown.card.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.chat.conversation_id == said.conversation_id)
    qtbot.waitUntil(lambda: [view.question for view in window.panel.transcript.views] == [WORDS])


def test_a_note_from_a_chat_is_fixed(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    shown = ask(qtbot, window)
    shown.chips[0].click()
    shown.card.fix_button.click()
    shown.card.field.edit.setPlainText("My cat is called Erwin")
    qtbot.keyClick(shown.card.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.chips[0].text() == "Fixed: My cat is called Erwin")
    (kept,) = window.app.desk.saved()
    assert kept.text == "My cat is called Erwin"
    shown.chips[0].click()
    assert shown.card.memory.memory_id == kept.id
    assert not shown.card.dismiss_button.isVisibleTo(shown.card)


def test_a_saved_memory_is_fixed_in_place(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Yes.")
    memory = window.app.desk.add("I live in Bergen")
    window.app.recalled = (saved_note(memory),)
    shown = ask(qtbot, window)
    assert shown.chips[0].text() == "I live in Bergen"
    shown.chips[0].click()
    shown.card.fix_button.click()
    assert shown.card.field.edit.toPlainText() == "I live in Bergen"
    shown.card.field.edit.setPlainText("I live in Oslo")
    qtbot.mouseClick(shown.card.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.chips[0].text() == "Fixed: I live in Oslo")
    assert [each.text for each in window.app.desk.saved()] == ["I live in Oslo"]


def test_forgetting_asks_first_and_empties_the_message(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    shown = ask(qtbot, window)
    shown.chips[0].click()
    shown.card.forget_button.click()
    assert "cannot be brought back" in shown.card._question.text()
    assert shown.card.confirm_button.isVisibleTo(shown.card)
    qtbot.mouseClick(shown.card.confirm_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.chips[0].text() == "Forgotten", timeout=20_000)
    assert not shown.chips[0].isEnabled()
    stored = window.app.transcript.get(said.message_id)
    assert (stored.status, stored.message.text) == ("forgotten", "")


def test_a_note_that_does_not_matter_is_dismissed(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    shown = ask(qtbot, window)
    shown.chips[0].click()
    qtbot.mouseClick(shown.card.dismiss_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.chips[0].text() == "Not relevant: My cat · 3 Nov 2026")
    assert window.snackbar.label.text() == "Noted: it will come up less often."
    shown.chips[0].click()
    assert not shown.card.dismiss_button.isVisibleTo(shown.card)


def test_a_failure_is_said_on_the_card(qtbot: QtBot, windows: Windows) -> None:
    gone = RecalledMemory("", "", "", NOVEMBER, "I live in Oslo", 0.9, "written", "gone", ("memory-gone",))
    window = windows("Yes.", recalled=(gone,))
    shown = ask(qtbot, window)
    shown.chips[0].click()
    shown.card.fix_button.click()
    shown.card.field.edit.setPlainText("I live in Rome")
    shown.card.save_button.click()
    qtbot.waitUntil(lambda: shown.card.problem.isVisibleTo(shown.card))
    assert shown.chips[0].fate == ""


def test_escape_leaves_the_card_step_by_step(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    shown = ask(qtbot, window)
    shown.chips[0].click()
    shown.card.fix_button.click()
    qtbot.keyClick(shown.card, Qt.Key.Key_Escape)
    assert shown.card.fix_button.isVisibleTo(shown.card)
    qtbot.keyClick(shown.card, Qt.Key.Key_Escape)
    assert shown.card is None
    assert not shown.chips[0].isChecked()


def test_only_the_first_chips_are_shown_at_once(qtbot: QtBot) -> None:
    notes = [RecalledMemory("c", f"Chat {number}", f"m{number}", NOVEMBER, "text", 0.5) for number in range(8)]
    view = RecalledView(notes)
    qtbot.addWidget(view)
    assert sum(chip.isVisibleTo(view) for chip in view.chips) == 5
    assert view.more.text().startswith("3")
    view.more.click()
    assert all(chip.isVisibleTo(view) for chip in view.chips)
    view.chips[0].click()
    view.chips[1].click()
    assert [chip.isChecked() for chip in view.chips[:2]] == [False, True]


def test_the_chips_are_there_again_after_a_restart(qtbot: QtBot, windows: Windows, said: RecalledMemory) -> None:
    window = windows("Schrödinger.", recalled=(said,))
    ask(qtbot, window)
    chat = window.chat.conversation_id
    windows.close(window)
    again = windows()
    again.chat.open(chat)
    qtbot.waitUntil(lambda: bool(again.panel.transcript.views))
    shown = row(again)
    assert [chip.memory.message_id for chip in shown.chips] == [said.message_id]
    assert shown.chips[0].now.conversation_title == "My cat"
    shown.chips[0].click()
    shown.card.forget_button.click()
    shown.card.confirm_button.click()
    qtbot.waitUntil(lambda: again.app.transcript.get(said.message_id).status == "forgotten", timeout=20_000)


def test_what_was_saved_is_said_and_can_be_taken_back(qtbot: QtBot, windows: Windows) -> None:
    window = windows("I will.")
    window.chat.send("Remember that I live in Oslo")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    note = window.panel.transcript.views[0].findChild(SavedNote)
    (memory,) = window.app.desk.saved()
    assert note.label.text() == f"Saved to memory: {memory.text}"
    assert window.snackbar.label.text() == note.label.text()
    qtbot.mouseClick(window.snackbar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: note.label.text() == "Not saved: you took it back.")
    assert window.app.desk.saved() == []
    assert not note.button.isVisibleTo(note)


def test_a_long_message_of_the_moment_stays_inside_the_window(windows: Windows) -> None:
    window = windows()
    window.resize(400, 600)
    memory = SavedMemory("1", "word " * 60, "said", NOVEMBER, NOVEMBER)
    window.remembering.notes.tell(MemorySaved(memory))
    assert window.rect().contains(window.snackbar.geometry())


def test_a_forgotten_message_leaves_a_line(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    chat = window.app.conversations.create("Secrets")
    question = window.app.transcript.append(chat.id, Message("user", "my secret"))
    answer = window.app.transcript.append(chat.id, Message("assistant", "I see"))
    other = window.app.transcript.append(chat.id, Message("user", "and another"))
    window.app.desk.forget([("message", each.id) for each in (question, answer, other)])
    window.chat.open(chat.id)
    qtbot.waitUntil(lambda: len(window.panel.transcript.views) == 2)
    texts = [[note.label.text() for note in view.findChildren(Note)] for view in window.panel.transcript.views]
    assert texts == [["This message was forgotten."] * 2, ["This message was forgotten."]]


def test_a_row_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    flow = Flow(widget, spacing=6)
    for _ in range(4):
        box = QWidget()
        box.setFixedSize(90, 20)
        flow.addWidget(box)
    assert [flow.heightForWidth(width) for width in (400, 200, 90, 10)] == [20, 46, 98, 98]
