"""A window over a real App with a scripted model, closed again after every test."""

import os
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_agent.events import RecalledMemory
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.paths import Paths
from desktop_agent.ui import translation
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before the session's QApplication is made

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    """The light theme, in English whatever the machine speaks."""
    translation.install(qapp, "en")
    found = qapp.findChild(Theme) or Theme(qapp, "light")
    found.choose("light")
    return found


@pytest.fixture
def open_window(qtbot: QtBot, home: Paths) -> Iterator[OpenWindow]:
    """Open a window whose model gives the answers; `delay` seconds before each word."""
    windows: list[MainWindow] = []

    def open_one(*answers: str, delay: float = 0.0, recalled: tuple[RecalledMemory, ...] = ()) -> MainWindow:
        app = ScriptedApp(home, ScriptedModel(answers, delay=delay), recalled)
        window = MainWindow(app)
        windows.append(window)
        window.show()
        with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
            window.start()
        qtbot.waitUntil(lambda: window.panel.status.state.text() == "Ready")
        return window

    yield open_one
    for window in windows:
        close(window)


def close(window: MainWindow) -> None:
    """End a window as the program does, and free it."""
    window.close()
    window.shut_down()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
