"""Figures come from code that nobody has read: what is shown is checked and cut."""

from typing import Any

import pytest

from desktop_agent.messages import Json
from desktop_agent.tools.figure import COLUMNS, LONGEST, POINTS, ROWS, SERIES, checked, described

HUGE = 10**400


def chart(**more: Json) -> dict[str, Any]:
    return {"kind": "chart", "type": "line", "series": [{"name": "a", "x": [1, 2], "y": [3, 4.5]}], **more}


def table(**more: Json) -> dict[str, Any]:
    return {"kind": "table", "columns": ["a"], "rows": [[1]], **more}


def test_a_chart_is_shown_as_it_was_made() -> None:
    assert checked(chart(title="T", x_label="x", y_label="y")) == chart(title="T", x_label="x", y_label="y")


def test_a_table_is_shown_as_it_was_made() -> None:
    made = table(title="T", columns=["a", "b"], rows=[[1, "x"], [None, 2.5]])
    assert checked(made) == made


@pytest.mark.parametrize(
    "made",
    [
        None,
        [],
        "chart",
        {},
        {"kind": "html", "text": "<b>"},
        chart(type="pyramid"),
        chart(type=["line"]),
        chart(series=[]),
        chart(series=None),
        chart(series=[{"y": []}, {"y": "1234"}, 5]),
        chart(series=[{"y": [None, "x", True, float("nan"), float("inf"), HUGE]}]),
        {"kind": "table"},
        {"kind": "table", "rows": "abc"},
    ],
)
def test_what_is_no_figure_is_not_shown(made: Json) -> None:
    assert checked(made) is None


def test_points_without_a_number_are_left_out() -> None:
    figure = checked(chart(series=[{"x": ["a", "b", "c", "d"], "y": [1, None, "x", 4]}]))
    assert figure is not None
    assert figure["series"] == [{"name": "", "x": ["a", "d"], "y": [1, 4]}]


def test_a_series_without_places_is_counted() -> None:
    figure = checked(chart(series=[{"y": [7, 8]}]))
    assert figure is not None
    assert figure["series"][0]["x"] == [1, 2]


def test_a_histogram_has_values_only() -> None:
    figure = checked(chart(type="histogram", series=[{"x": [1], "y": [5, 6, None]}]))
    assert figure is not None
    assert figure["series"] == [{"name": "", "x": [], "y": [5, 6]}]


def test_figures_are_cut() -> None:
    wide = checked(table(columns=["c"] * 100, rows=[[1] * 100] * 10_000))
    many = checked(chart(series=[{"y": [1] * 100_000}] * 50))
    assert wide is not None
    assert many is not None
    assert (len(wide["columns"]), len(wide["rows"]), len(wide["rows"][0])) == (COLUMNS, ROWS, COLUMNS)
    assert (len(many["series"]), len(many["series"][0]["y"])) == (SERIES, POINTS)


def test_texts_are_cut_and_drive_nothing() -> None:
    figure = checked(table(title="x" * 1000, columns=["a\x1b[31m\nb"], rows=[[True, {"a": 1}, HUGE, "\0\x07"]]))
    assert figure is not None
    assert len(figure["title"]) == LONGEST
    assert figure["columns"] == ["a[31m b"]
    assert figure["rows"][0][:2] == ["True", "{'a': 1}"]
    assert len(figure["rows"][0][2]) <= LONGEST
    assert figure["rows"][0][3] == ""


def test_rows_that_are_none_are_empty() -> None:
    figure = checked(table(rows=[1, "abc", None, [2]]))
    assert figure is not None
    assert figure["rows"] == [[], [], [], [2]]


def test_the_model_is_told_what_the_user_sees() -> None:
    assert described(table()) == "The user sees a table with 1 rows."
    assert described(chart()) == "The user sees a line chart with 2 points."
