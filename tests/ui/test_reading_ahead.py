"""The model reads what is typed while it is typed, and never in anybody's way."""

import threading
import time

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent
from pytestqt.qtbot import QtBot

from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

PAUSE_MS = 40


class Reader(ScriptedApp):
    """Notes what it is to read, and reads until it is stopped when it `is_slow`."""

    is_slow = False

    def __init__(self, paths: Paths, script: ScriptedModel) -> None:
        super().__init__(paths, script)
        self.read: list[tuple[str, str]] = []
        self.stopped: list[bool] = []
        self.done = threading.Event()

    def read_ahead(self, conversation_id: str, text: str, stop: threading.Event) -> int:
        self.read.append((conversation_id, text))
        end = time.monotonic() + 10
        while self.is_slow and not (stop.is_set() or self.done.is_set() or time.monotonic() > end):
            time.sleep(0.005)
        self.stopped.append(stop.is_set())
        return 0


def started(qtbot: QtBot, windows: Windows, home: Paths, *answers: str, delay: float = 0.0) -> MainWindow:
    """Return a window that has read the empty chat, and that waits only a moment for the next key."""
    window = windows.show(Reader(home, ScriptedModel(answers, delay=delay)))
    window.reading._pause.setInterval(PAUSE_MS)
    with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
        window.start()
    qtbot.waitUntil(lambda: window.app.read == [("", "")])
    return window


def write(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.keyClicks(window.panel.composer.edit, text)


def test_after_the_start_and_while_somebody_types_the_model_reads(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    write(qtbot, window, "How does a heat")
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    write(qtbot, window, " pump")
    qtbot.wait(3 * PAUSE_MS)
    assert window.app.read[1:] == [("", "How does a heat")], "a word more is not worth a look-up"
    write(qtbot, window, " work in winter")
    qtbot.waitUntil(lambda: len(window.app.read) == 3)
    assert window.app.read[-1] == ("", "How does a heat pump work in winter")


def test_what_is_being_read_is_not_broken_off_by_more_words(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.app.is_slow = True
    write(qtbot, window, "How does a heat")
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    for words in (" pump work in winter", " when it is cold outside"):
        write(qtbot, window, words)
        qtbot.wait(3 * PAUSE_MS)
    assert len(window.app.read) == 2
    assert window.app.stopped == [False], "a slow computer would never come to the end of anything"
    window.app.is_slow = False
    window.app.done.set()
    qtbot.waitUntil(lambda: len(window.app.read) == 3)
    assert window.app.read[-1] == ("", "How does a heat pump work in winter when it is cold outside")


def test_words_that_were_deleted_are_not_read_to_their_end(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.app.is_slow = True
    write(qtbot, window, "How does a heat")
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    window.panel.composer.write("Write a letter to")
    qtbot.waitUntil(lambda: window.app.stopped == [False, True])
    window.app.done.set()
    qtbot.waitUntil(lambda: window.app.read[-1] == ("", "Write a letter to"))


def test_changed_words_are_read_again_and_chinese_has_words_too(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    for text in ("热泵是", "热泵是怎么工作", "空调"):
        window.panel.composer.write(text)
        qtbot.waitUntil(lambda text=text: window.app.read[-1] == ("", text))


def test_a_question_comes_before_what_is_read_ahead(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home, "Hello!")
    window.app.is_slow = True
    write(qtbot, window, "Good morning to you")
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    began = time.monotonic()
    window.panel.composer.button.click()
    qtbot.waitUntil(lambda: window.app.script.requests != [], timeout=2_000)
    assert time.monotonic() - began < 0.5
    assert window.app.stopped[1] is True
    window.app.is_slow = False
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert window.panel.transcript.views[0].answer.text == "Hello!"


def test_a_question_before_the_pause_is_over_leaves_nothing_to_read(
    qtbot: QtBot, windows: Windows, home: Paths
) -> None:
    window = started(qtbot, windows, home, "word " * 30, delay=0.02)
    write(qtbot, window, "Good morning to you")
    window.panel.composer.button.click()
    qtbot.wait(3 * PAUSE_MS)
    assert window.chat.turns.live
    assert len(window.app.read) == 1


def test_what_is_typed_during_an_answer_is_read_after_it(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home, "word " * 15, delay=0.02)
    window.chat.send("Good morning")
    write(qtbot, window, "And another thing to ask")
    qtbot.wait(3 * PAUSE_MS)
    assert window.chat.turns.live
    assert len(window.app.read) == 1
    qtbot.waitUntil(lambda: window.chat.turns.live is None, timeout=5_000)
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    assert window.app.read[-1] == (window.chat.conversation_id, "And another thing to ask")


def test_another_chat_stops_it_and_is_read_itself(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    other = window.app.conversations.create("Other").id
    window.app.is_slow = True
    write(qtbot, window, "Good morning to you")
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    window.chat.open(other)
    qtbot.waitUntil(lambda: window.app.stopped[1:] == [True], timeout=1_000)
    window.app.is_slow = False
    qtbot.waitUntil(lambda: window.app.read[-1] == (other, ""))


def test_nothing_is_read_ahead_when_it_is_switched_off(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    window.app.save_settings(window.app.settings.model_copy(update={"read_ahead": False}))
    write(qtbot, window, "How does a heat pump work")
    qtbot.wait(3 * PAUSE_MS)
    assert len(window.app.read) == 1


def test_what_an_input_method_composes_is_read_when_it_is_text(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    edit = window.panel.composer.edit
    window.panel.composer.write("热泵怎么工作")
    QCoreApplication.sendEvent(edit, QInputMethodEvent("zenme", []))
    qtbot.wait(3 * PAUSE_MS)
    assert len(window.app.read) == 1
    done = QInputMethodEvent()
    done.setCommitString("怎么")
    QCoreApplication.sendEvent(edit, done)
    qtbot.waitUntil(lambda: len(window.app.read) == 2)
    assert window.app.read[-1] == ("", "热泵怎么工作怎么")


def test_closing_the_window_stops_it(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = started(qtbot, windows, home)
    app = window.app
    app.is_slow = True
    write(qtbot, window, "Good morning to you")
    qtbot.waitUntil(lambda: len(app.read) == 2)
    began = time.monotonic()
    windows.close(window)
    assert app.stopped == [False, True]
    assert time.monotonic() - began < 2


def test_nobody_is_told_of_what_goes_wrong(
    qtbot: QtBot, windows: Windows, home: Paths, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    window = started(qtbot, windows, home)

    def fail(*_: object) -> int:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(window.app, "read_ahead", fail)
    write(qtbot, window, "Good morning to you")
    qtbot.waitUntil(lambda: "a mistake" in caplog.text)
    qtbot.wait(20)
    assert not window.snackbar.isVisible()


def test_the_model_itself_reads_what_is_typed(qtbot: QtBot, windows: Windows) -> None:
    window = windows("Fine.")
    window.reading._pause.setInterval(PAUSE_MS)
    script = window.app.script
    write(qtbot, window, "How are you today")
    qtbot.waitUntil(lambda: [it.messages[-1].text for it in script.prepared][-1:] == ["How are you today"])
    window.panel.composer.button.click()
    qtbot.waitUntil(lambda: script.requests != [])
    assert script.requests[0].messages == script.prepared[-1].messages, "the same notes, a chat that is new or not"
