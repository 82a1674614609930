"""The model gives its memory back while nobody uses the program, and wakes with the next question."""

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths
from desktop_agent.ui.resting import MINUTE_MS
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

RESTS = "The model is resting; it wakes with your next question."


class Suggester(ScriptedApp):
    """Looks for suggestions until it is stopped."""

    runs = 0

    def suggest(self, stop: threading.Event, conversation_id: str = "") -> int:
        self.runs += 1
        stop.wait(10)
        return 0


def rests(window: MainWindow) -> bool:
    return window.app.model is None and window.panel.status.state.text() == RESTS


def test_the_model_rests_and_wakes_with_the_next_question(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Hello!", "Hello again!")
    window.chat.send("Good morning")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    window.resting.idle.start(30)
    qtbot.waitUntil(lambda: rests(window))
    window.resting.idle.stop()
    window.chat.new()
    assert rests(window), "an empty chat does not wake it"
    window.chat.send("Good evening")
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    assert window.panel.transcript.views[0].answer.text == "Hello again!"
    assert window.panel.status.state.text() == "Ready"


def test_an_answer_is_not_interrupted(qtbot: QtBot, windows: Windows) -> None:
    window = windows("word " * 20, delay=0.02)
    window.chat.send("Good morning")
    window.resting.idle.start(30)
    qtbot.waitUntil(lambda: window.resting.idle.is_idle)
    qtbot.wait(60)
    assert window.chat.turns.live
    assert window.app.model
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    assert window.panel.transcript.views[0].answer.text.split() == ["word"] * 20
    qtbot.waitUntil(lambda: rests(window))


def test_who_comes_back_during_a_run_of_suggestions_finds_the_model(
    qtbot: QtBot, windows: Windows, home: Paths
) -> None:
    window = windows.show(Suggester(home, ScriptedModel(["Hello!"])))
    with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
        window.start()
    window.remembering.idle.idle_reached.emit()
    qtbot.waitUntil(lambda: window.app.runs == 1)
    window.resting.begin()
    window.resting.idle.activity_returned.emit()
    with qtbot.waitSignal(window.remembering.suggesting.counted, timeout=5_000):
        window.remembering.suggesting.stop()
    qtbot.wait(50)
    assert window.app.model
    window.chat.send("Good morning")
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)


def test_a_question_that_comes_while_the_model_is_unloaded_waits_for_it(
    qtbot: QtBot, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = windows("Hello!")
    begun, released = threading.Event(), threading.Event()
    unload: Callable[[], None] = window.app.unload_model

    def slow() -> None:
        begun.set()
        released.wait(5)
        unload()

    monkeypatch.setattr(window.app, "unload_model", slow)
    window.resting.begin()
    assert begun.wait(5)
    window.chat.send("Good morning")
    released.set()
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    assert window.panel.transcript.views[0].answer.text == "Hello!"
    assert window.panel.status.state.text() == "Ready"


@pytest.mark.parametrize(("minutes", "active"), [(0, False), (7, True)])
def test_the_settings_say_how_long(windows: Windows, minutes: int, active: bool) -> None:
    window = windows()
    window.app.save_settings(window.app.settings.model_copy(update={"idle_minutes": minutes}))
    window.resting.watch()
    timer = window.resting.idle._timer
    assert timer.isActive() == active
    assert not active or timer.interval() == 7 * MINUTE_MS
    window.resting.idle.note_activity()
    assert timer.isActive() == active
