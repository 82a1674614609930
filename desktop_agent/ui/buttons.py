"""Buttons with icons that follow the theme."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from desktop_agent.ui import icons, theme

COPIED_MS = 1600


class IconButton(QToolButton):
    """A button that is mostly its icon; `label` is its tooltip and its name for screen readers."""

    def __init__(self, icon: str, label: str, colour: str = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._colour = icon, colour
        self.setToolTip(label)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        side = round(self.fontMetrics().height() * 1.15)
        self.setIconSize(QSize(side, side))
        theme.current().changed.connect(self._draw)
        self._draw()

    def show_icon(self, icon: str, colour: str = "") -> None:
        """Change the icon."""
        self._icon, self._colour = icon, colour or self._colour
        self._draw()

    def show_text(self, text: str, look: str = "labelled") -> "IconButton":
        """Put words beside the icon; returns self."""
        self.setText(text)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_look(self, look)
        if look in ("small", "chip"):
            side = round(self.fontMetrics().height() * 0.95)
            self.setIconSize(QSize(side, side))
        return self

    def _draw(self) -> None:
        self.setIcon(icons.icon(self._icon, self._colour))


class CopyButton(IconButton):
    """Copies what `source` returns, and says so for a moment."""

    def __init__(self, source: Callable[[], str], label: str, parent: QWidget | None = None) -> None:
        super().__init__("copy", label, parent=parent)
        self._source = source
        self._label = self.tr("Copy")
        self._quiet = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._quiet.timeout.connect(self._rest)
        self.show_text(self._label, "small")
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._source())
        self.show_icon("check")
        self.setText(self.tr("Copied"))
        self._quiet.start()

    def _rest(self) -> None:
        self.show_icon("copy")
        self.setText(self._label)


def push_button(text: str, look: str = "", parent: QWidget | None = None) -> QPushButton:
    """Return a button with a look of the style sheet."""
    button = QPushButton(text, parent)
    button.setAutoDefault(False)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_look(button, look)
    return button


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget another look of the style sheet."""
    widget.setProperty("look", look)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
