"""A message at the bottom of the window that goes away by itself."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desktop_agent.ui.buttons import push_button, set_look

SHOWN_MS = 8_000
MARGIN = 14


class Snackbar(QFrame):
    """One message at a time, with at most one thing to do about it; shown above `floor` where that is in sight."""

    def __init__(self, parent: QWidget, floor: QWidget) -> None:
        super().__init__(parent)
        self._floor = floor
        set_look(self, "snack")
        self._action: Callable[[], None] | None = None
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.button = push_button("")
        self.button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setSpacing(14)
        layout.addWidget(self.label)
        layout.addWidget(self.button)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, text: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        """Show a message for a few seconds."""
        self.label.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.layout().setContentsMargins(18, 8, 10 if button else 18, 8)
        self._action = action
        self.show()
        self._place()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _act(self) -> None:
        self._timer.stop()
        self.hide()
        if self._action:
            self._action()

    def _place(self) -> None:
        parent = self.parentWidget()
        room = parent.width() - 2 * MARGIN - 42 - (self.button.sizeHint().width() if self.button.text() else 0)
        wanted = self.label.fontMetrics().horizontalAdvance(self.label.text()) + 2
        self.label.setWordWrap(wanted > room)
        self.label.setFixedWidth(min(wanted, room))
        self.adjustSize()
        place = QPoint(parent.width() // 2, parent.height())
        if self._floor.isVisible():
            place = self._floor.mapTo(parent, QPoint(self._floor.width() // 2, 0))
        left = min(max(place.x() - self.width() // 2, MARGIN), parent.width() - self.width() - MARGIN)
        self.move(left, place.y() - self.height() - MARGIN)
        self.raise_()
