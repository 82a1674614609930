"""What to expect of a model on this computer, before it is downloaded."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import set_look

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.models.forecast import Forecast


class ForecastLine(QLabel):
    """A line of a model's card; hidden while nothing is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, wordWrap=True, textFormat=Qt.TextFormat.PlainText, visible=False)

    def tell(self, forecast: "Forecast", free: int) -> None:
        """Say how fast the model will be, or that it is too big for the `free` bytes of memory."""
        set_look(self, "small" if forecast.fits else "warning")
        self.setText(self._expected(forecast) if forecast.fits else self._refused(forecast, free))
        self.show()

    def _expected(self, forecast: "Forecast") -> str:
        memory = self.tr("{size} of memory").format(size=formats.size(forecast.memory))
        if not forecast.write_rate:
            return memory
        speed = self.tr("about {writing} writing, {reading} reading").format(
            writing=_rough(forecast.write_rate), reading=_rough(forecast.read_rate)
        )
        return f"{speed} · {memory}"

    def _refused(self, forecast: "Forecast", free: int) -> str:
        size, room = formats.size(forecast.memory), formats.size(free)
        needed = self.tr("too big for this computer: needs {needed}").format(needed=size)
        if free >= forecast.memory or room == size:  # what the rest of the system needs is missing
            return needed
        return self.tr("{too_big}, {free} are free").format(too_big=needed, free=room)


class Forecaster(Protocol):
    """What has such a line."""

    forecast: ForecastLine


class Forecasts(QObject):
    """Fills the lines of all cards, in the background: the first time, the computer is measured for it."""

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(background)
        self._app, self._background = app, background
        self._cancel = threading.Event()
        self._looks = False

    def fill(self, cards: Mapping[str, Forecaster]) -> None:
        """Show what is known of the models that have a card."""
        if not self._looks:
            self._looks = True
            self._background.run(
                self._look, done=lambda known: self._show(cards, *known), failed=self._go_without, lane="pool"
            )

    def stop(self) -> None:
        """Measure no further."""
        self._cancel.set()

    def _look(self) -> "tuple[Mapping[str, Forecast], int]":
        from desktop_agent.models.free_memory import free_memory

        return self._app.forecasts(self._cancel), free_memory()

    def _go_without(self, _error: Exception) -> None:
        """A list of models without figures is still one."""
        self._looks = False

    def _show(self, cards: Mapping[str, Forecaster], forecasts: "Mapping[str, Forecast]", free: int) -> None:
        self._looks = False
        for name, forecast in forecasts.items():
            if card := cards.get(name):
                card.forecast.tell(forecast, free)


def _rough(rate: float) -> str:
    """Return a rate as exact as a forecast can be."""
    return formats.rate(float(f"{rate:.2g}"), exact_below=10)
