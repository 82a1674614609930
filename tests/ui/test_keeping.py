"""The recovery phrase, backups and archives, and the place of the index."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.errors import UserFacingError
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message
from desktop_agent.paths import Paths
from desktop_agent.settings import recovery
from desktop_agent.ui.backups_dialog import BackupsDialog
from desktop_agent.ui.index_dialog import IndexDialog
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.recover_dialog import RecoverDialog
from desktop_agent.ui.recovery_dialog import RecoveryDialog
from desktop_agent.ui.sheet import Sheet
from desktop_agent.ui.window import MainWindow
from tests.helpers.scripted_app import ScriptedApp

from .conftest import Windows

PASSPHRASE = "correct horse battery"


def dialog(window: MainWindow, kind: type[Sheet], entry: str) -> Sheet:
    getattr(window.sidebar.settings.menu(), entry).trigger()
    return [each for each in window.findChildren(kind) if each.isVisible()][-1]


def make(qtbot: QtBot, asking: RecoveryDialog, language: str = "English") -> list[str]:
    """Make a phrase, write it down, and answer what is asked; return its words."""
    qtbot.waitUntil(lambda: hasattr(asking, "make_button"))
    asking.language.setCurrentText(language)
    asking.make_button.click()
    qtbot.waitUntil(lambda: hasattr(asking, "grid"), timeout=20_000)
    words = [label.text() for label in asking.grid.findChildren(QLabel) if not label.text().endswith(".")]
    assert asking.focusWidget() is asking.written_button
    asking.written_button.click()
    assert asking.focusWidget() is next(iter(asking.quiz.fields.values()))
    asking.quiz.button.click()
    qtbot.waitUntil(lambda: asking.quiz.problem.isVisibleTo(asking))
    for index, edit in asking.quiz.fields.items():
        edit.setText(f" {words[index]}")
    asking.quiz.button.click()
    qtbot.waitUntil(lambda: "last checked" in asking.state.text(), timeout=20_000)
    return words


@pytest.mark.parametrize(("language", "first"), [("English", "a"), ("中文", "一")])
def test_a_phrase_is_made_shown_and_asked_for(qtbot: QtBot, windows: Windows, language: str, first: str) -> None:
    window = windows()
    asking = dialog(window, RecoveryDialog, "recovery")
    words = make(qtbot, asking, language)
    assert len(words) == 24
    assert all(word.isascii() == first.isascii() for word in words)
    assert recovery.status(window.app.paths).confirmed_on
    asking.close()
    again = dialog(window, RecoveryDialog, "recovery")
    qtbot.waitUntil(lambda: hasattr(again, "check_button"))
    assert not again.findChildren(type(asking.grid))


def test_a_phrase_is_checked_again(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    asking = dialog(window, RecoveryDialog, "recovery")
    words = make(qtbot, asking)
    asking.close()
    again = dialog(window, RecoveryDialog, "recovery")
    qtbot.waitUntil(lambda: hasattr(again, "check_button"))
    assert again.focusWidget() is again.check_button
    again.check_button.click()
    again.entry.field.edit.setPlainText(" ".join(reversed(words)))
    again.entry.button.click()
    qtbot.waitUntil(lambda: again.problem.isVisibleTo(again), timeout=20_000)
    again.entry.field.edit.setPlainText(" ".join(words))
    with qtbot.waitSignal(again.confirmed, timeout=20_000):
        qtbot.keyClick(again.entry.field.edit, Qt.Key.Key_Return)


def test_a_phrase_that_was_never_checked_is_asked_for_at_the_next_start(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    recovery.make_phrase(window.app.paths, None, "english")
    windows.close(window)
    again = windows()
    reminder = "Check that you still have your recovery phrase."
    qtbot.waitUntil(lambda: reminder in again.notices._shown)
    banner = again.notices._shown[reminder]
    banner.buttons[0].click()
    (asking,) = again.findChildren(RecoveryDialog)
    qtbot.waitUntil(lambda: hasattr(asking, "check_button"))
    make(qtbot, asking)
    assert not banner.isVisible()


def test_a_forgotten_passphrase_is_a_recovery_phrase_away(qtbot: QtBot, windows: Windows) -> None:
    first = windows()
    words = make(qtbot, dialog(first, RecoveryDialog, "recovery"))
    first.app.set_passphrase(PASSPHRASE)
    chat = first.app.conversations.create("Still here").id
    windows.close(first)
    window = windows.show(ScriptedApp(first.app.paths, ScriptedModel([])))
    window.start()
    qtbot.waitUntil(lambda: window.findChild(PassphraseDialog) is not None)
    asking = window.findChild(PassphraseDialog)
    asking.recover.click()
    recover = asking.findChild(RecoverDialog)
    recover.entry.field.edit.setPlainText("abandon " * 24)
    recover.entry.button.click()
    qtbot.waitUntil(lambda: recover.problem.isVisibleTo(recover), timeout=20_000)
    assert recover.focusWidget() is recover.entry.field.edit
    recover.entry.field.edit.setPlainText(" ".join(words))
    with qtbot.waitSignal(window.startup.noticed, timeout=30_000):
        recover.entry.button.click()
    qtbot.waitUntil(lambda: window.findChild(PassphraseDialog) is None)
    assert [each.id for each in window.app.conversations.list()] == [chat]


def test_a_backup_is_made_and_listed(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    backups = dialog(window, BackupsDialog, "backups")
    backups.backup_button.click()
    assert backups.progress.isVisibleTo(backups)
    qtbot.waitUntil(lambda: backups.said.text() == "The backup is made.", timeout=20_000)
    qtbot.waitUntil(lambda: backups._rows.count() == len(window.app.desk.backups()) > 0)
    assert backups.backup_button.isEnabled()
    backups._rows.itemAt(0).widget().findChild(QPushButton).click()
    assert backups.said.text().endswith(f"desktop-agent backup restore {window.app.desk.backups()[0].name}")
    backups.copies.setValue(3)
    qtbot.waitUntil(lambda: window.app.settings.backup_copies == 3)


def test_everything_goes_into_an_archive_and_comes_back(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    archive = tmp_path / "everything.age"
    window = windows()
    chat = window.app.conversations.create("My cat").id
    window.app.transcript.append(chat, Message("user", "my cat is called Schrödinger"))
    backups = dialog(window, BackupsDialog, "backups")
    backups.export(archive)
    asking = backups.findChild(PassphraseDialog)
    asking.first.setText(PASSPHRASE)
    asking.second.setText(PASSPHRASE)
    asking.button.click()
    qtbot.waitUntil(lambda: "everything.age" in backups.said.text(), timeout=30_000)
    assert b"cat" not in archive.read_bytes()
    window.app.conversations.delete(chat)
    window.app.conversations.purge_deleted()
    backups.import_archive(archive)
    asking = [each for each in backups.findChildren(PassphraseDialog) if each.isVisible()][-1]
    asking.first.setText("not this one")
    asking.button.click()
    qtbot.waitUntil(lambda: asking.problem.isVisibleTo(asking), timeout=30_000)
    asking.first.setText(PASSPHRASE)
    asking.button.click()
    qtbot.waitUntil(lambda: bool(backups.said.text()), timeout=30_000)
    assert backups.said.text().startswith("Imported: 1 chat")
    assert [each.title for each in window.app.conversations.list()] == ["My cat"]


def test_the_backup_of_the_day_is_made_by_itself(qtbot: QtBot, windows: Windows) -> None:
    window = windows()
    qtbot.waitUntil(lambda: len(window.app.desk.backups()) == 1, timeout=20_000)
    with qtbot.waitSignal(window.keeping._hourly.timeout, timeout=2_000):
        window.keeping._hourly.start(1)
    window.keeping._hourly.stop()
    qtbot.wait(100)
    assert len(window.app.desk.backups()) == 1


def test_a_backup_that_fails_is_said(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    home.create().backups.write_text("no folder")
    window = windows()
    qtbot.waitUntil(lambda: any("Today's backup failed" in text for text in window.notices._shown))


class WithoutEmbedder(ScriptedApp):
    """Looks for an embedder, as the real one does."""

    def open_memory(self) -> None:
        App.open_memory(self)


def test_without_an_embedder_memory_says_what_it_lacks(
    qtbot: QtBot, windows: Windows, home: Paths, tmp_path: Path
) -> None:
    window = windows.show(WithoutEmbedder(Paths(home.home, tmp_path / "models"), ScriptedModel([])))
    with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
        window.start()
    (text,) = [text for text in window.notices._shown if "meaning" in text]
    window.notices.memory_wanted.disconnect()  # nothing is downloaded here
    with qtbot.waitSignal(window.notices.memory_wanted):
        window.notices._shown[text].buttons[0].click()


class Served(ScriptedApp):
    """Has a server that answers at one address only."""

    chosen = ("", "", "")

    def check_memory_server(self, url: str, token: str, certificate: str) -> str:
        if "good" not in url:
            raise UserFacingError("The server does not answer.")
        return "The server answers."

    def set_memory_server(self, url: str, token: str, certificate: str) -> None:
        self.chosen = (url, token, certificate)


def test_a_server_is_tried_and_used(qtbot: QtBot, windows: Windows, home: Paths) -> None:
    window = windows.show(Served(home, ScriptedModel([])))
    with qtbot.waitSignal(window.startup.noticed, timeout=10_000):
        window.start()
    index = dialog(window, IndexDialog, "index")
    assert index.here.isChecked()
    assert not index.server.isVisibleTo(index)
    index.elsewhere.click()
    assert "can guess what a text was about" in index.server.findChildren(QLabel)[0].text()
    for button in (index.test_button, index.use_button):
        button.click()
        assert index.said.text() == "Enter the address of the server."
        index.said.clear()
    index.url.setText("https://bad.example:8000")
    index.test_button.click()
    qtbot.waitUntil(lambda: index.said.text() == "The server does not answer.")
    index.url.setText("https://good.example:8000")
    index.token.setText("secret")
    index.test_button.click()
    qtbot.waitUntil(lambda: index.said.text() == "The server answers.")
    index.use_button.click()
    qtbot.waitUntil(lambda: index.said.text() == "The index is kept on the server now.")
    assert window.app.chosen == ("https://good.example:8000", "secret", "")
    index.here.click()
    index.use_button.click()
    qtbot.waitUntil(lambda: window.app.chosen == ("", "", ""))
