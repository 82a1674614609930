"""A table or a chart that a tool made, under its card."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_agent.ui.buttons import CopyButton, IconButton, set_look
from desktop_agent.ui.chart_plot import series_of
from desktop_agent.ui.chart_view import ChartView
from desktop_agent.visible import visible

ROWS = 12
"""Rows of a table in sight; the others are reached by scrolling."""
WIDEST, FRAME = 320, 8


class FigureView(QFrame):
    """Shows a figure (see `tools.figure`); a chart can be read as a table too."""

    def __init__(self, figure: dict[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "code")
        self.chart = ChartView(figure) if figure.get("kind") == "chart" else None
        self._rows = _chart_rows(figure) if self.chart else _table_rows(figure)
        self.table = _table(*self._rows, self.tr("Values"))
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(14, 6, 10, 12)
        self._body.setSpacing(6)
        self._body.addLayout(self._head(_text(figure.get("title"))))
        if self.chart:
            self.chart.setAccessibleName(_text(figure.get("title")) or self.tr("Chart"))
            self._body.addWidget(self.chart)
        self._body.addWidget(self.table)
        self.table.setVisible(self.chart is None)

    def _head(self, title: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(4)
        words = QLabel(title, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        set_look(words, "strong")
        head.addWidget(words, 1)
        if self.chart:
            self.values = IconButton("table", self.tr("Show the values"))
            self.values.setCheckable(True)
            self.values.toggled.connect(self._show_values)
            head.addWidget(self.values)
        else:
            rows = QLabel(self.tr("%Ln rows", "", len(self._rows[1])))
            set_look(rows, "small")
            head.addWidget(rows)
        head.addWidget(CopyButton(self._as_text, self.tr("Copy the values")))
        return head

    def _show_values(self, on: bool) -> None:
        self.chart.setVisible(not on)
        self.table.setVisible(on)

    def _as_text(self) -> str:
        """Return the values as a spreadsheet takes them."""
        columns, rows = self._rows
        return "\n".join("\t".join(row) for row in (columns, *rows))


def _table(columns: list[str], rows: list[list[str]], name: str) -> QTableWidget:
    table = QTableWidget(len(rows), len(columns))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(columns)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.verticalHeader().hide()
    for number, row in enumerate(rows):
        for column, value in enumerate(row[: len(columns)]):
            table.setItem(number, column, _cell(value))
    table.resizeColumnsToContents()
    for column in range(len(columns)):
        table.setColumnWidth(column, min(table.columnWidth(column) + 8, WIDEST))
    table.horizontalHeader().setStretchLastSection(True)
    height = sum(table.rowHeight(number) for number in range(min(len(rows), ROWS)))
    bar = table.horizontalScrollBar().sizeHint().height()
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + height + bar + FRAME)
    return table


def _cell(value: str) -> QTableWidgetItem:
    item = QTableWidgetItem(value)
    item.setToolTip(value)
    is_number = value.replace(",", "").replace(".", "", 1).lstrip("-").isdigit()
    side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item


def _table_rows(figure: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    rows = [[_text(value) for value in row] for row in figure.get("rows", ())]
    columns = [_text(each) for each in figure.get("columns", ())]
    wanted = max((len(row) for row in rows), default=0)
    return columns + [""] * (wanted - len(columns)), rows


def _chart_rows(figure: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    columns = ["", _text(figure.get("x_label")) or "x", _text(figure.get("y_label")) or "y"]
    series = series_of(figure)
    rows = [[each.name, _text(x), _text(y)] for each in series for x, y in zip(each.x, each.y, strict=True)]
    if any(each.name for each in series):
        return columns, rows
    return columns[1:], [row[1:] for row in rows]


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    return f"{value:.10g}" if isinstance(value, float) else visible(str(value), kept="")
