"""Pictures of downloads: the states of a model's card, and the dialog for a mirror."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_agent.models.pace import Pace
from desktop_agent.ui import translation
from desktop_agent.ui.hub_dialog import HubDialog
from desktop_agent.ui.theme import Theme

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

LANGUAGES = ("en", "zh_CN")
PACES = {
    "starter": ("busy", Pace(412_000_000, 1_164_000_000, 8_300_000, 91.0)),
    "small": ("busy", Pace(204_000_000, 491_400_064, 0.0, None, "waiting", 7.4)),
    "qwen2.5-7b": ("busy", Pace(1_600_000_000, 4_683_074_240, 0.0, None, "checking")),
    "qwen3-8b": ("absent", Pace(2_210_000_000, 5_027_783_488, 0.0, None)),
}


def take(
    album: "Album", application: QApplication, theme: Theme, studio: "Callable[..., AbstractContextManager[Studio]]"
) -> None:
    """Take all of them, light and dark, in both languages."""
    for language in LANGUAGES:
        translation.install(application, language)
        for look in ("light", "dark"):
            theme.choose(look)
            with studio() as at:
                _take(album, at, "" if (language, look) == ("en", "light") else f"-{language}-{look}")
    translation.install(application, "en")
    theme.choose("light")


def _take(album: "Album", at: "Studio", name: str) -> None:
    window = at.window
    window.startup.opened.disconnect()
    window.show_models(first_run=False)
    _settle()
    for model, (state, pace) in PACES.items():
        card = window.models.cards[model]
        card.show_state(state, begun=pace.done)
        if state == "busy":
            card.show_pace(pace)
    album.take(window, f"downloads{name}")
    window.resize(560, 780)
    album.take(window, f"downloads-narrow{name}")
    dialog = HubDialog(at.app, window.background, window)
    dialog.show()
    _settle()
    dialog.address.setText("hub.example.org")
    dialog.save()
    album.take(dialog, f"mirror{name}")
    dialog.close()


def _settle() -> None:
    from tests.helpers.screenshots import settle

    settle()
