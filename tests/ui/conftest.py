"""A window over a real App with a scripted model, closed again after every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.events import RecalledMemory
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths
from desktop_agent.ui import translation
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before the session's QApplication is made


def pytest_itemcollected(item: pytest.Item) -> None:
    """Qt's offscreen platform says this for every window; everything else it warns of fails the test."""
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True))


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    """The light theme, in English whatever the machine speaks."""
    translation.install(qapp, "en")
    found = qapp.findChild(Theme) or Theme(qapp, "light")
    found.choose("light")
    return found


class Windows:
    """Opens windows in one home; called with the answers of the model."""

    def __init__(self, qtbot: QtBot, home: Paths) -> None:
        self._qtbot, self._home = qtbot, home
        self._open: list[MainWindow] = []

    def __call__(
        self,
        *answers: str,
        delay: float = 0.0,
        recalled: tuple[RecalledMemory, ...] = (),
        state: str = "Ready",
    ) -> MainWindow:
        """Return a window that is ready; the model pauses `delay` seconds before each word."""
        window = self.show(ScriptedApp(self._home, ScriptedModel(answers, delay=delay), recalled))
        with self._qtbot.waitSignal(window.startup.noticed, timeout=10_000):
            window.start()
        self._qtbot.waitUntil(lambda: window.panel.status.state.text() == state)
        return window

    def show(self, app: App) -> MainWindow:
        """Return a window that has not started yet."""
        window = MainWindow(app)
        self._open.append(window)
        window.show()
        return window

    def close(self, window: MainWindow) -> None:
        """End a window as the program does, and free it."""
        self._open.remove(window)
        window.close()
        window.shut_down()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def close_all(self) -> None:
        """End what is still open."""
        for window in tuple(self._open):
            self.close(window)


@pytest.fixture
def windows(qtbot: QtBot, home: Paths) -> Iterator[Windows]:
    """Windows over this test's home."""
    made = Windows(qtbot, home)
    yield made
    made.close_all()
