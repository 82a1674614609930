"""The first thing a new user sees: what this is, and the model to begin with. Later, the list of models."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.download import EMBEDDER, Download
from desktop_agent.ui.forecast_line import Forecasts
from desktop_agent.ui.found_models import FoundModels
from desktop_agent.ui.hub_dialog import HubDialog
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.model_card import ModelCard
from desktop_agent.ui.note import Note
from desktop_agent.ui.sentences import told

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.models.catalogue import ModelEntry
    from desktop_agent.models.pace import Pace

STARTER = "starter"
COLUMN = 680


class ModelsPage(QScrollArea):
    """`chosen` carries the model to use, `completed` says that memory has its own, `left` comes from Back."""

    chosen = Signal(str)
    completed = Signal()
    left = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._app, self._background = app, background
        self.download = Download(app.library, background)
        self.cards: dict[str, ModelCard] = {}
        self.found = FoundModels(app, background)
        self.forecasts = Forecasts(app, background)
        self._failure: Note | None = None
        self._build()
        self.download.progressed.connect(self._show_pace)
        self.download.finished.connect(self._finish)
        self.download.failed.connect(self._fail)
        self.download.cancelled.connect(self.refresh)
        self.found.used.connect(self._finish)
        self.found.failed.connect(self._fail)

    def _build(self) -> None:
        page = QWidget()
        column = QWidget()
        column.setMaximumWidth(COLUMN)
        across = QHBoxLayout(page)
        across.addStretch(1)
        across.addWidget(column, 1000)
        across.addStretch(1)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(20, 28, 20, 28)
        self._column.setSpacing(12)
        self._back = IconButton("chevron-left", self.tr("Back to the chat")).show_text(self.tr("Back"))
        self._back.clicked.connect(self.left)
        self._column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._above = QWidget()
        self._column.addWidget(self._above, 2)
        self._column.addWidget(self._greeting())
        self._starter = QVBoxLayout()
        self._column.addLayout(self._starter)
        self._others = QWidget(visible=False)
        self._list = QVBoxLayout(self._others)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(12)
        self._column.addWidget(self._others)
        self._column.addWidget(self.found)
        self._column.addLayout(self._below())
        self._importing = QLabel(textFormat=Qt.TextFormat.PlainText, visible=False)
        set_look(self._importing, "small")
        self._column.addWidget(self._importing)
        self._column.addStretch(3)
        self.setWidget(page)

    def _greeting(self) -> QWidget:
        self._title = QLabel(wordWrap=True)
        set_look(self._title, "display")
        self._about = QLabel(wordWrap=True)
        set_look(self._about, "muted")
        self._icon = IconLabel("app", size=64)
        greeting = QWidget()
        layout = QVBoxLayout(greeting)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._about)
        return greeting

    def _below(self) -> QHBoxLayout:
        self.others_button = push_button(self.tr("Other models"), "link")
        self.others_button.clicked.connect(lambda: self._others.setVisible(not self._others.isVisibleTo(self)))
        self.import_button = push_button(self.tr("Use a GGUF file I have…"), "link")
        self.import_button.clicked.connect(self._choose_file)
        self.hub_button = push_button(self.tr("Mirror and access token…"), "link")
        self.hub_button.clicked.connect(self._show_hub)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.import_button)
        below.addWidget(self.others_button)
        below.addWidget(self.hub_button)
        below.addStretch()
        return below

    def open(self, *, first_run: bool) -> None:
        """Show the page, as a welcome or as the list of models."""
        self._back.setVisible(not first_run)
        self._icon.setVisible(first_run)
        self._above.setVisible(first_run)
        self.others_button.setVisible(first_run)
        self._others.setVisible(not first_run)
        if first_run:
            self._title.setText(self.tr("Welcome to Desktop Agent"))
            self._about.setText(
                self.tr(
                    "An assistant that runs on this computer: what you write, what it answers and what it remembers "
                    "never leaves it. To begin, it needs a language model, which is downloaded once."
                )
            )
        else:
            self._title.setText(self.tr("Models"))
            self._about.setText(self.tr("Larger models answer better and more slowly. A download can be interrupted."))
        self.refresh()
        self.found.look()

    def cancel(self) -> None:
        """Break off what is being downloaded or taken up, soon."""
        self.download.pause()
        self.found.cancel()
        self.forecasts.stop()

    def refresh(self) -> None:
        """Look at the models folder again."""
        self._background.run(self._look, done=self._show, lane="pool")

    def _look(self) -> "list[tuple[ModelEntry, bool, int]]":
        library = self._app.library
        entries = [entry for entry in library.entries() if entry.role == "chat"]
        return [(entry, library.has(entry), library.downloaded(entry)) for entry in entries]

    def _show(self, models: "list[tuple[ModelEntry, bool, int]]") -> None:
        for entry, here, begun in models:
            card = self.cards.get(entry.name) or self._add(entry)
            card.show_state(self._state(entry.name, here), begun=0 if here else begun)
        self.forecasts.fill(self.cards)

    def _state(self, name: str, here: bool) -> str:
        if self.download.name:
            return "busy" if name == self.download.name else "here" if here else "blocked"
        if not here:
            return "absent"
        in_use = self._app.model is not None and (self._app.settings.model or STARTER) == name
        return "used" if in_use else "here"

    def _add(self, entry: "ModelEntry") -> ModelCard:
        card = self.cards[entry.name] = ModelCard(entry, primary=entry.name == STARTER)
        card.fetched.connect(self._fetch)
        card.used.connect(self.chosen)
        card.paused.connect(self.download.pause)
        card.cancelled.connect(self.download.cancel)
        (self._starter if entry.name == STARTER else self._list).addWidget(card)
        return card

    def _fetch(self, name: str) -> None:
        self._forget_failure()
        self.download.start(name)
        self.refresh()

    def _show_hub(self) -> None:
        dialog = HubDialog(self._app, self._background, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a model file"), "", self.tr("Models (*.gguf)"))
        if name:
            self.import_file(Path(name))

    def import_file(self, file: Path) -> None:
        """Take over a model file of the user's."""
        self._forget_failure()
        self._importing.setText(self.tr("Checking the file…"))
        self._importing.show()
        self.download.start_import(file)
        self.refresh()

    def _show_pace(self, pace: "Pace") -> None:
        if card := self.cards.get(self.download.name):
            card.show_pace(pace)
        else:
            percent = round(100 * pace.done / max(pace.total, 1))
            self._importing.setText(self.tr("Checking the file… {percent} %").format(percent=percent))

    def _finish(self, name: str) -> None:
        self._importing.hide()
        self.refresh()
        if name == EMBEDDER:
            self.completed.emit()
        else:
            self.chosen.emit(name)

    def _fail(self, error: Exception) -> None:
        self._importing.hide()
        self._failure = Note("failure", told(error))
        self._starter.insertWidget(0, self._failure)
        self.refresh()

    def _forget_failure(self) -> None:
        if self._failure:
            self._failure.deleteLater()
            self._failure = None
