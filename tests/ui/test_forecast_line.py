"""What a card says of a model's speed and memory before it is downloaded."""

from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.models.forecast import Forecast
from desktop_agent.ui.background import Background
from desktop_agent.ui.forecast_line import ForecastLine, Forecasts

GB = 10**9


@pytest.mark.parametrize(
    ("forecast", "look", "words"),
    [
        (
            Forecast(231.7, 12.34, 1_400_000_000, fits=True),
            "small",
            "about 12 tokens/s writing, 230 tokens/s reading · 1.4 GB of memory",
        ),
        (Forecast(0, 0, 1_400_000_000, fits=True), "small", "1.4 GB of memory"),
        (
            Forecast(50, 2, 9_100_000_000, fits=False),
            "warning",
            "too big for this computer: needs 9.1 GB, 6.2 GB are free",
        ),
        (Forecast(50, 2, 6_150_000_000, fits=False), "warning", "too big for this computer: needs 6.2 GB"),
        (Forecast(50, 2, 6_210_000_000, fits=False), "warning", "too big for this computer: needs 6.2 GB"),
    ],
)
def test_a_line_says_what_to_expect(qtbot: QtBot, forecast: Forecast, look: str, words: str) -> None:
    line = ForecastLine()
    qtbot.addWidget(line)
    line.tell(forecast, free=6_200_000_000)
    assert line.text() == words
    assert line.property("look") == look


def test_all_cards_are_filled_and_a_failure_leaves_them_as_they_are(qtbot: QtBot) -> None:
    cards = {name: SimpleNamespace(forecast=ForecastLine()) for name in ("small", "unknown")}
    for card in cards.values():
        qtbot.addWidget(card.forecast)
    background = Background()
    app = SimpleNamespace(
        forecasts=lambda _cancel: {"small": Forecast(0, 0, GB, fits=True), "gone": Forecast(0, 0, 1, True)}
    )
    Forecasts(app, background).fill(cards)
    qtbot.waitUntil(lambda: cards["small"].forecast.text() == "1.0 GB of memory")
    assert not cards["unknown"].forecast.text()
    Forecasts(SimpleNamespace(), background).fill(cards)
    qtbot.wait(50)
    assert cards["small"].forecast.text() == "1.0 GB of memory"
    background.close()
