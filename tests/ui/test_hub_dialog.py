"""The dialog for a mirror and an access token, with a real keyring."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_agent.models.hub_access import HubAccess, has_token
from desktop_agent.settings import config
from desktop_agent.ui.hub_dialog import HubDialog
from desktop_agent.ui.window import MainWindow

from .conftest import Windows

SECRET = "hf_V3rySecretIndeed"
MIRROR = "https://hub.example.org"


@pytest.fixture
def window(windows: Windows, secret_service: None) -> MainWindow:
    return windows()


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> Iterator[HubDialog]:
    made = opened(qtbot, window)
    yield made
    made.close()


def opened(qtbot: QtBot, window: MainWindow) -> HubDialog:
    dialog = HubDialog(window.app, window.background, window)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.token.placeholderText()))
    return dialog


def save(qtbot: QtBot, dialog: HubDialog, address: str, token: str = "") -> str:
    """Enter both, save, and return what the dialog says."""
    dialog.address.setText(address)
    dialog.token.setText(token)
    dialog.save_button.click()
    qtbot.waitUntil(dialog.save_button.isEnabled)
    return dialog.said.text()


def test_a_mirror_and_a_token_are_kept(qtbot: QtBot, window: MainWindow, dialog: HubDialog) -> None:
    assert dialog.token.echoMode() == QLineEdit.EchoMode.Password
    assert not dialog.remove_button.isVisible()
    assert save(qtbot, dialog, f" {MIRROR}/ ", f" {SECRET}\n") == "Saved."
    assert dialog.address.text() == MIRROR
    assert dialog.token.text() == ""
    assert config.load(window.app.paths.settings)[0].hub_endpoint == MIRROR
    assert HubAccess(MIRROR, window.app.paths).token() == SECRET
    qtbot.waitUntil(dialog.remove_button.isVisible)
    again = opened(qtbot, window)
    qtbot.waitUntil(again.remove_button.isVisible)
    assert (again.address.text(), again.token.text()) == (MIRROR, "")
    assert again.token.placeholderText() == "A token is kept; enter another to replace it"
    again.close()


def test_saving_again_keeps_the_token(qtbot: QtBot, window: MainWindow, dialog: HubDialog) -> None:
    save(qtbot, dialog, MIRROR, SECRET)
    assert save(qtbot, dialog, f"{MIRROR}/models") == "Saved."
    assert HubAccess(f"{MIRROR}/models", window.app.paths).token() == SECRET


def test_a_token_does_not_follow_to_another_address(qtbot: QtBot, window: MainWindow, dialog: HubDialog) -> None:
    save(qtbot, dialog, MIRROR, SECRET)
    said = save(qtbot, dialog, "https://other.example.org")
    assert said == "Saved. The token was for the other address and is removed."
    assert not has_token(window.app.paths)


def test_a_token_is_removed(qtbot: QtBot, window: MainWindow, dialog: HubDialog) -> None:
    save(qtbot, dialog, MIRROR, SECRET)
    qtbot.waitUntil(dialog.remove_button.isVisible)
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "The token is removed.")
    qtbot.waitUntil(lambda: not dialog.remove_button.isVisible())
    assert not has_token(window.app.paths)
    assert window.app.settings.hub_endpoint == MIRROR


@pytest.mark.parametrize(
    ("address", "token", "words"),
    [
        ("hub.example.org", "", "hub.example.org is not the address of a mirror."),
        (f"https://me:{SECRET}@hub.example.org", "", "The address of a mirror holds no name and no password"),
        ("http://hub.example.org", SECRET, "http://hub.example.org gets no access token"),
        (MIRROR, "two words", "An access token has only letters, digits and signs, without spaces."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    qtbot: QtBot, window: MainWindow, dialog: HubDialog, address: str, token: str, words: str
) -> None:
    said = save(qtbot, dialog, address, token)
    assert words in said
    assert SECRET not in said
    assert window.app.settings.hub_endpoint == ""
    assert not has_token(window.app.paths)


def test_without_a_keyring_nothing_is_kept(
    qtbot: QtBot, window: MainWindow, dialog: HubDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    assert "keyring only, but" in save(qtbot, dialog, MIRROR, SECRET)
    assert window.app.settings.hub_endpoint == ""
