"""Tables and charts that the code shows: plain values, which the window draws."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from numbers import Real

CHARTS = ("line", "bar", "scatter", "pie", "histogram")
_figures: list[dict[str, object]] = []


def last() -> dict[str, object] | None:
    """Return what was shown last, and say where there was more."""
    if len(_figures) > 1:
        print(f"[Of {len(_figures)} figures only the last is shown: one for each run.]")
    return _figures[-1] if _figures else None


def show_table(rows: Iterable[object], columns: Iterable[object] | None = None, title: object = "") -> None:
    """Show rows (sequences or dicts), or a dict of columns, as a table."""
    heads = [str(column) for column in columns] if columns is not None else []
    if isinstance(rows, Mapping):
        heads, rows = _columns(rows, heads)
    listed = list(rows)
    if listed and all(isinstance(row, Mapping) for row in listed):
        heads = heads or [str(key) for key in dict.fromkeys(itertools.chain.from_iterable(listed))]
        listed = [[{str(key): value for key, value in row.items()}.get(head) for head in heads] for row in listed]
    cells = [[cell(value) for value in _row(row)] for row in listed]
    _figures.append({"kind": "table", "title": str(title), "columns": heads, "rows": cells})


def show_chart(  # noqa: PLR0913, PLR0917 -- what a chart has
    kind: str,
    series: object,
    title: object = "",
    x_label: object = "",
    y_label: object = "",
    x: Iterable[object] | None = None,
) -> None:
    """Show a chart of {name: values}, {label: number}, [values], [(x, y), …] or [{"name": …, "x": …, "y": …}]."""
    if kind not in CHARTS:
        raise ValueError(f"show_chart draws {', '.join(CHARTS)}, not {kind!r}")
    along = [cell(value) for value in x] if x is not None else None
    named = [points(name, values, along, kind) for name, values in _named(series)]
    show({**chart(kind), "title": str(title), "x_label": str(x_label), "y_label": str(y_label), "series": named})


def chart(kind: str) -> dict[str, object]:
    """Return a chart with nothing in it."""
    return {"kind": "chart", "type": kind, "title": "", "x_label": "", "y_label": "", "series": []}


def show(figure: dict[str, object]) -> None:
    """Show a figure, as it will be when the run ends."""
    _figures.append(figure)


def _columns(table: Mapping[object, object], heads: list[str]) -> tuple[list[str], list[object]]:
    """Return heads and rows of {column: cells}, or of {name: value}."""
    if table and all(_is_list(cells) for cells in table.values()):
        return heads or [str(name) for name in table], list(itertools.zip_longest(*table.values()))
    return heads, list(table.items())


def _row(row: object) -> Iterable[object]:
    if isinstance(row, Mapping):
        return row.values()
    return row if isinstance(row, Iterable) and not isinstance(row, str) else (row,)


def _named(series: object) -> Iterable[tuple[str, object]]:
    if isinstance(series, Mapping):
        if _is_list(series.get("y")) and _is_list(series.get("x", ())):
            return [(str(series.get("name", "")), series)]
        if all(_is_list(values) for values in series.values()):
            return [(str(name), values) for name, values in series.items()]
        return [("", list(series.items()))]
    values = list(series)
    if values and all(isinstance(each, Mapping) for each in values):
        return [(str(each.get("name", "")), each) for each in values]
    if values and all(_is_list(each) and len(each) != 2 for each in values):
        return [(str(number), each) for number, each in enumerate(values, 1)]
    return [("", values)]


def points(name: str, values: object, along: list[object] | None, kind: str) -> dict[str, object]:
    """Return a series with as many places as values."""
    if isinstance(values, Mapping):
        along = [cell(value) for value in values["x"]] if values.get("x") is not None else along
        values = values["y"]
    found = list(values)
    if found and all(_is_list(point) and len(point) == 2 for point in found):
        along, found = [cell(point[0]) for point in found], [point[1] for point in found]
    heights = [_number(point) for point in found]
    if kind == "histogram":
        return {"name": name, "x": [], "y": heights}
    if along is None:
        along = list(range(1, len(heights) + 1)) if kind != "line" else list(range(len(heights)))
    if len(along) != len(heights):
        raise ValueError(f"there are {len(along)} values along x and {len(heights)} of {name or 'the series'}")
    return {"name": name, "x": along, "y": heights}


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _number(value: object) -> float | int | None:
    if value is None:
        return None
    number = value if isinstance(value, int) else float(value)
    return number if isinstance(number, int) or math.isfinite(number) else None


def cell(value: object) -> object:
    """Return a value as a table or an axis holds it: a number, a text or nothing."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Real):
        return _number(value)
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)
