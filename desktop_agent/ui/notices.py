"""What the user should read once, at the top of the window."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.banner import Banner
from desktop_agent.ui.download import EMBEDDER
from desktop_agent.ui.passphrase_dialog import PassphraseDialog
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.models.catalogue import ModelEntry

KEY_FILE = "desktop-agent key passphrase"
"""What the App's notice of a key file tells the terminal's user to run."""
BY_WORDS = "Memory finds what was said by its words only"
"""How the App's notice begins when there is no index, for want of a model or for another reason."""


class Notices(QWidget):
    """A stack of banners; each is shown once.

    `secured` is emitted when a passphrase was set, `memory_wanted` when the user wants what memory lacks.
    """

    secured = Signal()
    memory_wanted = Signal()

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
            if KEY_FILE in text:
                plain = self.tr(
                    "The key to your chats lies in a file that only this account can read: no keyring is running."
                )
                self.add(plain, self.tr("Set a passphrase…"), self.set_passphrase, details=text)
            elif text.startswith(BY_WORDS) and not self._app.library.has(self._embedder):
                size = formats.size(self._embedder.bytes)
                words = self.tr(
                    "Memory finds what was said by its words only. "
                    "To find it by its meaning too, it needs a small model ({size})."
                )
                self.add(words.format(size=size), self.tr("Download"), self.memory_wanted.emit)
            else:
                self.add(told(text))

    def add(self, text: str, action: str = "", press: Callable[[], None] | None = None, details: str = "") -> None:
        """Show a sentence, with a button when there is something to do about it, and details on demand."""
        self.offer(text, {action: press} if press else {}, details)

    def offer(self, text: str, actions: Mapping[str, Callable[[], None]], details: str = "", icon: str = "") -> None:
        """Show a sentence, with a button for each thing that can be done about it."""
        if text not in self._shown:
            banner = self._shown[text] = Banner(text, actions, icon)
            banner.label.setToolTip(details)
            self.layout().addWidget(banner)

    def remind(self, text: str, actions: Mapping[str, Callable[[], None]]) -> None:
        """Show a reminder; each of the actions ends it. One that comes again is shown again."""
        self.drop(text)
        self._shown.pop(text, None)

        def ending(act: Callable[[], None]) -> Callable[[], None]:
            return lambda: (self.drop(text), act())

        self.offer(text, {words: ending(act) for words, act in actions.items()}, icon="bell")

    def drop(self, text: str) -> None:
        """Show one of them no more."""
        if text in self._shown:
            self._shown[text].hide()

    def drop_all(self) -> None:
        """Show none of them any more."""
        for banner in self._shown.values():
            banner.hide()

    @property
    def _embedder(self) -> "ModelEntry":
        return self._app.library.entry(EMBEDDER)

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
            failed=lambda error: dialog.show_problem(told(error)),
        )

    def _kept(self, dialog: PassphraseDialog) -> None:
        dialog.accept()
        self.drop_all()
        self.secured.emit()
