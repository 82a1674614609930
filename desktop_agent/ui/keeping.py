"""The dialogs about what is kept and how it is found: recovery phrase, backups, the index."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.backups_dialog import BackupsDialog
from desktop_agent.ui.index_dialog import IndexDialog
from desktop_agent.ui.notices import Notices
from desktop_agent.ui.recovery_dialog import RecoveryDialog
from desktop_agent.ui.settings_menu import SettingsMenu
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App


HOUR_MS = 60 * 60_000


class Keeping(QObject):
    """Opens these dialogs over the window, once the database is open, and makes the day's backup when it is due."""

    def __init__(self, app: "App", background: Background, notices: Notices, window: QWidget) -> None:
        super().__init__(window)
        self._app, self._background, self._notices, self._window = app, background, notices, window
        self._is_open = False
        self._hourly = QTimer(self, interval=HOUR_MS)
        self._hourly.timeout.connect(self.back_up)

    def connect_menu(self, menu: SettingsMenu) -> None:
        """Let the menu's entries open the dialogs."""
        menu.recovery.triggered.connect(self.show_recovery)
        menu.backups.triggered.connect(self.show_backups)
        menu.index.triggered.connect(self.show_index)

    def start(self) -> None:
        """Ask for a check of the recovery phrase when one is due, and see to the backups from now on."""
        self._is_open = True
        self._hourly.start()
        self.back_up()
        self._background.run(self._is_check_due, done=self._remind)

    def back_up(self) -> None:
        """Make today's backup, if it is not there yet."""
        self._background.run(self._app.back_up, done=lambda _: self._notices.refresh(), lane="pool")

    def show_recovery(self) -> None:
        """Show whether there is a recovery phrase, make one, or check it."""
        dialog = RecoveryDialog(self._app.paths, self._background, self._window)
        dialog.confirmed.connect(lambda: self._notices.drop(self._reminder()))
        self._open(dialog)

    def show_backups(self) -> None:
        """Show the backups."""
        if self._is_open:
            self._open(BackupsDialog(self._app, self._background, self._window))

    def show_index(self) -> None:
        """Show the memory's model and the place of its index."""
        if self._is_open:
            self._open(IndexDialog(self._app, self._background, self._window))

    def _open(self, dialog: Sheet) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _is_check_due(self) -> bool:
        from desktop_agent.settings import recovery

        return recovery.status(self._app.paths).due

    def _remind(self, due: bool) -> None:
        if due:
            self._notices.add(self._reminder(), self.tr("Check it…"), self.show_recovery)

    def _reminder(self) -> str:
        return self.tr("Check that you still have your recovery phrase.")
