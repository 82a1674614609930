"""A dialog as high as what it says."""

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import set_look

WIDTH = 480


class Sheet(QDialog):
    """A title, an explanation, and what a subclass adds to `body`."""

    def __init__(self, title: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(WIDTH)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 22, 24, 20)
        self.body.setSpacing(12)
        heading = QLabel(title, wordWrap=True)
        set_look(heading, "title")
        explanation = QLabel(about, wordWrap=True)
        set_look(explanation, "muted")
        self.body.addWidget(heading)
        self.body.addWidget(explanation)

    def event(self, event: QEvent) -> bool:
        """Content asks for a layout whenever it grows or shrinks."""
        if event.type() == QEvent.Type.Show:
            QTimer.singleShot(0, self, self.fit)
        elif event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self.follow)
        return super().event(event)

    def fit(self) -> None:
        """Take the height that the content needs, once it has been laid out."""
        self.body.activate()
        self.resize(self.width(), self.body.totalHeightForWidth(self.width()))
        self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """Move up by as much as the bottom would be out of sight: that is where the buttons are."""
        room = self.screen().availableGeometry()
        over = self.frameGeometry().bottom() - room.bottom()
        if over > 0:
            self.move(self.x(), max(room.top(), self.y() - over))

    def follow(self) -> None:
        """Take another height for other content."""
        self.fit()
