"""An icon that is no button."""

from PySide6.QtWidgets import QLabel, QWidget

from desktop_agent.ui import icons, theme


class IconLabel(QLabel):
    """Shows an icon as high as the text beside it, or `size` logical pixels."""

    def __init__(self, icon: str, colour: str = "muted", size: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._colour = icon, colour
        self._size = size or round(self.fontMetrics().height() * 1.1)
        theme.current().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(icons.pixmap(self._icon, self._size, self._colour))
