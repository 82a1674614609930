"""What the user should read once, at the top of the window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.banner import Banner
from desktop_agent.ui.passphrase_dialog import PassphraseDialog

if TYPE_CHECKING:
    from desktop_agent.app import App


class Notices(QWidget):
    """A stack of banners; each is shown once. `secured` is emitted when a passphrase was set."""

    secured = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._background = app, background
        self._shown: dict[str, Banner] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)

    def refresh(self) -> None:
        """Show the App's notices that were not shown yet."""
        for text in self._app.notices:
            self.add(text, self.tr("Set a passphrase…") if "passphrase" in text.lower() else "")

    def add(self, text: str, action: str = "") -> None:
        """Show a sentence, with a button that leads to the passphrase when `action` names it."""
        if text not in self._shown:
            banner = self._shown[text] = Banner(text, action)
            banner.pressed.connect(self.set_passphrase)
            self.layout().addWidget(banner)

    def set_passphrase(self) -> None:
        """Let the user choose a passphrase."""
        dialog = PassphraseDialog(twice=True, parent=self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.entered.connect(lambda text: self._keep(text, dialog))
        dialog.open()

    def _keep(self, passphrase: str, dialog: PassphraseDialog) -> None:
        self._background.run(
            lambda: self._app.set_passphrase(passphrase),
            done=lambda _: self._kept(dialog),
            failed=lambda error: dialog.show_problem(str(error)),
        )

    def _kept(self, dialog: PassphraseDialog) -> None:
        dialog.accept()
        for banner in self._shown.values():
            banner.hide()
        self.secured.emit()
