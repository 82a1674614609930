"""Reminders whose time has come: a notification of the desktop where there is one, and a banner that stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from desktop_agent.records import Reminder
from desktop_agent.ui import icons
from desktop_agent.ui.background import Background
from desktop_agent.ui.notices import Notices
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App

LOOK_MS = 15_000
SOON = timedelta(minutes=10)
SHOWN_MS = 20_000


class Reminding(QObject):
    """Looks from time to time what is due. `opened` says that the user wants to see the reminders."""

    opened = Signal()
    changed = Signal()

    def __init__(self, app: "App", background: Background, notices: Notices) -> None:
        super().__init__(background)
        self._app, self._background, self._notices = app, background, notices
        self._tray: QSystemTrayIcon | None = None
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and then again and again; what fell due while the program was closed is shown too."""
        self._looking.start()
        self.look()

    def stop(self) -> None:
        """Look no longer."""
        self._looking.stop()
        if self._tray:
            self._tray.hide()

    def look(self) -> None:
        """Show what is due."""
        self._background.run(lambda: self._app.tool_desk.due_reminders(), done=self._show)  # noqa: PLW0108

    def _show(self, due: list[Reminder]) -> None:
        for reminder in due:
            text = visible(reminder.text, kept="")
            self._notify(text)
            actions = {
                self.tr("Done"): lambda reminder=reminder: self._finish(reminder),
                self.tr("In 10 minutes"): lambda reminder=reminder: self._later(reminder),
            }
            self._notices.remind(self.tr("Reminder: {text}").format(text=text), actions)
        if due:
            self.changed.emit()

    def _notify(self, text: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icons.app_icon(), self)
            self._tray.setToolTip(QGuiApplication.applicationDisplayName())
            self._tray.messageClicked.connect(self.opened)
            self._tray.activated.connect(lambda _reason: self.opened.emit())
        self._tray.show()
        self._tray.showMessage(self.tr("Reminder"), text, icons.app_icon(), SHOWN_MS)

    def _finish(self, reminder: Reminder) -> None:
        if reminder.repeat:
            return  # the next time is set already
        desk = self._app.tool_desk
        self._background.run(lambda: desk.finish_reminder(reminder.id), done=lambda _: self.changed.emit())

    def _later(self, reminder: Reminder) -> None:
        """Remind once more soon; one that repeats has its next time set already, and keeps it."""
        desk, when = self._app.tool_desk, (datetime.now(UTC) + SOON).isoformat()

        def work() -> None:
            if reminder.repeat:
                desk.add_reminder(reminder.text, when)
            else:
                desk.put_reminder(replace(reminder, due_at=when))

        self._background.run(work, done=lambda _: self.changed.emit())
