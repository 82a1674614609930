"""What a model thought, on the screen: shown while it thinks, folded behind one line when it answers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, ToolCallRequested, TurnFailed
from desktop_agent.messages import ToolCall
from desktop_agent.ui.answer_view import AnswerView
from desktop_agent.ui.text_view import TextView
from desktop_agent.ui.thinking_view import ThinkingView
from desktop_agent.ui.turn_view import TurnView

from .conftest import Windows

THOUGHT = "The user greets me.\nI greet <b>back</b>."
ANSWER = f"<think>\n{THOUGHT}\n</think>\n\nHello, **you**."


@pytest.fixture
def turn(qtbot: QtBot) -> TurnView:
    view = TurnView("Hi", 600)
    qtbot.addWidget(view)
    view.show()
    return view


def body(view: ThinkingView) -> TextView | None:
    return view.findChild(TextView)


def think(turn: TurnView, *pieces: str) -> ThinkingView:
    for number, piece in enumerate(pieces):
        turn.show_event(ThinkingDelta(piece, 4.0 * number))
    return turn.answer.thoughts[-1]


def test_it_is_seen_while_the_model_thinks(qtbot: QtBot, turn: TurnView) -> None:
    turn.show_event(PromptProgress(50, 100))
    view = think(turn, "The user", " greets <b>me</b>.\x1b")
    assert view.button.text() == "Thinking…"
    qtbot.waitUntil(lambda: body(view).toPlainText() == "The user greets <b>me</b>.")
    qtbot.waitUntil(body(view).isVisible)
    assert not [label for label in turn.answer.findChildren(QLabel) if "Reading" in label.text() and label.isVisible()]


def test_it_folds_when_the_answer_begins_and_says_how_long_it_took(qtbot: QtBot, turn: TurnView) -> None:
    view = think(turn, "One", " two", " three", " four")
    turn.show_event(TextDelta("Hello"))
    assert view.button.text() == "Thought for 12 s"
    assert not body(view).isVisible()
    view.button.click()
    qtbot.waitUntil(body(view).isVisible)
    assert body(view).toPlainText() == "One two three four"


def test_what_the_user_unfolds_or_folds_stays_so(qtbot: QtBot, turn: TurnView) -> None:
    view = think(turn, "One")
    view.button.click()
    assert not body(view).isVisible()
    think(turn, " two")
    assert not body(view).isVisible()
    view.button.click()
    turn.show_event(TextDelta("Hello"))
    qtbot.waitUntil(body(view).isVisible)
    assert body(view).toPlainText() == "One two"


def test_it_is_reached_and_named_for_everybody(qtbot: QtBot, turn: TurnView) -> None:
    view = think(turn, "One", " two")
    turn.show_event(TextDelta("Hello"))
    assert view.button.accessibleName() == view.button.text() == "Thought for 4.0 s"
    assert view.button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert view.button.isCheckable()
    view.button.setFocus()
    qtbot.keyClick(view.button, Qt.Key.Key_Space)
    qtbot.waitUntil(body(view).isVisible)


def test_each_step_has_its_own(turn: TurnView) -> None:
    first = think(turn, "Which file?")
    turn.show_event(ToolCallRequested(ToolCall("1", "read_file", {"path": "a"}), needs_approval=False))
    second = think(turn, "I see.")
    turn.show_event(TextDelta("Hello"))
    assert [view.text for view in (first, second)] == ["Which file?", "I see."]
    layout = turn.answer.layout()
    kinds = [type(layout.itemAt(at).widget()).__name__ for at in range(layout.count())]
    assert [kind for kind in kinds if kind != "QLabel"] == ["ThinkingView", "ToolCard", "ThinkingView", "StreamedText"]


def test_thinking_alone_ends_with_the_reason(turn: TurnView) -> None:
    view = think(turn, "Hm")
    turn.show_event(TurnFailed("The model thought, but gave no answer."))
    assert view.button.text() != "Thinking…"
    assert turn.answer.text == ""


def test_it_is_not_copied_with_the_answer(qtbot: QtBot, windows: Windows) -> None:
    window = windows(ANSWER)
    window.chat.send("Hi")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    answer = window.panel.transcript.views[-1].answer
    assert [view.text for view in answer.thoughts] == [THOUGHT]
    answer.copy_button.click()
    assert QGuiApplication.clipboard().text() == "Hello, **you**."


def test_it_is_there_folded_when_the_chat_is_opened_again(qtbot: QtBot, windows: Windows) -> None:
    window = windows(ANSWER)
    window.chat.send("Hi")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    chat = window.chat.conversation_id
    window.chat.new()
    window.chat.open(chat)
    qtbot.waitUntil(lambda: bool(window.panel.transcript.views))
    (view,) = window.panel.transcript.views[-1].answer.thoughts
    assert view.button.text() == "Thoughts"
    assert body(view) is None
    view.button.click()
    assert body(view).toPlainText() == THOUGHT
    qtbot.waitUntil(body(view).isVisible)


def test_a_live_turn_that_is_looked_at_again_shows_all_of_it(qtbot: QtBot, windows: Windows) -> None:
    window = windows(f"<think>{'word ' * 30}</think>Hello.", delay=0.02)
    window.chat.send("Hi")

    def live() -> AnswerView:
        return window.panel.transcript.views[-1].answer

    qtbot.waitUntil(lambda: bool(window.panel.transcript.views and live().thoughts))
    chat = window.chat.conversation_id
    window.chat.new()
    window.chat.open(chat)
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=10_000)
    qtbot.waitUntil(lambda: live().text == "Hello.")
    (view,) = live().thoughts
    assert view.text == ("word " * 30).strip()
    assert view.button.text().startswith("Thought for")
