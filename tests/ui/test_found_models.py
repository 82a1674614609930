"""Models of other programs on the Models page."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.models.elsewhere import Found
from desktop_agent.models.library import Library, Progress
from desktop_agent.paths import Paths
from desktop_agent.ui.hub_dialog import HubDialog
from desktop_agent.ui.note import Note
from desktop_agent.ui.window import MainWindow
from tests.helpers import embedders
from tests.helpers.fake_models import gguf_file
from tests.helpers.other_programs import ollama
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

Open = Callable[[], MainWindow]


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an account of the test's own."""
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "account"))
    return tmp_path / "account"


@pytest.fixture
def models(account: Path) -> Path:
    """LM Studio's folder of models."""
    folder = account / ".lmstudio" / "models" / "acme" / "toys"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def page(windows: Windows, home: Paths, qtbot: QtBot) -> Open:
    """Shows the Models page over an empty models folder, once other folders were looked into."""

    def show() -> MainWindow:
        app = ScriptedApp(Paths(home.home, home.home / "models"), ScriptedModel(["Hello!"]))
        window = windows.show(app)
        window.show_models(first_run=True)
        qtbot.waitUntil(lambda: not window.models.found._looking)
        return window

    return show


def rows(window: MainWindow) -> list[tuple[str, str]]:
    found = window.models.found
    return [(row.found.title, row.about.text()) for row in found.rows if row.isVisible()]


def test_there_is_nothing_to_see_when_there_are_none(page: Open, account: Path) -> None:
    window = page()
    assert not window.models.found.isVisible()
    assert window.models.found.rows == []


def test_chat_models_that_can_be_used_are_shown(page: Open, account: Path, models: Path, tmp_path: Path) -> None:
    gguf_file(models / "Toy.gguf")
    embedders.bert(models / "embeds.gguf")
    gguf_file(models / "mmproj.gguf", architecture="clip")
    ollama(account, "library/odd:1", gguf_file(tmp_path / "odd.gguf", weights=512), adapter=True)
    window = page()
    assert window.models.found.isVisible()
    assert rows(window) == [("Toy", "LM Studio · 1 kB")]
    assert str(models / "Toy.gguf") in window.models.found.rows[0].toolTip()
    assert window.models.found.rows[0].button.accessibleName() == "Use: Toy"


def test_one_click_uses_it_where_it_lies(page: Open, models: Path, qtbot: QtBot) -> None:
    path = gguf_file(models / "Toy.gguf")
    window = page()
    with qtbot.waitSignal(window.models.chosen) as chosen:
        window.models.found.rows[0].button.click()
    assert chosen.args == ["toy"]
    assert window.app.library.find("toy") == path
    qtbot.waitUntil(lambda: not window.models.found.isVisibleTo(window.models))
    qtbot.waitUntil(lambda: "toy" in window.models.cards)


def test_what_is_here_already_is_not_offered(page: Open, account: Path, models: Path, home: Paths) -> None:
    path = gguf_file(models / "Toy.gguf")
    page().app.library.import_file(path)
    assert rows(page()) == []


def test_a_few_are_shown_until_all_are_asked_for(page: Open, models: Path) -> None:
    for number in range(1, 7):
        gguf_file(models / f"Toy {number}.gguf", weights=256 * number)
    window = page()
    assert [title for title, _ in rows(window)] == ["Toy 1", "Toy 2", "Toy 3", "Toy 4"]
    assert window.models.found.more_button.text() == "Show all 6"
    window.models.found.more_button.click()
    assert len(rows(window)) == 6
    assert not window.models.found.more_button.isVisible()


class SlowLibrary(Library):
    """Checks files until it is stopped or released."""

    released = threading.Event()

    def adopt(self, found: Found | Path, progress: Callable[[Progress], None] = lambda _: None) -> None:
        for step in range(1000):
            progress(Progress(step, 1000, "Checking"))
            if self.released.wait(0.02):
                raise UserFacingError("The file has gone.", "Look again.")


@pytest.fixture
def slow(page: Open, models: Path) -> MainWindow:
    """Two models, of which the first is being checked."""
    for number in (1, 2):
        gguf_file(models / f"Toy {number}.gguf", weights=256 * number)
    window = page()
    window.app.library.__class__ = SlowLibrary
    SlowLibrary.released.clear()
    window.models.found.rows[0].button.click()
    return window


def test_a_check_shows_how_far_it_is_and_can_be_cancelled(slow: MainWindow, qtbot: QtBot) -> None:
    first, second = slow.models.found.rows
    qtbot.waitUntil(lambda: first.progress.isVisible() and first.progress.value() > 5)
    assert (first.button.text(), second.button.isEnabled()) == ("Cancel", False)
    slow.models.open(first_run=False)
    assert slow.models.found.rows == [first, second]
    first.button.click()
    qtbot.waitUntil(lambda: first.button.text() == "Use")
    assert second.button.isEnabled()
    assert not first.progress.isVisible()
    assert slow.models.findChild(Note) is None


def test_a_failure_is_said(slow: MainWindow, qtbot: QtBot) -> None:
    SlowLibrary.released.set()
    qtbot.waitUntil(lambda: slow.models.findChild(Note) is not None)
    assert slow.models.findChild(Note).label.text() == "The file has gone. Look again."
    assert slow.models.found.rows[0].button.text() == "Use"


@pytest.mark.timeout(15)
def test_the_window_closes_although_a_file_is_being_checked(slow: MainWindow, windows: Windows) -> None:
    windows.close(slow)


def test_the_mirror_can_be_set_from_here(page: Open, account: Path, qtbot: QtBot) -> None:
    window = page()
    window.models.hub_button.click()
    dialog = window.models.findChild(HubDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and bool(dialog.token.placeholderText()))
    dialog.close()
