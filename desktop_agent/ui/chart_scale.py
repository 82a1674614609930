"""The numbers along a chart's axes. Pure arithmetic."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

TICKS = 5
BINS = 40
"""Bars of a histogram, about, at most."""


@dataclass(frozen=True)
class Scale:
    """Maps values between `low` and `high` to 0 … 1; `ticks` are the round values between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """Return where a value lies, 0 at `low` and 1 at `high`."""
        return (value - self.low) / (self.high - self.low)


def scale(values: Sequence[float], *, from_zero: bool = False) -> Scale:
    """Return a scale with round ends that holds these values, and 0 when it is asked for."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    step = _round_step((high - low) / TICKS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(first * step, last * step, tuple(number * step for number in range(first, last + 1)))


def bins(rows: Sequence[Sequence[float]]) -> tuple[list[float], list[list[int]]]:
    """Return the edges of a histogram, round numbers, and for each row of values how many lie between them."""
    values = [value for row in rows for value in row] or [0.0]
    low, high = min(values), max(values)
    width = _round_step((high - low) / min(BINS, math.sqrt(len(values)))) if high > low else 1.0
    first = math.floor(low / width + 1e-9)
    number = max(1, math.ceil(high / width - 1e-9) - first)
    counts = [[0] * number for _ in rows]
    for row, found in zip(rows, counts, strict=True):
        for value in row:
            found[min(number - 1, max(0, int(value / width - first)))] += 1
    return [(first + each) * width for each in range(number + 1)], counts


def label(value: float) -> str:
    """Return a number short enough for an axis."""
    if value and not 1e-3 <= abs(value) < 1e6:
        return f"{value:.3g}"
    text = f"{value:,.6f}" if abs(value) >= 10_000 else f"{value:.6f}"  # 2026 may be a year
    return text.rstrip("0").rstrip(".")


def _round_step(rough: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= rough * (1 - 1e-9)), 10 * power)
