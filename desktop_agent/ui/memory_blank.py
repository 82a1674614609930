"""What stands where there is nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.icon_label import IconLabel

ICON = 36


class Blank(QWidget):
    """An icon, a line, and a sentence that helps."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, size=ICON)
        self.title = self._label("strong")
        self.about = self._label("muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 48, 16, 48)
        layout.setSpacing(8)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(self.about)

    def say(self, title: str, about: str = "") -> None:
        """Show other words; without `about` it is a passing state, and the icon stays away."""
        self.title.setText(title if about else "")
        self.about.setText(about or title)
        self._icon.setVisible(bool(about))
        self.title.setVisible(bool(about))

    def _label(self, look: str) -> QLabel:
        label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignHCenter)
        set_look(label, look)
        return label
