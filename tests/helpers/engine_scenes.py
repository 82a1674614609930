"""Pictures of the engine's side of the window: model and speed, resting, measuring, after a crash."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from unittest.mock import patch

from PySide6.QtWidgets import QApplication

from desktop_agent.events import TurnStats
from desktop_agent.llm.choices import Choice
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.tuning_words import Finding
from desktop_agent.models.forecast import forecast
from desktop_agent.ui import translation
from desktop_agent.ui.engine_dialog import EngineDialog
from desktop_agent.ui.theme import Theme

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

COMPARED: dict[str, str | int] = {
    "read": "57",
    "other_read": "33",
    "write": "7.1",
    "other_write": "9.4",
    "memory": "4.4 GB",
    "other_memory": "7.6 GB",
}
MEASURED = Choice(
    EngineSettings(),
    findings=(
        Finding("turn", {"read": 600, "write": 150, "seconds": "32"}),
        Finding("threads", {"reading": 2, "writing": 2}),
        Finding("repack off", COMPARED),
        Finding("draft", {"count": 6}),
    ),
)
MULTIPLY_RATE, MEMORY_RATE = 1.5e11, 1.6e10
"""Those of an ordinary laptop."""
FREE = 5_450_000_000
STATS = TurnStats("m", 412, 52, 360, 120, 0.4, 0.9, 8.4, 4096, 31, 16.2, 312.0)


def take(
    album: "Album", application: QApplication, theme: Theme, studio: "Callable[..., AbstractContextManager[Studio]]"
) -> None:
    """Take them all: light and dark, in English and in Chinese, low and narrow."""
    for language in ("en", "zh_CN"):
        translation.install(application, language)
        for look in ("light", "dark"):
            theme.choose(look)
            with studio(notices=True) as at:
                at.start()
                _take(album, at, f"engine-{look}-{language}")
                _take_models(album, at, f"forecasts-{look}-{language}")


def _take_models(album: "Album", at: "Studio", name: str) -> None:
    from tests.helpers.screenshots import until

    window = at.window
    window.notices.hide()
    window.resize(1180, 660)
    window.show_models(first_run=False)
    until(lambda: "qwen3-8b" in window.models.cards)
    for model, state in (("starter", "used"), ("small", "here"), ("qwen2.5-7b", "absent"), ("qwen3-8b", "absent")):
        card = window.models.cards[model]
        card.show_state(state)
        assert card.entry.shape
        known = forecast(card.entry.shape, multiply_rate=MULTIPLY_RATE, memory_rate=MEMORY_RATE, free=FREE)
        card.forecast.tell(known, FREE)
    album.take(window, name)
    window.resize(420, 600)
    album.take(window, f"{name}-narrow")


def _take(album: "Album", at: "Studio", name: str) -> None:
    window = at.window
    with patch.object(at.app, "choice", lambda: MEASURED):
        window._show_engine()
        dialog = window.findChildren(EngineDialog)[-1]
        album.take(dialog, name)
    dialog.form.context.setCurrentIndex(2)
    dialog.form.threads.setValue(1)
    dialog._show_measuring(True)
    album.take(dialog, f"{name}-changed")
    with patch.object(dialog, "highest", lambda: 420):
        dialog.fit()
        album.take(dialog, f"{name}-low")
    dialog.close()
    window.panel.status.show_speed(STATS)
    window.loading._show_tuning("Trying numbers of threads.")
    album.take(window, f"{name}-measuring")
    window.startup.crashed.emit("qwen2.5-7b-instruct")
    window.resize(420, 640)
    album.take(window, f"{name}-crashed")
    window.loading._show_progress(0.5)
    window.resting._rests = True
    window.resting._show(True)
    window.resize(900, 640)
    album.take(window, f"{name}-resting")
