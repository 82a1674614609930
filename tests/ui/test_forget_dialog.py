"""Forgetting everything about something, over the real desk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_agent.errors import UserFacingError
from desktop_agent.events import RecalledMemory
from desktop_agent.messages import Message
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.ui.forget_dialog import ForgetDialog
from desktop_agent.ui.memory_trace import TraceRow, traces
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

RELATED = RecalledMemory(
    "c", "Rent", "m9", "2026-11-03T10:00:00+00:00", "User: who fixes radiators?", 0.9, turn_ids=("m9",)
)


@dataclass
class Case:
    """A window with chats that name Mr Brandt, and the dialog over it."""

    window: MainWindow
    qtbot: QtBot
    said: StoredMessage

    def open(self, words: str = "") -> ForgetDialog:
        self.window.show_memory()
        self.window.memory.forget_about(words)
        return self.window.findChild(ForgetDialog)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=10_000)

    def rows(self, dialog: ForgetDialog, count: int) -> dict[str, TraceRow]:
        """Return the rows by kind, once there are so many."""
        self.until(lambda: len(dialog.shelf.cards) == count)
        return {row.trace.kind: row for row in dialog.shelf.cards.values()}


@pytest.fixture
def case(qtbot: QtBot, windows: Windows) -> Iterator[Case]:
    window = windows()
    window.resize(1000, 760)
    app = window.app
    chat = app.conversations.create("Letter to Mr Brandt")
    said = app.transcript.append(chat.id, Message("user", "Write to Mr <b>Brandt</b>, 0341 55512, about the heating"))
    app.transcript.append(app.conversations.create("Bread").id, Message("user", "Sourdough needs time"))
    app.desk.add("The landlord is Mr Brandt")
    app.desk.store.suggestions.add("Rents from Mr Brandt", said.id)
    yield Case(window, qtbot, said)
    if dialog := window.findChild(ForgetDialog):
        dialog.reject()


def test_everything_with_the_words_goes_for_good(case: Case) -> None:
    dialog = case.open()
    assert not dialog.button.isEnabled()
    dialog.search.setText("brandt")
    rows = case.rows(dialog, 4)
    assert rows.keys() == {"message", "memory", "suggestion", "title"}
    assert all(row.box.isChecked() for row in rows.values())
    assert dialog.button.text() == "Forget 4 for good"
    dialog.button.click()
    case.until(case.window.snackbar.isVisible)
    assert case.window.snackbar.label.text() == "Forgotten for good: 1 message, 2 memories."
    assert case.window.app.desk.find("Brandt") == []
    assert case.window.app.desk.find("Sourdough")
    case.until(case.window.memory.saved.shelf.blank.isVisible)


def test_a_note_that_goes_is_counted(case: Case) -> None:
    case.window.app.tool_desk.add_note("Party", "Buy candles for Sirimavo")
    dialog = case.open("Sirimavo")
    case.until(dialog.button.isEnabled)
    dialog.button.click()
    case.until(case.window.snackbar.isVisible)
    assert case.window.snackbar.label.text() == "Forgotten for good: 1 entry."
    assert case.window.app.tool_desk.notes() == []


def test_what_is_not_ticked_stays(case: Case) -> None:
    dialog = case.open("Brandt")
    rows = case.rows(dialog, 4)
    rows["memory"].box.click()
    assert dialog.button.text() == "Forget 3 for good"
    assert dialog.all.text() == "3 of 4 ticked"
    dialog.all.click()
    assert dialog.button.text() == "Forget 4 for good"
    dialog.all.click()
    assert not dialog.button.isEnabled()
    rows["message"].box.click()
    dialog.button.click()
    case.until(lambda: "1 message" in case.window.snackbar.label.text())
    assert {found.kind for found in case.window.app.desk.find("Brandt")} >= {"memory"}
    (message,) = case.window.app.transcript.history(case.said.conversation_id)
    assert message.message.text == ""


def test_the_button_waits_for_what_belongs_to_the_words(case: Case) -> None:
    dialog = case.open("Brandt")
    case.rows(dialog, 4)
    dialog.search.setText("sourdough")
    assert not dialog.button.isEnabled()
    case.rows(dialog, 1)
    assert dialog.button.text() == "Forget 1 for good"
    dialog.search.setText("nobody has ever said this")
    case.until(lambda: dialog.shelf.blank.title.text() == "Nothing was found")
    dialog.search.clear()
    case.until(lambda: "before you have seen it" in dialog.shelf.blank.title.text())


def test_a_chat_on_the_screen_shows_that_it_was_emptied(case: Case) -> None:
    case.window.chat.open(case.said.conversation_id)
    case.until(lambda: len(case.window.panel.transcript.views) == 1)
    dialog = case.open("0341 55512")
    case.rows(dialog, 1)
    dialog.button.click()
    case.until(lambda: all("55512" not in view.question for view in case.window.panel.transcript.views))


def test_a_failure_is_said_and_nothing_is_lost(case: Case) -> None:
    dialog = case.open("Brandt")
    case.rows(dialog, 4)
    desk = case.window.app.desk

    class Full:
        def forget(self, *_: object) -> None:
            raise UserFacingError("The disk is full.", "Nothing was forgotten.")

    case.window.app.desk = Full()
    dialog.button.click()
    case.until(dialog.problem.isVisible)
    assert dialog.problem.text() == "The disk is full. Nothing was forgotten."
    assert dialog.isEnabled()
    assert dialog.button.text() == "Forget 4 for good"
    case.window.app.desk = desk


def test_a_dialog_that_is_closed_while_it_searches(case: Case) -> None:
    dialog = case.open()
    dialog.search.setText("Brandt")
    dialog.look()
    dialog.reject()
    case.qtbot.wait(200)
    assert case.window.findChild(ForgetDialog) is None


def test_what_only_means_the_same_is_not_ticked(case: Case) -> None:
    found = traces(case.window.app.desk.find("Brandt"), [RELATED], "Brandt")
    assert [trace.is_literal for trace in found] == [True] * 4 + [False]
    assert found[-1].items == (("message", "m9"),)
    known = RecalledMemory("c", "Rent", case.said.id, RELATED.date, "…", 0.9, turn_ids=(case.said.id,))
    assert len(traces(case.window.app.desk.find("Brandt"), [known], "Brandt")) == 4
    row = TraceRow(found[-1], is_ticked=False)
    case.qtbot.addWidget(row)
    assert not row.box.isChecked()


def test_tab_leads_from_the_words_over_what_was_found_to_the_buttons(case: Case) -> None:
    dialog = case.open("Brandt")
    rows = case.rows(dialog, 4)
    case.qtbot.waitUntil(lambda: all(row.box.isVisible() for row in dialog.shelf.cards.values()))
    assert dialog.focusWidget() is dialog.search
    passed = []
    for _ in range(len(rows) + 3):
        case.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        passed.append(dialog.focusWidget())
    assert passed[0] is dialog.all
    assert passed[1:5] == [row.box for row in dialog.shelf.cards.values()]
    assert passed[-1] is dialog.button
