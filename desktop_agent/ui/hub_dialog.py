"""Where models are downloaded from, and the access token for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_agent.models import hub_access
from desktop_agent.models.hub_access import HubAccess
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import field, line, row, say
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App


class HubDialog(Sheet):
    """Keeps the address of a mirror in the settings, and the token in the keyring."""

    def __init__(self, app: "App", background: Background, parent: QWidget) -> None:
        super().__init__(*_words(), parent)
        self.setWindowTitle(self.tr("Mirror and access token"))
        self._app, self._background = app, background
        self.address = field(self.tr("Address of a mirror, as https://hub.example.org"), text=app.settings.hub_endpoint)
        self.token = field("", secret=True)
        self.said = line("", "small")
        self.body.addWidget(line(self.tr("Mirror"), "section"))
        self.body.addWidget(self.address)
        self.body.addWidget(line(self.tr("Leave it empty to download from the hub itself."), "small"))
        self.body.addWidget(line(self.tr("Access token"), "section"))
        self.body.addLayout(self._token_row())
        self.body.addWidget(line(_privacy(), "small"))
        self.body.addWidget(self.said)
        self.body.addLayout(self._buttons())
        self._background.run(self._has_token, done=self._show_token)

    def save(self) -> None:
        """Use this address, with the token that was entered, else with the one that is kept for it."""
        address, token = self.address.text(), self.token.text().strip()
        self._work(lambda: self._keep(address, token), self._saved)

    def remove_token(self) -> None:
        """Take the token out of the keyring."""
        self._work(lambda: hub_access.drop_token(self._app.paths), self._removed)

    def _token_row(self) -> QHBoxLayout:
        self.remove_button = self._button(self.tr("Remove"), self.remove_token)
        self.remove_button.setAccessibleName(self.tr("Remove the access token"))
        self.remove_button.hide()
        beside = QHBoxLayout()
        beside.addWidget(self.token, 1)
        beside.addWidget(self.remove_button)
        return beside

    def _buttons(self) -> QHBoxLayout:
        self.save_button = self._button(self.tr("Save"), self.save, "primary")
        return row(self._button(self.tr("Close"), self.accept), self.save_button, at_end=2)

    def _button(self, text: str, press: Callable[[], None], look: str = "") -> QPushButton:
        button = push_button(text, look)
        button.clicked.connect(press)
        return button

    def _keep(self, typed: str, token: str) -> bool:
        """Return whether a token was dropped because it was meant for another address. Raises UserFacingError."""
        address = hub_access.checked_endpoint(typed)
        access, before = HubAccess(address, self._app.paths), HubAccess(self._app.settings.hub_endpoint)
        moved = hub_access.origin_of(access.address()) != hub_access.origin_of(before.address())
        drops = moved and not token and self._has_token()
        if token:
            access.keep_token(token)
        elif drops:
            hub_access.drop_token(self._app.paths)
        self._app.save_settings(self._app.settings.model_copy(update={"hub_endpoint": address}))
        return drops

    def _has_token(self) -> bool:
        return hub_access.has_token(self._app.paths)

    def _saved(self, dropped: object) -> None:
        said = self.tr("Saved. The token was for the other address and is removed.") if dropped else self.tr("Saved.")
        self._tell(said)
        self.address.setText(self._app.settings.hub_endpoint)

    def _removed(self, _: object) -> None:
        self._tell(self.tr("The token is removed."))

    def _tell(self, text: str) -> None:
        self._set_busy(False)
        self.token.clear()
        say(self.said, text, "small")
        self._background.run(self._has_token, done=self._show_token)

    def _show_token(self, known: bool) -> None:
        name = self.tr("A token is kept; enter another to replace it") if known else self.tr("Token, if you have one")
        self.token.setPlaceholderText(name)
        self.token.setAccessibleName(name)
        self.remove_button.setVisible(known)

    def _work(self, work: Callable[[], object], done: Callable[[object], None]) -> None:
        self._set_busy(True)
        say(self.said, self.tr("One moment…"), "small")
        self._background.run(work, done=done, failed=self._fail, lane="pool")

    def _fail(self, error: Exception) -> None:
        self._set_busy(False)
        say(self.said, told(error), "danger")

    def _set_busy(self, busy: bool) -> None:
        for button in (self.save_button, self.remove_button):
            button.setEnabled(not busy)


def _privacy() -> str:
    return translate(
        "HubDialog",
        "The token is kept in this computer's keyring, and is sent to this address only, over an encrypted connection.",
    )


def _words() -> tuple[str, str]:
    return (
        translate("HubDialog", "Mirror and access token"),
        translate(
            "HubDialog",
            "Large models come from a model hub. Where it cannot be reached, a mirror may have them; some models are "
            "given only to those who have an access token. Every file is checked, wherever it comes from.",
        ),
    )


translate = QCoreApplication.translate
