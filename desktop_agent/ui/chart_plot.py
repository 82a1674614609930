"""What a chart shows and where it lies, in shares of its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QFontMetricsF

from desktop_agent.ui.chart_scale import Scale, bins, label, scale
from desktop_agent.visible import visible

GAP = 8
"""Pixels between words."""
MOST_LABELS = 12
BAR = 0.72
"""The share of its place that a group of bars takes."""


@dataclass(frozen=True)
class Series:
    """One row of values. `x` are numbers, or names of what is counted; empty for 1, 2, 3 …"""

    name: str
    x: tuple[Any, ...]
    y: tuple[float, ...]


def series_of(figure: dict[str, Any]) -> list[Series]:
    """Return what a chart shows; a value that is no number is left out."""
    return [_series(each) for each in figure.get("series", ())]


def _series(data: dict[str, Any]) -> Series:
    values = list(data.get("y") or ())
    places = list(data.get("x") or ()) or list(range(1, len(values) + 1))
    if not values:  # a histogram may come as bare values
        values, places = places, list(range(1, len(places) + 1))
    pairs = [(place, float(value)) for place, value in zip(places, values, strict=False) if is_number(value)]
    return Series(visible(str(data.get("name", "")), kept=""), tuple(x for x, _ in pairs), tuple(y for _, y in pairs))


def is_number(value: object) -> bool:
    """Return whether a value can be drawn."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124 -- NaN


class Plot:
    """Where the values of a chart with axes lie, in shares of its area."""

    def __init__(self, kind: str, series: Sequence[Series]) -> None:
        self._series = series
        self.is_bars = kind in ("bar", "histogram")
        self._edges, self._counts = bins([each.y for each in series]) if kind == "histogram" else ([], [])
        named = any(not is_number(x) for each in series for x in each.x)
        named = named or kind == "bar"
        self._names = (
            [] if self._counts or not named else list(dict.fromkeys(words(x) for each in series for x in each.x))
        )
        values = [float(y) for row in self._counts for y in row] or [y for each in series for y in each.y]
        self.up = scale(values, from_zero=self.is_bars)
        self._across: Scale | None = None
        if self._counts:
            self._across = Scale(self._edges[0], self._edges[-1], tuple(self._edges))
        elif not self._names:
            self._across = scale([float(x) for each in series for x in each.x])

    def across(self, series: Series) -> list[float]:
        """Return where the values of a series lie from left to right."""
        if self._across:
            return [self._across.share(float(x)) for x in series.x]
        return [(self._names.index(words(x)) + 0.5) / len(self._names) for x in series.x]

    def bars(self, number: int) -> list[tuple[float, float, float, float]]:
        """Return left, width, bottom and top of each bar of a series."""
        zero = self.up.share(0.0)
        places = len(self._edges) - 1 if self._counts else len(self._names)
        width = (0.94 if self._counts else BAR) / places / len(self._series)
        first = (number - len(self._series) / 2) * width
        if self._counts:
            middles, values = [(place + 0.5) / places for place in range(places)], map(float, self._counts[number])
        else:
            middles, values = self.across(self._series[number]), iter(self._series[number].y)
        found = [(x + first, width, y) for x, y in zip(middles, values, strict=True)]
        return [(left, wide, *sorted((zero, self.up.share(y)))) for left, wide, y in found]

    def last_mark(self, metrics: QFontMetricsF) -> float:
        """Return how wide the number at the right end of the axis is; names stand in the middle of their places."""
        return metrics.horizontalAdvance(label(self._across.high)) if self._across else 0

    def marks(self, width: float, metrics: QFontMetricsF) -> list[tuple[float, str, float]]:
        """Return the words below the axis: where, which, and how wide they may be."""
        if self._across:
            ticks = self._across.ticks
            named = [(self._across.share(tick), label(tick)) for tick in ticks]
        else:
            named = [((number + 0.5) / len(self._names), name) for number, name in enumerate(self._names)]
        longest = max(metrics.horizontalAdvance(text) for _, text in named) + GAP
        most = max(1, min(MOST_LABELS, int(width / min(longest, 6 * metrics.height()))))
        every = -(-len(named) // most)
        shown = named[::every]
        room = width / max(1, len(named)) * every
        return [(place, text, room) for place, text in shown]


def words(value: object) -> str:
    """Return a value as it is written beside a chart; nothing in it can hide."""
    if is_number(value):
        return label(float(value))
    return visible(str(value), kept="") if value is not None else ""
