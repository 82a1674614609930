"""Charts drawn in the colours of the theme: lines, bars, points, a pie, a histogram."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_agent.ui import theme
from desktop_agent.ui.chart_plot import GAP, MOST_LABELS, Plot, Series, series_of, words
from desktop_agent.ui.chart_scale import label

COLOURS = ("accent", "code_function", "code_number", "code_keyword", "danger", "code_type")
"""Of the series in turn; each can be read on the surface of a card in both themes."""
HEIGHT_EMS, WIDTH_EMS = 17, 20


class ChartView(QWidget):
    """Draws a figure of the kind "chart"."""

    def __init__(self, figure: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = str(figure.get("type", "line"))
        self.series = series_of(figure)
        self._labels = (words(figure.get("x_label")), words(figure.get("y_label")))
        self.setFont(theme.current().font("small"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        em = self.fontMetrics().height()
        return QSize(WIDTH_EMS * em, HEIGHT_EMS * em)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 4, -2, -2)
        area = self._draw_legend(painter, area)
        if not any(each.y for each in self.series):
            self._draw_nothing(painter, area)
        elif self.kind == "pie":
            self._draw_pie(painter, area)
        else:
            self._draw_plot(painter, area)
        painter.end()

    def _draw_nothing(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(theme.current().colour("muted"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("No values"))

    def _draw_legend(self, painter: QPainter, area: QRectF) -> QRectF:
        """Name the series above the chart, where there is more than one; return what is left."""
        entries = [(self._colour(number), name) for number, name in enumerate(self._legend())]
        if not entries:
            return area
        metrics = QFontMetricsF(self.font())
        side, x, y = metrics.height() * 0.6, area.left(), area.top()
        for colour, name in entries:
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, area.width() - side - GAP)
            width = side + 5 + metrics.horizontalAdvance(shown) + 2 * GAP
            if x > area.left() and x + width > area.right():
                x, y = area.left(), y + metrics.height() + 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(x, y + (metrics.height() - side) / 2, side, side), 2, 2)
            painter.setPen(theme.current().colour("text"))
            painter.drawText(QPointF(x + side + 5, y + metrics.ascent()), shown)
            x += width
        return area.adjusted(0, y + metrics.height() + GAP - area.top(), 0, 0)

    def _legend(self) -> list[str]:
        if self.kind == "pie":
            return [f"{words(x)} · {label(y)} ({_percent(y, self._slices())})" for x, y in self._slices()]
        names = [each.name for each in self.series]
        return names if len(names) > 1 and any(names) else []

    def _slices(self) -> list[tuple[Any, float]]:
        """Return the parts of the pie: the values of a single series, or one of each."""
        if len(self.series) == 1:
            pairs = list(zip(self.series[0].x, self.series[0].y, strict=True))
        else:
            pairs = [(each.name, sum(each.y)) for each in self.series]
        return [(x, y) for x, y in pairs if y > 0]

    def _draw_pie(self, painter: QPainter, area: QRectF) -> None:
        side = max(20.0, min(area.width(), area.height()) - 4)
        circle = QRectF(area.center().x() - side / 2, area.top() + 2, side, side)
        slices = self._slices()
        total, begun = sum(y for _, y in slices) or 1.0, 90 * 16.0
        painter.setPen(QPen(theme.current().colour("surface"), 1.5))
        for number, (_, value) in enumerate(slices):
            turn = 360 * 16 * value / total
            painter.setBrush(self._colour(number))
            painter.drawPie(circle, round(begun - turn), round(turn))
            begun -= turn

    def _draw_plot(self, painter: QPainter, area: QRectF) -> None:
        plot = Plot(self.kind, self.series)
        metrics = QFontMetricsF(self.font())
        area = self._name_axes(painter, area, metrics)
        beside = max(metrics.horizontalAdvance(label(tick)) for tick in plot.up.ticks) + GAP
        behind = max(metrics.height() / 2, plot.last_mark(metrics) / 2)
        inside = area.adjusted(beside, metrics.height() / 2, -behind, -metrics.height() - 4)
        self._draw_axes(painter, plot, inside, metrics)
        for number, each in enumerate(self.series):
            self._draw_series(painter, plot, inside, number, each)

    def _name_axes(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF) -> QRectF:
        across, up = self._labels
        painter.setPen(theme.current().colour("muted"))
        if up:
            painter.drawText(QPointF(area.left(), area.top() + metrics.ascent()), up)
            area = area.adjusted(0, metrics.height() + 2, 0, 0)
        if across:
            painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, across)
            area = area.adjusted(0, 0, 0, -metrics.height() - 2)
        return area

    def _draw_axes(self, painter: QPainter, plot: "Plot", inside: QRectF, metrics: QFontMetricsF) -> None:
        colours = theme.current()
        for tick in plot.up.ticks:
            y = inside.bottom() - plot.up.share(tick) * inside.height()
            painter.setPen(QPen(colours.colour("border_strong" if tick == 0 else "border"), 1))
            painter.drawLine(QPointF(inside.left(), y), QPointF(inside.right(), y))
            painter.setPen(colours.colour("muted"))
            beside = QRectF(0, y - metrics.height() / 2, inside.left() - GAP / 2, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label(tick))
        painter.setPen(colours.colour("muted"))
        for share, text, room in plot.marks(inside.width(), metrics):
            x = inside.left() + share * inside.width()
            box = QRectF(x - room / 2, inside.bottom() + 4, room, metrics.height())
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, shown)

    def _draw_series(self, painter: QPainter, plot: "Plot", inside: QRectF, number: int, series: Series) -> None:
        colour = self._colour(number)
        if plot.is_bars:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for left, width, low, high in plot.bars(number):
                top = inside.bottom() - high * inside.height()
                painter.drawRect(
                    QRectF(
                        inside.left() + left * inside.width(),
                        top,
                        width * inside.width(),
                        (high - low) * inside.height(),
                    )
                )
            return
        points = [
            QPointF(inside.left() + across * inside.width(), inside.bottom() - plot.up.share(y) * inside.height())
            for across, y in zip(plot.across(series), series.y, strict=True)
        ]
        if self.kind != "scatter":
            painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if self.kind == "scatter" or len(points) <= 2 * MOST_LABELS:
            for point in points:
                painter.drawEllipse(point, 3.2, 3.2)

    def _colour(self, number: int) -> Any:
        """Return a series' colour; after the last of them come lighter or darker ones of the same."""
        colour = theme.current().colour(COLOURS[number % len(COLOURS)])
        again = 100 + 45 * (number // len(COLOURS))
        return colour.darker(again) if theme.current().is_dark else colour.lighter(again)


def _percent(value: float, slices: Sequence[tuple[Any, float]]) -> str:
    return f"{100 * value / (sum(y for _, y in slices) or 1):.0f} %"
