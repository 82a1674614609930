"""Tables and charts that a tool made."""

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui.buttons import CopyButton
from desktop_agent.ui.chart_scale import bins, label, scale
from desktop_agent.ui.chart_view import COLOURS
from desktop_agent.ui.figure_view import FigureView
from desktop_agent.ui.theme import Theme, tokens
from desktop_agent.ui.tool_card import ToolCard

SERIES = [{"name": "A", "x": [1, 2, 3], "y": [4, 1, 9.5]}, {"name": "B", "x": [1, 2, 3], "y": [2, 8, 3]}]
TABLE = {"kind": "table", "title": "Sizes", "columns": ["Name", "kB"], "rows": [["a\u202eb", 12], ["c", None], ["d"]]}


def colours_in(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}


def chart(kind: str, series: object = SERIES) -> dict[str, object]:
    return {"kind": "chart", "type": kind, "title": "T", "x_label": "x", "y_label": "y", "series": series}


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize("kind", ["line", "bar", "scatter", "pie", "histogram"])
def test_each_kind_is_drawn_in_the_colours_of_the_theme(qtbot: QtBot, theme: Theme, kind: str, theme_name: str) -> None:
    theme.choose(theme_name)
    view = FigureView(chart(kind))
    qtbot.addWidget(view)
    view.resize(600, 420)
    view.show()
    found = colours_in(view.chart.grab().toImage())
    assert {tokens()[theme_name][name].lower() for name in COLOURS[:2]} <= found


@pytest.mark.parametrize(
    "series",
    [
        [],
        [{"name": "", "x": [], "y": []}],
        [{"name": "n", "x": [1], "y": [None]}],
        [{"name": "one", "x": ["only"], "y": [0]}],
        [{"name": "big", "x": [1, 2], "y": [-1e300, 1e300]}],
        [{"name": "mixed", "x": ["a", 2, None], "y": [1, float("nan"), True]}],
        [{"name": "uneven", "x": [1, 2, 3], "y": [5]}],
    ],
)
@pytest.mark.parametrize("kind", ["line", "bar", "scatter", "pie", "histogram"])
def test_odd_values_are_drawn_or_left_out(qtbot: QtBot, kind: str, series: object) -> None:
    view = FigureView(chart(kind, series))
    qtbot.addWidget(view)
    view.resize(300, 300)
    assert not view.grab().isNull()


def test_a_table_shows_its_cells_and_hides_nothing(qtbot: QtBot) -> None:
    view = FigureView(TABLE)
    qtbot.addWidget(view)
    assert view.table.rowCount() == 3
    assert view.table.item(0, 0).text() == "a\\u202eb"
    assert view.table.item(1, 1).text() == ""
    view.findChild(CopyButton).click()
    assert QGuiApplication.clipboard().text().splitlines()[:2] == ["Name\tkB", "a\\u202eb\t12"]


def test_a_chart_can_be_read_as_a_table(qtbot: QtBot) -> None:
    view = FigureView(chart("line"))
    qtbot.addWidget(view)
    view.show()
    assert view.chart.accessibleName() == "T"
    view.values.click()
    assert view.table.isVisible()
    assert not view.chart.isVisible()
    assert [view.table.item(0, column).text() for column in range(3)] == ["A", "1", "4"]


def test_a_figure_stands_under_the_card_of_its_tool(qtbot: QtBot) -> None:
    card = ToolCard(ToolCall("1", "run_python", {"code": "show_table([[1]])"}))
    qtbot.addWidget(card)
    card.finish(ToolResult("1", "run_python", "Done.", figure=TABLE))
    card.show()
    assert card.findChild(FigureView).table.isVisible()


def test_the_ends_of_an_axis_are_round() -> None:
    found = scale([3, 17, 96])
    assert (found.low, found.high) == (0, 100)
    assert scale([5, 5]).low < 5 < scale([5, 5]).high
    assert scale([2, 9], from_zero=True).low == 0
    assert [label(value) for value in (2026.0, 0.25, 1234567.0, 12_500.0, 0.0)] == [
        "2026",
        "0.25",
        "1.23e+06",
        "12,500",
        "0",
    ]


def test_a_histogram_counts_every_value_once() -> None:
    edges, counts = bins([[1, 2, 2, 3, 9], [4, 4]])
    assert [sum(row) for row in counts] == [5, 2]
    assert {len(row) for row in counts} == {len(edges) - 1}
    assert edges == sorted(edges)
    assert bins([[4, 4]]) == ([4.0, 5.0], [[2]])
