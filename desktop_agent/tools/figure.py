"""Figures: tables and charts that a tool shows to the user, as plain values that the window draws.

    {"kind": "table", "title": str, "columns": [str], "rows": [[str | number | null]]}
    {"kind": "chart", "type": "line" | "bar" | "scatter" | "pie" | "histogram", "title": str, "x_label": str,
     "y_label": str, "series": [{"name": str, "x": [str | number], "y": [number]}]}

A series has as many x as y; only those of a histogram, which counts its y, have no x.
"""

import math
from collections.abc import Mapping
from typing import TypeAlias

from desktop_agent.messages import Json
from desktop_agent.visible import without_controls

CHARTS = ("line", "bar", "scatter", "pie", "histogram")
ROWS, COLUMNS, SERIES, POINTS = 500, 30, 12, 5000
LONGEST = 200
"""Characters of a text in it."""
_LARGEST = 10**15
"""Whole numbers beyond it are shown as text: a window's numbers cannot hold them."""

Cell: TypeAlias = str | int | float | None


def checked(made: Json) -> dict[str, Json] | None:
    """Return a figure as it may be shown, cut where it is too long; None for what is none, whoever made it."""
    if not isinstance(made, Mapping):
        return None
    if made.get("kind") == "table":
        return _table(made)
    return _chart(made) if made.get("kind") == "chart" and made.get("type") in CHARTS else None


def described(figure: Mapping[str, Json]) -> str:
    """Return in a sentence what the user sees, for the model, which does not."""
    if figure["kind"] == "table":
        return f"The user sees a table with {len(figure['rows'])} rows."
    points = sum(len(series["y"]) for series in figure["series"])
    return f"The user sees a {figure['type']} chart with {points} points."


def _table(made: Mapping[str, Json]) -> dict[str, Json] | None:
    rows = [_list(row)[:COLUMNS] for row in _list(made.get("rows"))[:ROWS]]
    columns = [_text(each) for each in _list(made.get("columns"))[:COLUMNS]]
    if not rows and not columns:
        return None
    cells = [[_cell(value) for value in row] for row in rows]
    return {"kind": "table", "title": _text(made.get("title")), "columns": columns, "rows": cells}


def _chart(made: Mapping[str, Json]) -> dict[str, Json] | None:
    found = [_series(each, made["type"]) for each in _list(made.get("series"))[:SERIES] if isinstance(each, Mapping)]
    series = [each for each in found if each["y"]]
    if not series:
        return None
    words = {name: _text(made.get(name)) for name in ("title", "x_label", "y_label")}
    return {"kind": "chart", "type": made["type"], **words, "series": series}


def _series(made: Mapping[str, Json], kind: str) -> dict[str, Json]:
    """Return a series without the points that have no number."""
    heights = [_number(value) for value in _list(made.get("y"))[:POINTS]]
    name = _text(made.get("name"))
    if kind == "histogram":
        return {"name": name, "x": [], "y": [height for height in heights if height is not None]}
    along = [_cell(value) for value in _list(made.get("x"))[:POINTS]] or list(range(1, len(heights) + 1))
    points = [(x, y) for x, y in zip(along, heights, strict=False) if y is not None]
    return {"name": name, "x": ["" if x is None else x for x, _ in points], "y": [y for _, y in points]}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _number(value: Json) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) and abs(value) < 10**300 else None
    except OverflowError:  # a whole number that no float holds
        return None


def _cell(value: Json) -> Cell:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and _number(value) is not None:
        return value if isinstance(value, float) or abs(value) <= _LARGEST else str(value)[:LONGEST]
    return _text(value)


def _text(value: Json) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else repr(value)
    return without_controls(text[:LONGEST].replace("\n", " "))
