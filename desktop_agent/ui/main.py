"""Opens the window."""

import locale
import signal
import socket
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from desktop_agent.ui import icons, translation
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.window import MainWindow

if TYPE_CHECKING:
    from desktop_agent.app import App


def run(app: "App") -> int:
    """Show the window over an App that is not open yet, and return the exit code once it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    for category in (locale.LC_NUMERIC, locale.LC_TIME):
        locale.setlocale(category, "C")  # Qt takes the user's; the model's files and prompts must not depend on it
    application.setApplicationName("Desktop Agent")
    application.setDesktopFileName("desktop-agent")
    translation.install(application, app.settings.language)
    Theme(application, app.settings.theme)
    application.setWindowIcon(icons.app_icon())
    window = MainWindow(app)
    _Signals(window)
    window.show()
    QTimer.singleShot(0, window, window.start)
    code = application.exec()
    window.shut_down()
    return code


class _Signals(QSocketNotifier):
    """Closes the window on Ctrl-C in the terminal and on SIGTERM: Qt's loop would not let Python see them."""

    def __init__(self, window: MainWindow) -> None:
        self._ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        super().__init__(self._ours.fileno(), QSocketNotifier.Type.Read, window)
        self._theirs = theirs
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        self.activated.connect(window.close_at_once)
