"""A check box that can be seen in both themes and whose words give way in a narrow window."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from desktop_agent.ui import icons, theme

GAP = 8
EDGE = 3
"""Room for the focus ring."""


class Box(QCheckBox):
    """Everything but the drawing is Qt's own check box."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.text()) + GAP if self.text() else 0
        return QSize(self._side() + 2 * EDGE + words, max(self._side() + 2 * EDGE, self.fontMetrics().height() + 2))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side() + 2 * EDGE, self.sizeHint().height())

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, square = theme.current(), self._square()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 1.5))
            painter.drawRoundedRect(square.adjusted(-2, -2, 2, 2), 6, 6)
        filled = self.checkState() != Qt.CheckState.Unchecked
        edge = "muted" if self.isEnabled() else "border_strong"
        painter.setPen(Qt.PenStyle.NoPen if filled else QPen(colours.colour(edge), 1.2))
        painter.setBrush(colours.colour("accent" if self.isEnabled() else "muted") if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, 4, 4)
        self._draw_mark(painter, square)
        painter.setPen(colours.colour("text" if self.isEnabled() else "muted"))
        words = self.rect().adjusted(round(square.right()) + GAP, 0, 0, 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()

    def _draw_mark(self, painter: QPainter, square: QRectF) -> None:
        if self.checkState() == Qt.CheckState.Checked:
            mark = icons.pixmap("check", round(square.width()) - 2, "on_accent")
            painter.drawPixmap(square.topLeft() + QPoint(1, 1), mark)
        elif self.checkState() == Qt.CheckState.PartiallyChecked:
            painter.setPen(QPen(theme.current().colour("on_accent"), 2))
            middle = square.center().y()
            painter.drawLine(
                QPoint(round(square.left()) + 4, round(middle)), QPoint(round(square.right()) - 4, round(middle))
            )

    def _side(self) -> int:
        return round(self.fontMetrics().height() * 0.9)

    def _square(self) -> QRectF:
        return QRectF(EDGE, (self.height() - self._side()) / 2, self._side(), self._side())
