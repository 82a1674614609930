"""Colours, type and the style sheet; light, dark, or as the system has it."""

import tomllib
from functools import cache
from string import Template
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop_agent.paths import resources

Choice: TypeAlias = Literal["system", "light", "dark"]
FontRole: TypeAlias = Literal["ui", "body", "small", "title", "display", "code"]

SCALES = {"ui": 1.0, "body": 1.1, "small": 0.9, "title": 1.2, "display": 1.85, "code": 0.98}
SMALLEST_POINTS = 10.0
PLAIN_FAMILIES = {"DejaVu Sans", "Bitstream Vera Sans", "Helvetica", "Nimbus Sans", "Arial"}
"""What fontconfig falls back to where no desktop has chosen a font."""
NICER_FAMILIES = ("Inter", "Adwaita Sans", "Cantarell", "Ubuntu", "Noto Sans", "Open Sans", "Noto Sans CJK SC")
CODE_FAMILIES = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "Ubuntu Mono", "Noto Sans Mono")


@cache
def tokens() -> dict[str, dict[str, str]]:
    """Return the colours of both themes by name."""
    return tomllib.loads((resources() / "theme.toml").read_text(encoding="utf-8"))


class Theme(QObject):
    """The look of the whole application. `changed` is emitted after colours were switched."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: Choice = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._ui_font = _ui_font(application.font())
        application.setStyle(QStyleFactory.create("Fusion"))
        application.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def choice(self) -> Choice:
        """What the user chose."""
        return self._choice

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in use."""
        if self._choice == "system":
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice == "dark"

    def choose(self, choice: Choice) -> None:
        """Switch the colours of every window at once."""
        self._choice = choice
        self._apply()
        self.changed.emit()

    def _follow(self) -> None:
        if self._choice == "system":
            self.choose("system")

    def hex(self, name: str) -> str:
        """Return a colour as #RRGGBB."""
        return tokens()["dark" if self.is_dark else "light"][name]

    def colour(self, name: str) -> QColor:
        """Return a colour."""
        return QColor(self.hex(name))

    def font(self, role: FontRole) -> QFont:
        """Return the font of a role, scaled from the system's own size."""
        font = QFont(self._ui_font)
        if role == "code":
            font.setFamilies([*_installed(CODE_FAMILIES), "monospace", *self._ui_font.families()])
            font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPointSizeF(self._ui_font.pointSizeF() * SCALES[role])
        if role in ("title", "display"):
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _apply(self) -> None:
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
        self._application.styleHints().setColorScheme(schemes[self._choice])  # title bars and native dialogs
        self._application.setFont(self._ui_font)
        self._application.setPalette(self._palette())
        self._application.setStyleSheet(self._style_sheet())

    def _style_sheet(self) -> str:
        values = tokens()["dark" if self.is_dark else "light"] | {
            f"font_{role}": f"{self._ui_font.pointSizeF() * scale:.1f}pt" for role, scale in SCALES.items()
        }
        return Template((resources() / "style.qss").read_text(encoding="utf-8")).substitute(values)

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("muted"))
        return palette


_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Accent: "accent",
}


def current() -> Theme:
    """Return the running application's theme."""
    application = QApplication.instance()
    return application.findChild(Theme) or Theme(application)


def _ui_font(system: QFont) -> QFont:
    """Return the system's font; where the system has no opinion, one that is pleasant to read."""
    font = QFont(system)
    nicer = _installed(NICER_FAMILIES)
    if nicer and QFontInfo(system).family() in PLAIN_FAMILIES:
        font.setFamilies([nicer[0], system.family(), *nicer[1:]])
    font.setPointSizeF(max(QFontInfo(system).pointSizeF(), SMALLEST_POINTS))
    return font


def _installed(families: tuple[str, ...]) -> list[str]:
    there = set(QFontDatabase.families())
    return [family for family in families if family in there]
