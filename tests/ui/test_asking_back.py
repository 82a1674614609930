"""A tool that asks the user something: choices, own words, no answer."""

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_agent.agent.protocols import Approver
from desktop_agent.approvals import Question
from desktop_agent.events import Event, ToolCallRequested, ToolFinished, TurnFinished, TurnStats
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.storage.transcript import StoredMessage
from desktop_agent.ui.question_view import QuestionView
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

QUESTION = Question("Which of the two do you mean?", ("The cat & the dog", "Neither"))


@pytest.fixture
def asking(windows: Windows, qtbot: QtBot) -> Callable[[], tuple[MainWindow, list[str]]]:
    """A window in which a tool asks, and what it is told."""

    def make() -> tuple[MainWindow, list[str]]:
        window, told = windows("unused"), []

        def answer(question: StoredMessage, approver: Approver, stop: threading.Event) -> Iterator[Event]:
            call = ToolCall("c1", "ask_user", {"question": QUESTION.text})
            yield ToolCallRequested(call, needs_approval=False)
            told.append(approver.answer(QUESTION, stop))
            yield ToolFinished(ToolResult("c1", "ask_user", told[0] or "No answer."))
            yield TurnFinished("", TurnStats())

        window.app.answer = answer
        window.chat.send("Feed it.")
        qtbot.waitUntil(lambda: window.panel.transcript.findChild(QuestionView) is not None)
        return window, told

    return make


def test_a_choice_is_an_answer(qtbot: QtBot, asking: Callable[[], tuple[MainWindow, list[str]]]) -> None:
    window, told = asking()
    assert window.panel.status.state.text() == "Waiting for you"
    view = window.panel.transcript.findChild(QuestionView)
    assert [button.accessibleName() for button in view.choices] == ["The cat & the dog", "Neither"]
    view.choices[0].click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert told == ["The cat & the dog"]
    (card,) = window.panel.transcript.views[0].answer.cards.values()
    assert card.state == "done"


def test_own_words_are_an_answer(qtbot: QtBot, asking: Callable[[], tuple[MainWindow, list[str]]]) -> None:
    window, told = asking()
    edit = window.panel.transcript.findChild(QuestionView).field.edit
    qtbot.keyClicks(edit, "The hamster")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert told == ["The hamster"]


def test_no_answer_is_one_too(qtbot: QtBot, asking: Callable[[], tuple[MainWindow, list[str]]]) -> None:
    window, told = asking()
    window.panel.transcript.findChild(QuestionView).skip.click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert told == [""]


def test_stop_ends_the_question(qtbot: QtBot, asking: Callable[[], tuple[MainWindow, list[str]]]) -> None:
    window, told = asking()
    window.chat.stop()
    qtbot.waitUntil(lambda: told == [""], timeout=2_000)


def test_a_question_seen_again_still_asks(qtbot: QtBot, asking: Callable[[], tuple[MainWindow, list[str]]]) -> None:
    window, told = asking()
    chat = window.chat.conversation_id
    window.new_chat()
    qtbot.waitUntil(lambda: window.panel.is_welcoming)
    window.chat.open(chat)
    qtbot.waitUntil(lambda: len(window.panel.transcript.views) == 1)
    view = window.panel.transcript.views[0].answer
    qtbot.waitUntil(lambda: view.findChild(QuestionView) is not None)
    view.findChild(QuestionView).choices[1].click()
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert told == ["Neither"]
