"""A frame to which Esc belongs while something is asked or written on it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_agent.ui.buttons import set_look


class MemoryFrame(QFrame):
    """Subclasses say when that is, and what Esc does then; at other times Esc is the window's."""

    def __init__(self, look: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, look)

    @property
    def is_asking(self) -> bool:
        """Whether something is asked or written here."""
        raise NotImplementedError

    def leave(self) -> None:
        """End that; nothing is changed."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape and self.is_asking:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_asking:
            self.leave()
        else:
            super().keyPressEvent(event)
