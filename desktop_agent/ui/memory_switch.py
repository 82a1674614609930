"""A check box that looks like a switch."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop_agent.ui import theme

GAP = 9


class Switch(QCheckBox):
    """The words, then the switch, in the colour `on` while it is; everything but the drawing is the check box's."""

    def __init__(self, text: str, on: str = "warning", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._on = on
        theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        metrics, track = self.fontMetrics(), self._track()
        width = metrics.horizontalAdvance(self.text()) + GAP + track.width() + 8
        return QSize(round(width), max(metrics.height(), round(track.height())) + 8)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, track = theme.current(), self._track()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.colour("text" if self.isEnabled() else "muted"))
        words = self.rect().adjusted(4, 0, -round(track.width()) - GAP - 4, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(QPen(colours.colour("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.hasFocus():
            around = track.adjusted(-2.5, -2.5, 2.5, 2.5)
            painter.drawRoundedRect(around, around.height() / 2, around.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour(self._on if self.isChecked() else "border_strong"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        side = track.height() - 5
        left = track.right() - side - 2.5 if self.isChecked() else track.left() + 2.5
        painter.setBrush(colours.colour("surface"))
        painter.drawEllipse(QRectF(left, track.top() + 2.5, side, side))
        painter.end()

    def _track(self) -> QRectF:
        height = self.fontMetrics().height() * 0.95
        width = height * 1.75
        return QRectF(self.width() - width - 4, (self.height() - height) / 2, width, height)
