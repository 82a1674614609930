"""Without a model: the welcome, the download, and the way into the chat."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.models.catalogue import ModelEntry
from desktop_agent.models.forecast import Forecast
from desktop_agent.models.library import ModelMissing, Progress
from desktop_agent.models.pace import Meter
from desktop_agent.paths import Paths
from desktop_agent.ui.note import Note
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

STEPS = 20


class SlowLibrary:
    """The real catalogue; downloads take a moment and leave nothing on the disk."""

    def __init__(self, app: App) -> None:
        self._real = app.library
        self.here: set[str] = set()
        self.begun: dict[str, int] = {}
        self.fails = False
        self.interrupted = False
        self.entries, self.entry = self._real.entries, self._real.entry

    def has(self, entry: ModelEntry) -> bool:
        return entry.name in self.here

    def downloaded(self, entry: ModelEntry) -> int:
        return self.begun.get(entry.name, 0)

    def discard(self, name: str) -> None:
        self.begun.pop(name, None)

    def pull(self, name: str, progress: object, cancel: threading.Event) -> Path:
        entry = self.entry(name)
        for step in range(STEPS * self.begun.get(name, 0) // entry.bytes, STEPS):
            if cancel.wait(0.02):
                raise Cancelled("stopped")
            if self.fails and step > 3:
                raise UserFacingError("The disk is full.", "Free some space.")
            self.begun[name] = entry.bytes * step // STEPS
            kind = ("waiting", 7.0) if self.interrupted else ("moving", 0.0)
            progress(Progress(self.begun[name], entry.bytes, "Fetching", *kind))
        del self.begun[name]
        self.here.add(name)
        return Path(entry.file)


class EmptyApp(App):
    """An App on a computer without a model."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(paths)
        self.library = SlowLibrary(self)

    def load_model(self, name: str = "", progress: object = None, **_: object) -> None:
        if "starter" not in self.library.here:
            raise ModelMissing("The model starter is not on this computer.")
        self.model = ScriptedModel(["Hello!"])

    def forecasts(self, cancel: object = None) -> dict[str, Forecast]:
        return {}

    def open_memory(self) -> None:
        """Remember nothing."""


@pytest.fixture
def window(qtbot: QtBot, windows: Windows, home: Paths) -> MainWindow:
    made = windows.show(EmptyApp(home))
    made.start()
    qtbot.waitUntil(made.models.isVisible)
    qtbot.waitUntil(lambda: "starter" in made.models.cards)
    return made


def test_the_starter_is_offered_with_size_and_licence(window: MainWindow) -> None:
    card = window.models.cards["starter"]
    words = " ".join(label.text() for label in card.findChildren(type(card.pace)))
    assert "1.1 GB" in words
    assert "Apache-2.0" in words
    assert card.button.text() == "Download"
    assert not window.sidebar.isVisible()
    assert set(window.models.cards) == {"starter", "small", "qwen2.5-7b", "qwen3-8b"}


def test_after_the_download_the_chat_opens(qtbot: QtBot, window: MainWindow) -> None:
    card = window.models.cards["starter"]
    card.button.click()
    qtbot.waitUntil(lambda: card.progress.isVisible() and card.progress.value() > 100)
    assert "MB/s" in card.pace.text() or "GB/s" in card.pace.text()
    assert not window.models.cards["small"].button.isEnabled()
    qtbot.waitUntil(lambda: window.panel.isVisible() and window.app.model is not None)
    assert window.app.library.here == {"starter", "embedder"}
    assert window.app.settings.model == "starter"
    assert window.sidebar.isVisible()
    window.chat.send("Hi")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    assert window.panel.transcript.views[0].answer.text == "Hello!"


def test_a_download_that_is_cancelled_leaves_nothing(qtbot: QtBot, window: MainWindow) -> None:
    card = window.models.cards["starter"]
    assert not card.cancel_button.isVisible()
    card.button.click()
    qtbot.waitUntil(lambda: card.progress.isVisible() and card.progress.value() > 100)
    card.cancel_button.click()
    assert not card.button.isEnabled()
    qtbot.waitUntil(lambda: card.button.text() == "Download")
    assert card.button.isEnabled()
    assert not card.progress.isVisible()
    assert (window.app.library.here, window.app.library.begun) == (set(), {})


def test_a_download_that_is_paused_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    card = window.models.cards["starter"]
    card.button.click()
    qtbot.waitUntil(lambda: card.progress.isVisible() and card.progress.value() > 100)
    assert card.button.text() == "Pause"
    card.button.click()
    qtbot.waitUntil(lambda: card.button.text() == "Go on")
    had = card.progress.value()
    assert had > 100
    assert "MB of 1.1 GB" in card.pace.text()
    assert window.models.cards["small"].button.isEnabled()
    card.button.click()
    qtbot.waitUntil(lambda: card.button.text() == "Pause")
    assert card.progress.value() >= had
    qtbot.waitUntil(lambda: window.app.model is not None)


def test_a_paused_download_can_be_given_up(qtbot: QtBot, window: MainWindow) -> None:
    window.app.library.begun["small"] = 100_000_000
    window.models.refresh()
    card = window.models.cards["small"]
    qtbot.waitUntil(lambda: card.button.text() == "Go on")
    assert card.pace.text() == "100 MB of 491 MB · paused"
    card.cancel_button.click()
    qtbot.waitUntil(lambda: card.button.text() == "Download")
    assert window.app.library.begun == {}


def test_an_interruption_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.app.library.interrupted = True
    card = window.models.cards["starter"]
    card.button.click()
    qtbot.waitUntil(lambda: card.progress.isVisible() and card.progress.value() > 100)
    assert "interrupted, trying again in 7" in card.pace.text()
    card.button.click()
    qtbot.waitUntil(lambda: card.button.text() == "Go on")


def test_closing_the_window_keeps_what_has_arrived(qtbot: QtBot, window: MainWindow, windows: Windows) -> None:
    card = window.models.cards["starter"]
    card.button.click()
    qtbot.waitUntil(lambda: card.progress.isVisible() and card.progress.value() > 100)
    windows.close(window)
    assert window.app.library.begun["starter"] > 0


def test_a_failed_download_is_said_and_can_be_tried_again(qtbot: QtBot, window: MainWindow) -> None:
    window.app.library.fails = True
    card = window.models.cards["starter"]
    card.button.click()
    qtbot.waitUntil(lambda: window.models.findChild(Note) is not None)
    assert window.models.findChild(Note).label.text() == "The disk is full. Free some space."
    qtbot.waitUntil(lambda: card.button.text() == "Go on")
    window.app.library.fails = False
    card.button.click()
    qtbot.waitUntil(lambda: window.models.findChild(Note) is None)
    qtbot.waitUntil(window.panel.isVisible)


def test_a_question_before_there_is_a_model_leads_to_the_list(qtbot: QtBot, window: MainWindow) -> None:
    window._show_chat()
    window.panel.composer.write("Hello?")
    window.panel.composer.button.click()
    qtbot.waitUntil(window.models.isVisible)
    assert window.panel.composer.text == "Hello?"


def test_a_file_of_the_users_is_taken_over(qtbot: QtBot, windows: Windows, home: Paths, tiny_path: Path) -> None:
    app = ScriptedApp(Paths(home.home, home.home / "models"), ScriptedModel(["Hello!"]))
    window = windows.show(app)
    window.show_models(first_run=True)
    window.models.import_file(tiny_path)
    with qtbot.waitSignal(window.models.chosen, timeout=30_000) as chosen:
        assert "Checking" in window.models._importing.text()
    assert app.library.find(chosen.args[0]).is_file()


def test_a_file_that_is_no_model_is_refused_in_a_sentence(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    app = ScriptedApp(Paths(home.home, home.home / "models"), ScriptedModel([]))
    fake = home.home / "fake.gguf"
    fake.write_text("not a model at all")
    window = windows.show(app)
    window.show_models(first_run=True)
    window.models.import_file(fake)
    qtbot.waitUntil(lambda: window.models.findChild(Note) is not None)
    assert "fake.gguf" in window.models.findChild(Note).label.text()
    assert not window.models._importing.isVisible()


def test_the_pace_is_an_average_of_the_last_seconds() -> None:
    now = [0.0]
    meter = Meter(lambda: now[0])
    assert meter.measure(0, 1000).left is None
    now[0] = 2.0
    assert (meter.measure(200, 1000).rate, meter.measure(200, 1000).left) == (100.0, 8.0)
    now[0] = 10.0
    assert meter.measure(200, 1000).rate == 0.0
