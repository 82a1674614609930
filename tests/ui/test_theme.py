"""Colours: readable in both themes, and switched everywhere at once."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_agent.ui.code_block import CodeBlock
from desktop_agent.ui.prose_view import ProseView
from desktop_agent.ui.theme import Theme, tokens

from .conftest import Windows

READABLE = 4.5
PLACES = ("window", "sidebar", "surface", "hover", "selected", "sunken", "bubble", "accent_soft")
PAIRS = [
    *((ink, place) for ink in ("text", "muted") for place in PLACES),
    *((ink, place) for ink in ("accent", "danger") for place in ("window", "surface", "sunken", "bubble")),
    *((ink, "sunken") for ink in tokens()["light"] if ink.startswith("code_")),
    *(("text", place) for place in ("danger_soft", "warning_soft", "selection")),
    ("warning", "window"),
    ("warning", "warning_soft"),
    ("danger", "danger_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent", "accent_soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme_name", ["light", "dark"])
@pytest.mark.parametrize(("ink", "place"), PAIRS)
def test_text_can_be_read(theme_name: str, ink: str, place: str) -> None:
    colours = tokens()[theme_name]
    assert contrast(colours[ink], colours[place]) >= READABLE


def test_both_themes_name_the_same_colours() -> None:
    assert tokens()["light"].keys() == tokens()["dark"].keys()


def test_the_whole_window_changes_at_once(qtbot: QtBot, windows: Windows, theme: Theme) -> None:
    window = windows("`code` and\n\n```python\nimport os\n```\n")
    window.chat.send("Code?")
    qtbot.waitUntil(lambda: window.chat.turns.live is None)
    view = window.panel.transcript.views[0]
    for choice in ("dark", "light"):
        window._choose_theme(choice)
        colours = tokens()[choice]
        assert colours["sunken"].lower() in view.findChild(ProseView).toHtml()
        block = view.findChild(CodeBlock).view.document().firstBlock()
        assert block.layout().formats()[0].format.foreground().color().name() == colours["code_keyword"].lower()
        picture = window.grab().toImage()
        assert picture.pixelColor(window.width() - 40, 200).name() == colours["window"].lower()
    qtbot.waitUntil(lambda: window.app.settings.theme == "light")


def test_fonts_scale_with_the_systems(theme: Theme) -> None:
    sizes = [theme.font(role).pointSizeF() for role in ("small", "ui", "body", "title", "display")]
    assert sizes == sorted(sizes)
    assert sizes[0] >= 8.5
