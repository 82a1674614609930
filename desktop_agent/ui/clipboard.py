"""The clipboard for tools, which run beside the window's thread, while only that one may look into it."""

import queue

from PySide6.QtCore import QMimeData, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from desktop_agent.errors import UserFacingError

WAIT_SECONDS = 2.0
"""Another program owns what is in the clipboard, and may be slow to hand it over."""


class WindowClipboard(QObject):
    """Implements the tools' Clipboard. Made on the window's thread; any other may ask."""

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked.connect(self._read, Qt.ConnectionType.QueuedConnection)

    def text(self) -> str:
        """Return the text in the clipboard, empty where there is none. Raises UserFacingError when that takes long."""
        answer: queue.Queue[str] = queue.Queue()
        self._asked.emit(answer)
        try:
            return answer.get(timeout=WAIT_SECONDS)
        except queue.Empty as error:
            raise UserFacingError(self.tr("The clipboard did not answer."), self.tr("Copy the text again.")) from error

    @Slot(object)
    def _read(self, answer: "queue.Queue[str]") -> None:
        content: QMimeData | None = QGuiApplication.clipboard().mimeData()
        answer.put(content.text() if content and content.hasText() else "")
