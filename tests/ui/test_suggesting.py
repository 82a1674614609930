"""Suggestions are looked for while nobody uses the program, and never in anybody's way."""

import threading

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths
from desktop_agent.ui.idle import IdleWatch
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows


class Suggester(ScriptedApp):
    """Looks for suggestions until it is stopped."""

    runs = 0
    was_stopped = False

    def suggest(self, stop: threading.Event, conversation_id: str = "") -> int:
        self.runs += 1
        self.was_stopped = stop.wait(10)
        return 0


def started(qtbot: QtBot, windows: Windows, home: Paths) -> MainWindow:
    window = windows.show(Suggester(home, ScriptedModel(["Hello!"])))
    with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
        window.start()
    return window


def test_idleness_begins_and_ends(qtbot: QtBot) -> None:
    owner, widget = QObject(), QWidget()
    qtbot.addWidget(widget)
    widget.show()
    watch = IdleWatch(owner, milliseconds=60)
    with qtbot.waitSignal(watch.idle_reached, timeout=2_000):
        watch.start()
    assert watch.is_idle
    widget.update()
    qtbot.wait(20)
    assert watch.is_idle  # what the program draws by itself is nobody's activity
    with qtbot.waitSignal(watch.activity_returned, timeout=2_000):
        qtbot.keyClick(widget, Qt.Key.Key_A)
    assert not watch.is_idle
    with qtbot.waitSignal(watch.idle_reached, timeout=2_000):
        pass
    watch.stop()


def test_a_question_stops_the_search_at_once(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.remembering.idle.idle_reached.emit()
    qtbot.waitUntil(lambda: window.app.runs == 1)
    window.chat.send("Good morning")
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    assert window.app.was_stopped
    assert window.panel.transcript.views[0].answer.text == "Hello!"


def test_activity_stops_the_search(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.remembering.idle.idle_reached.emit()
    qtbot.waitUntil(lambda: window.app.runs == 1)
    with qtbot.waitSignal(window.remembering.suggesting.counted, timeout=5_000):
        window.remembering.idle.activity_returned.emit()
    assert window.app.was_stopped


def test_closing_the_window_stops_the_search(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.remembering.idle.idle_reached.emit()
    qtbot.waitUntil(lambda: window.app.runs == 1)
    app = window.app
    windows.close(window)
    assert app.was_stopped


def test_nothing_is_looked_for_while_an_answer_is_written(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.chat.send("Good morning")
    window.remembering.idle.idle_reached.emit()
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    qtbot.wait(50)
    assert window.app.runs == 0
