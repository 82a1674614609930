"""The menu behind "Settings"."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop_agent.ui import translation


class SettingsMenu(QMenu):
    """`theme_chosen` and `language_chosen` carry a value of the settings."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, theme: str, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.models = self.addAction(self.tr("Models…"))
        self.engine = self.addAction(self.tr("Model and speed…"))
        self.folders = self.addAction(self.tr("Folders…"))
        self.addSeparator()
        self.pause = self.addAction(self.tr("Pause memory"))
        self.pause.setCheckable(True)
        self.suggest = self.addAction(self.tr("Suggest memories when idle"))
        self.suggest.setCheckable(True)
        self.index = self.addAction(self.tr("Memory model and server…"))
        self.addSeparator()
        self.passphrase = self.addAction(self.tr("Set a passphrase…"))
        self.recovery = self.addAction(self.tr("Recovery phrase…"))
        self.backups = self.addAction(self.tr("Backups and export…"))
        self.addSeparator()
        themes = {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        self._add_choices(self.tr("Theme"), themes, theme, self.theme_chosen)
        languages = {"system": self.tr("As the system"), **translation.LANGUAGES}
        self._add_choices(self.tr("Language"), languages, language, self.language_chosen)
        self.addSeparator()
        self.about = self.addAction(self.tr("About Desktop Agent"))

    def _add_choices(self, title: str, choices: dict[str, str], current: str, chosen: Signal) -> None:
        menu = self.addMenu(title)
        group = QActionGroup(menu)
        for value, text in choices.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == current)
            action.triggered.connect(lambda _checked=False, value=value: chosen.emit(value))
            group.addAction(action)
