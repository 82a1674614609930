"""Line, bar, scatter, pie and histogram; what only decorates does nothing."""

from collections.abc import Iterable

import guest_figures

_DECORATIONS = """
    annotate autoscale axhline axis axvline clf close colorbar draw fill_between gcf grid invert_yaxis legend margins
    set_aspect set_axisbelow set_xlim set_xticklabels set_xticks set_ylim set_yticklabels set_yticks subplots_adjust
    suptitle text tick_params tight_layout xlim xscale xticks ylim yscale yticks
"""


class Axes:
    """One chart."""

    def __init__(self) -> None:
        self.transAxes = self.xaxis = self.yaxis = self.spines = None
        self._figure = guest_figures.chart("line")
        self._shown = False

    def plot(self, *arguments: object, label: object = "", **style: object) -> list[object]:
        """Draw lines: plot(y), plot(x, y), each with a format that is left out."""
        values = [each for each in arguments if not isinstance(each, str)]
        pairs = [(None, values[0])] if len(values) == 1 else zip(values[::2], values[1::2], strict=True)
        for x, y in pairs:
            self._add("line", y, x, label)
        return [self]

    def scatter(
        self, x: Iterable[object], y: Iterable[object], *more: object, label: object = "", **style: object
    ) -> None:
        """Draw points."""
        self._add("scatter", y, x, label)

    def bar(
        self, x: Iterable[object], height: Iterable[object], *more: object, label: object = "", **style: object
    ) -> None:
        """Draw bars."""
        self._add("bar", height, x, label)

    barh = bar

    def hist(self, x: Iterable[object], *more: object, label: object = "", **style: object) -> None:
        """Draw how often values occur."""
        self._add("histogram", x, None, label)

    def pie(self, x: Iterable[object], *more: object, labels: Iterable[object] | None = None, **style: object) -> None:
        """Draw shares."""
        self._add("pie", x, labels, "")

    def title(self, text: object, *more: object, **style: object) -> None:
        """Write above it."""
        self._figure["title"] = str(text)

    def xlabel(self, text: object, *more: object, **style: object) -> None:
        """Write along x."""
        self._figure["x_label"] = str(text)

    def ylabel(self, text: object, *more: object, **style: object) -> None:
        """Write along y."""
        self._figure["y_label"] = str(text)

    set_title, set_xlabel, set_ylabel = title, xlabel, ylabel

    def _add(self, kind: str, heights: Iterable[object], along: Iterable[object] | None, label: object) -> None:
        self._figure["type"] = kind
        cells = None if along is None else [guest_figures.cell(value) for value in along]
        self._figure["series"].append(guest_figures.points(str(label or ""), list(heights), cells, kind))
        if not self._shown:
            guest_figures.show(self._figure)
            self._shown = True

    def __getattr__(self, name: str) -> object:
        if name in _DECORATIONS.split():
            return _nothing
        raise AttributeError(f"only line, bar, scatter, pie and histogram can be drawn here, not {name}")


class Figure:
    """What axes are on."""

    def add_subplot(self, *arguments: object, **more: object) -> Axes:
        """Return new axes."""
        return subplot()

    def __getattr__(self, name: str) -> object:
        return _nothing


_axes = [Axes()]


def figure(*arguments: object, **more: object) -> Figure:
    """Begin a new chart."""
    _axes.append(Axes())
    return Figure()


def subplot(*arguments: object, **more: object) -> Axes:
    """Begin a new chart and return it."""
    _axes.append(Axes())
    return _axes[-1]


def subplots(nrows: int = 1, ncols: int = 1, **more: object) -> tuple[Figure, object]:
    """Return a figure and its axes: one, a list of them, or rows of them."""
    rows = [[subplot() for _ in range(ncols)] for _ in range(nrows)]
    if nrows == ncols == 1:
        return Figure(), rows[0][0]
    return Figure(), rows[0] if nrows == 1 else [row[0] for row in rows] if ncols == 1 else rows


def gca() -> Axes:
    """Return the chart that is drawn."""
    return _axes[-1]


def show(*arguments: object, **more: object) -> None:
    """Charts are shown as soon as something is drawn; the next one is another."""
    _axes.append(Axes())


close = show


def savefig(name: object, *arguments: object, **more: object) -> None:
    """Say that there is no file."""
    print(f"[{name} was not saved: the chart is shown to the user instead.]")
    show()


def _nothing(*arguments: object, **more: object) -> None:
    """Decorate nothing."""


def __getattr__(name: str) -> object:
    if name in ("style", "cm", "rcParams"):
        return _Anything()
    return getattr(_axes[-1], name)


class _Anything(dict):
    """Takes every setting."""

    def __getattr__(self, name: str) -> object:
        return _nothing
