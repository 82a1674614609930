"""What can be chosen about how models run, what was measured, and what a change of it takes."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.choices import Choice
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.tuning_words import Finding
from desktop_agent.paths import Paths
from desktop_agent.settings import config
from desktop_agent.ui.engine_dialog import EngineDialog
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

CRASHED = Choice(EngineSettings(), findings=(Finding("repack crashed", {}),))
THREADS = Choice(EngineSettings(threads=2), findings=(Finding("threads", {"reading": 2, "writing": 1}),))


class Tuner(ScriptedApp):
    """Counts loads, and measures until it is told to go on."""

    def __init__(self, paths: Paths, script: ScriptedModel) -> None:
        super().__init__(paths, script)
        self.loads, self.found, self.cancelled = 0, CRASHED, False
        self.release = threading.Event()

    def load_model(self, *_: object, **__: object) -> None:
        self.loads += 1
        self.model = self.script

    def choice(self) -> Choice:
        return self.found

    def tune(self, name: str, tell: Callable[[str], None], cancel: threading.Event) -> Choice:
        tell("Trying numbers of threads.")
        while not self.release.wait(0.01):
            if cancel.is_set():
                self.cancelled = True
                raise Cancelled
        self.found = THREADS
        return self.found


@pytest.fixture
def window(qtbot: QtBot, windows: Windows, home: Paths) -> MainWindow:
    made = windows.show(Tuner(home, ScriptedModel(["Hello!"])))
    with qtbot.waitSignal(made.startup.noticed, timeout=10_000):
        made.start()
    return made


def opened(qtbot: QtBot, window: MainWindow) -> EngineDialog:
    window.sidebar.settings.menu().engine.trigger()
    dialog = [each for each in window.findChildren(EngineDialog) if each.isVisible()][-1]
    qtbot.waitUntil(lambda: bool(dialog.found.text()))
    return dialog


def test_what_is_chosen_is_saved_and_the_model_loaded_only_where_that_is_needed(
    qtbot: QtBot, window: MainWindow, home: Paths
) -> None:
    dialog = opened(qtbot, window)
    assert not dialog.save_button.isEnabled()
    dialog.form.thinking.click()
    dialog.form.ahead.click()
    dialog.form.tune.click()
    dialog.form.idle.setValue(20)
    assert dialog.save_button.text() == "Save"
    dialog.save_button.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "Saved.")
    saved, _ = config.load(home.settings)
    assert (saved.thinking, saved.read_ahead, saved.tune_models, saved.idle_minutes) == (True, False, False, 20)
    assert window.resting.idle._timer.isActive(), "the new time counts at once"
    assert window.app.loads == 1
    dialog.form.context.setCurrentIndex(dialog.form.context.findData(8192))
    dialog.form.threads.setValue(1)
    assert dialog.said.text() == "The model has to be loaded again for: Context size and Threads."
    dialog.form.gpu.click()
    dialog.form.chats.setValue(1024)
    assert dialog.save_button.text() == "Save and load the model"
    dialog.save_button.click()
    qtbot.waitUntil(lambda: window.app.loads == 2)
    saved, _ = config.load(home.settings)
    assert (saved.context_tokens, saved.threads, saved.gpu, saved.hot_chats_mb) == (8192, 1, False, 1024)
    assert not dialog.save_button.isEnabled()


def test_without_a_model_nothing_is_loaded(qtbot: QtBot, window: MainWindow) -> None:
    window.app.model = None
    dialog = opened(qtbot, window)
    dialog.form.threads.setValue(1)
    assert dialog.save_button.text() == "Save"
    dialog.save_button.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "Saved.")
    assert window.app.loads == 1


def test_a_change_that_cannot_be_saved_is_said_and_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_settings: object) -> None:
        raise UserFacingError("Your settings could not be saved: Disk full.")

    monkeypatch.setattr(window.app, "save_settings", fail)
    dialog = opened(qtbot, window)
    dialog.form.threads.setValue(1)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "Disk full" in dialog.said.text())
    assert dialog.save_button.isEnabled()
    assert window.app.loads == 1


def test_a_choice_that_no_list_has_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    odd = {"context_tokens": 5000, "draft_model": "mine"}
    window.app.save_settings(window.app.settings.model_copy(update=odd))
    dialog = opened(qtbot, window)
    assert (dialog.form.context.currentText(), dialog.form.draft.currentText()) == ("5,000 tokens", "mine")
    assert dialog.form.changes() == {}


def test_installed_chat_models_can_guess_ahead_but_not_for_themselves(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.app.library, "has", lambda entry: entry.name in {"starter", "small", "embedder"})
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: dialog.form.draft.count() > 1)
    assert [dialog.form.draft.itemData(number) for number in range(dialog.form.draft.count())] == ["", "small"]
    dialog.form.draft.setCurrentIndex(1)
    assert dialog.form.changes() == {"draft_model": "small"}


def test_what_was_measured_is_said_and_can_be_measured_again(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    assert dialog.found.text() == "Repacking crashes on this processor."
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Trying numbers of threads.")
    assert dialog.progress.isVisible()
    assert dialog.measure_button.text() == "Cancel"
    window.app.release.set()
    qtbot.waitUntil(lambda: dialog.found.text() == "Threads: 2 for reading, 1 for writing.")
    qtbot.waitUntil(lambda: window.app.loads == 2)
    assert not dialog.progress.isVisible()


def test_measuring_can_be_given_up(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Trying numbers of threads.")
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Stopped.")
    assert dialog.measure_button.text() == "Measure again"
    assert window.app.loads == 1


def test_closing_the_dialog_ends_the_measurement(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Trying numbers of threads.")
    dialog.reject()
    qtbot.waitUntil(lambda: window.app.cancelled)
    qtbot.wait(50)
    assert not window.snackbar.isVisible()


def test_a_low_screen_scrolls_and_loses_no_button(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: dialog.area.verticalScrollBar().maximum() == 0)  # nothing is hidden where there is room
    high = dialog.height()
    monkeypatch.setattr(dialog, "highest", lambda: 420)
    dialog.fit()
    assert dialog.height() <= 420 < high
    assert dialog.area.verticalScrollBar().maximum() > 0
    assert dialog.rect().contains(dialog.save_button.geometry())
    dialog.form.context.setFocus()
    while not dialog.form.idle.hasFocus():
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.area.verticalScrollBar().value() > 0, "what has the focus is in sight"


def test_the_dialog_grows_with_what_was_measured(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(qtbot, window)
    monkeypatch.setattr(dialog, "highest", lambda: 2_000)
    qtbot.waitUntil(lambda: dialog.area.verticalScrollBar().maximum() == 0)
    qtbot.wait(20)
    low = dialog.height()
    window.app.found = Choice(EngineSettings(), findings=THREADS.findings * 9)
    dialog.refresh()
    qtbot.waitUntil(lambda: dialog.height() > low)
    assert dialog.area.verticalScrollBar().maximum() == 0, "nothing is scrolled to where there is room"


def test_a_dialog_that_grows_stays_on_the_screen(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    room = dialog.screen().availableGeometry()
    dialog.move(dialog.x(), room.bottom() - 100)
    dialog.fit()
    assert room.top() <= dialog.frameGeometry().top()
    assert dialog.frameGeometry().bottom() <= room.bottom(), "its buttons can be pressed"


def test_the_button_that_ends_the_measurement_stays_in_sight(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: dialog.measure_button.isVisible() and dialog.height() > 600)
    high = dialog.height()
    monkeypatch.setattr(dialog, "highest", lambda: high)
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.area.verticalScrollBar().maximum() > 0)
    qtbot.waitUntil(lambda: whole(dialog))
    dialog.measure_button.click()
    qtbot.waitUntil(lambda: dialog.state.text() == "Stopped.")


def whole(dialog: EngineDialog) -> bool:
    """Whether no part of the button is cut off."""
    button = dialog.measure_button
    return button.visibleRegion().boundingRect() == button.rect()


def test_scrolling_past_a_field_changes_nothing(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(qtbot, window)
    dialog.setFocus()
    for field in (dialog.form.context, dialog.form.threads):
        where = field.mapToGlobal(QPointF(3, 3))
        keys, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        down = QPoint(0, -120)
        event = QWheelEvent(QPointF(3, 3), where, QPoint(), down, Qt.MouseButton.NoButton, keys, phase, False)
        QApplication.sendEvent(field, event)
    assert dialog.form.changes() == {}
