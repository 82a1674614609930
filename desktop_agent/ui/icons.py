"""The icons of `resources/icons`, drawn in a colour of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desktop_agent.paths import resources
from desktop_agent.ui import theme

SIZES = (16, 20, 24, 32, 48, 64)


@cache
def _drawing(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, size: int, colour: str = "text", ratio: float = 0.0) -> QPixmap:
    """Return an icon `size` logical pixels wide, sharp at the screen's pixel ratio."""
    return _draw(name, size, theme.current().hex(colour), ratio or QApplication.instance().devicePixelRatio())


@cache
def _draw(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    image = QPixmap(QSize(size, size) * ratio)
    image.fill(Qt.GlobalColor.transparent)
    drawing = _drawing(name).replace("currentColor", colour)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: str = "text") -> QIcon:
    """Return an icon; disabled it is drawn in a quieter colour."""
    made = QIcon()
    for size in SIZES[:3]:
        made.addPixmap(pixmap(name, size, colour))
        made.addPixmap(pixmap(name, size, "border_strong"), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """Return the program's own icon."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(pixmap("app", size, ratio=1.0))
        made.addPixmap(pixmap("app", size * 2, ratio=1.0))
    return made
