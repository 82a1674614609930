"""What is there at once, what comes later, and what may go wrong."""

import subprocess
import sys
import time
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.models.forecast import Forecast
from desktop_agent.paths import Paths
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

HEAVY = (
    "llama_cpp",
    "chromadb",
    "numpy",
    "huggingface_hub",
    "keyring",
    "markdown_it",
    "pygments",
    "gguf",
    "jsonschema",
    "wasmtime",
    "mcp",
    "pypdfium2",
)
PROBE = f"""
import sys, time
began = time.process_time()
from PySide6.QtWidgets import QApplication
from desktop_agent.app import App
from desktop_agent.paths import Paths
import desktop_agent.ui.main
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow
application = QApplication([])
Theme(application)
window = MainWindow(App(Paths.from_environment()))
window.show()
application.processEvents()
print([name for name in {HEAVY!r} if name in sys.modules])
print(time.process_time() - began)
"""


def test_the_window_is_there_in_a_second_without_anything_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True)
    heavy, seconds = done.stdout.splitlines()
    assert heavy == "[]"
    assert float(seconds) < 3.0  # of processor time: tests share their machine


def test_a_passphrase_is_asked_for_and_a_wrong_one_is_said(qtbot: QtBot, windows: Windows) -> None:
    first = windows()
    first.app.set_passphrase("correct horse battery")
    windows.close(first)
    window = windows.show(ScriptedApp(first.app.paths, ScriptedModel([])))
    window.start()
    qtbot.waitUntil(lambda: window.findChild(PassphraseDialog) is not None)
    dialog = window.findChild(PassphraseDialog)
    dialog.first.setText("not this one")
    dialog.button.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)
    dialog.first.setText("correct horse battery")
    with qtbot.waitSignal(window.startup.noticed, timeout=20_000):
        dialog.button.click()
    assert window.panel.status.state.text() == "Ready"


def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    home.create().database.write_bytes(b"this is no database" * 300)
    (home.home / "profile.json").write_text("{}")
    window = windows.show(ScriptedApp(home, ScriptedModel([])))
    window.start()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert box.text()
    assert "Traceback" not in box.text()
    box.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_second_window_on_the_same_home_says_so(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    windows()
    second = windows.show(ScriptedApp(home, ScriptedModel([])))
    second.start()
    qtbot.waitUntil(lambda: second.findChild(QMessageBox) is not None)
    assert "already running" in second.findChild(QMessageBox).text()


class BrokenModelApp(App):
    """Has a model that cannot be loaded."""

    def load_model(self, name: str = "", progress: object = None, **_: object) -> None:
        raise UserFacingError("The model file is damaged.", "Fetch it again.")

    def forecasts(self, cancel: object = None) -> dict[str, Forecast]:
        return {}

    def open_memory(self) -> None:
        """Remember nothing."""


def test_a_model_that_cannot_be_loaded_leads_to_the_list(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = windows.show(BrokenModelApp(home))
    with qtbot.waitSignal(window.startup.load_failed):
        window.start()
    assert window.panel.status.state.text() == "No model is loaded."
    window.panel.status.action.click()
    assert window.models.isVisible()


def test_the_window_stands_where_it_stood(windows: Windows) -> None:
    first = windows()
    first.resize(731, 541)
    windows.close(first)
    again = windows()
    assert (again.width(), again.height()) == (731, 541)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"window": 3}', '{"window": "zz", "splitter": ""}'])
def test_a_damaged_placement_is_no_matter(windows: Windows, home: Paths, damage: str) -> None:
    (home.create().home / "window.json").write_text(damage)
    assert windows().width() > 400


class CrashedApp(ScriptedApp):
    """Did not survive loading its model the last time."""

    crashed_model = "qwen-7b"


def test_a_model_that_ended_the_program_is_not_loaded_unasked(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = windows.show(CrashedApp(home, ScriptedModel(["Hello!"])))
    with qtbot.waitSignal(window.startup.crashed):
        window.start()
    assert window.app.model is None
    assert window.panel.status.state.text() == "No model is loaded."
    (text,) = [text for text in window.notices._shown if "qwen-7b" in text]
    banner = window.notices._shown[text]
    again, choose = banner.buttons
    assert (again.text(), choose.text()) == ("Try again", "Choose a model")
    choose.click()
    assert window.models.isVisible()
    again.click()
    qtbot.waitUntil(lambda: window.panel.status.state.text() == "Ready")
    assert banner.isHidden()
    window.chat.send("Hi")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)


class TuningApp(ScriptedApp):
    """Measures until the window is closed."""

    gave_up = False

    def load_model(self, name: str = "", progress: object = None, **how: Any) -> None:
        assert how["tune"]
        how["tell"]("Trying model.gguf in a process of its own.")
        time.sleep(0.1)
        how["tell"]("Trying numbers of threads.")
        self.gave_up = how["cancel"].wait(10)
        raise Cancelled


def test_what_is_measured_is_said_and_closing_ends_it(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = windows.show(TuningApp(home, ScriptedModel([])))
    window.start()
    state = window.panel.status.state
    qtbot.waitUntil(lambda: state.text() == "Trying model.gguf in a process of its own.")
    words = "Finding what is fastest on this computer… Trying numbers of threads."
    qtbot.waitUntil(lambda: state.text() == words)
    app = window.app
    windows.close(window)
    assert app.gave_up
