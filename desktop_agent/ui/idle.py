"""Whether the user is away from the window."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

IDLE_MS = 3 * 60_000
INPUTS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
    QEvent.Type.ApplicationActivate,
}


class IdleWatch(QObject):
    """`idle_reached` is emitted when nobody used the program for a while, `activity_returned` when somebody does."""

    idle_reached = Signal()
    activity_returned = Signal()

    def __init__(self, parent: QObject, milliseconds: int = IDLE_MS) -> None:
        super().__init__(parent)
        self.is_idle = self._watches = False
        self._timer = QTimer(self, singleShot=True, interval=milliseconds)
        self._timer.timeout.connect(self._rest)

    def start(self, milliseconds: int = 0) -> None:
        """Begin to watch; `milliseconds` is another time to wait, from now on."""
        if milliseconds:
            self._timer.setInterval(milliseconds)
        self._watches = True
        QCoreApplication.instance().installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._watches = False
        QCoreApplication.instance().removeEventFilter(self)
        self._timer.stop()

    def note_activity(self) -> None:
        """Begin to wait anew."""
        if self._watches:
            self._timer.start()
        if self.is_idle:
            self.is_idle = False
            self.activity_returned.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in INPUTS:
            self.note_activity()
        return False

    def _rest(self) -> None:
        self.is_idle = True
        self.idle_reached.emit()
