"""How models run on this computer: what is chosen, and what was measured."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_agent.errors import Cancelled
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.engine_form import EngineForm
from desktop_agent.ui.fields import line, row, say
from desktop_agent.ui.sentences import told
from desktop_agent.ui.sheet import Sheet

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.llm.choices import Choice
    from desktop_agent.models.catalogue import ModelEntry
    from desktop_agent.settings.config import Settings

FRAME = 48
"""Pixels of a screen's height that a window's own frame may take."""
LEAST = 80


class EngineDialog(Sheet):
    """`saved` says that the settings are other ones, `load_wanted` that the model is to be loaded with them."""

    saved = Signal()
    load_wanted = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget) -> None:
        super().__init__(*_words(), parent)
        self.setWindowTitle(self.tr("Model and speed"))
        self._app, self._background = app, background
        self._cancel = threading.Event()
        self._measures = self._closed = False
        self.body.addWidget(self._scrolled())
        self.said = line("", "small")
        self.body.addWidget(self.said)
        self.body.addLayout(self._buttons())
        self.form.changed.connect(self._announce)
        self.finished.connect(self._end)
        self._announce()
        self.refresh()
        self._run(self._drafts, self.form.show_models)

    def refresh(self) -> None:
        """Read again what was measured."""
        self._run(self._app.choice, self._show_choice)

    def save(self) -> None:
        """Use what is chosen from now on, loading the model again where that needs it."""
        changes = self.form.changes()
        settings = self._app.settings.model_copy(update=changes)
        loads = bool(self.form.names([*changes])) and self._app.model is not None
        self._run(lambda: self._app.save_settings(settings), lambda _: self._saved(settings, loads))

    def measure(self) -> None:
        """Find out anew what is fastest, or stop doing so."""
        if self._measures:
            self._cancel.set()
            return
        cancel = self._cancel = threading.Event()
        self._show_measuring(True)
        tell = self._if_open(lambda what: say(self.state, told(what), "small"))
        self._background.run(
            lambda: self._app.tune(self._app.settings.model, lambda what: self._background.post(tell, what), cancel),
            done=self._if_open(self._measured),
            failed=self._if_open(self._not_measured),
            lane="turn",
        )

    def fit(self) -> None:
        """Take the height of the content; what the screen is too low for is scrolled to."""
        inside = self._inside.layout().totalHeightForWidth(self.width() - self._margins())
        around = self.body.totalHeightForWidth(self.width()) - self.area.height()
        self.area.setFixedHeight(max(LEAST, min(inside, self.highest() - around)))
        super().fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is scrolled asks only the scroll area for another layout."""
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            QTimer.singleShot(0, self, self.follow)
        return super().eventFilter(watched, event)

    def highest(self) -> int:
        """Return how high the screen lets the dialog be."""
        return self.screen().availableGeometry().height() - FRAME

    def _margins(self) -> int:
        margins = self.body.contentsMargins()
        return margins.left() + margins.right()

    def _scrolled(self) -> QScrollArea:
        self.form = EngineForm(self._app.settings)
        self._inside = QWidget()
        layout = QVBoxLayout(self._inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.form)
        layout.addLayout(self._measurements())
        layout.addStretch()
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self._inside)
        self._inside.installEventFilter(self)
        self.area.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        return self.area

    def _keep_in_sight(self) -> None:
        """Let the button that ends the measurement not slip below the edge when the progress is shown above it."""
        if self._measures:
            self.area.ensureWidgetVisible(self.measure_button)

    def _measurements(self) -> QVBoxLayout:
        self.found = line("")
        self.progress = QProgressBar(textVisible=False, maximum=0, visible=False)
        self.progress.setAccessibleName(self.tr("Measuring"))
        self.state = line("", "small")
        self.measure_button = self._button(self.tr("Measure again"), self.measure)
        beside = QHBoxLayout()
        beside.addWidget(self.measure_button, 0, Qt.AlignmentFlag.AlignLeft)
        beside.addWidget(self.state, 1)
        layout = QVBoxLayout()
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(8)
        layout.addWidget(line(self.tr("Measured on this computer"), "section"))
        layout.addWidget(self.found)
        layout.addWidget(self.progress)
        layout.addLayout(beside)
        return layout

    def _buttons(self) -> QHBoxLayout:
        self.save_button = self._button(self.tr("Save"), self.save, "primary")
        return row(self._button(self.tr("Close"), self.accept), self.save_button, at_end=2)

    def _button(self, text: str, press: Callable[[], None], look: str = "") -> QPushButton:
        button = push_button(text, look)
        button.clicked.connect(press)
        return button

    def _announce(self) -> None:
        """Say what saving will do."""
        changes = self.form.changes()
        names = self.form.names([*changes]) if self._app.model else []
        self.save_button.setEnabled(bool(changes))
        self.save_button.setText(self.tr("Save and load the model") if names else self.tr("Save"))
        about = self.tr("The model has to be loaded again for: {names}.").format(
            names=QLocale().createSeparatedList(names)
        )
        say(self.said, about if names else "", "small")

    def _saved(self, settings: "Settings", loads: bool) -> None:
        self.form.keep(settings)
        self._announce()
        say(self.said, self.tr("Saved; the model is loaded again.") if loads else self.tr("Saved."), "small")
        self.saved.emit()
        if loads:
            self.load_wanted.emit()

    def _drafts(self) -> "list[ModelEntry]":
        library, used = self._app.library, self._app.settings.model or "starter"
        return [it for it in library.entries() if it.role == "chat" and it.name != used and library.has(it)]

    def _show_choice(self, choice: "Choice | None") -> None:
        sentences = choice.sentences if choice else ()
        nothing = self.tr("Nothing was measured yet for the model that is loaded.")
        say(self.found, "\n".join(map(told, sentences)) or nothing, "" if sentences else "muted")

    def _measured(self, choice: "Choice") -> None:
        self._show_measuring(False)
        self._show_choice(choice)
        if self._app.model:
            say(self.state, self.tr("The model is loaded again with it."), "small")
            self.load_wanted.emit()

    def _not_measured(self, error: Exception) -> None:
        self._show_measuring(False)
        stopped = isinstance(error, Cancelled)
        say(self.state, self.tr("Stopped.") if stopped else told(error), "small" if stopped else "danger")

    def _show_measuring(self, measures: bool) -> None:
        self._measures = measures
        self.progress.setVisible(measures)
        self.measure_button.setText(self.tr("Cancel") if measures else self.tr("Measure again"))
        say(self.state, self.tr("One moment…") if measures else "", "small")

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(work, done=self._if_open(done), failed=self._if_open(self._fail))

    def _fail(self, error: Exception) -> None:
        say(self.said, told(error), "danger")

    def _if_open(self, show: Callable[..., None]) -> Callable[..., None]:
        """Return what shows something as long as the dialog is there."""
        return lambda *what: None if self._closed else show(*what)

    def _end(self) -> None:
        self._closed = True
        self._cancel.set()


def _words() -> tuple[str, str]:
    translate = QCoreApplication.translate
    return (
        translate("EngineDialog", "Model and speed"),
        translate("EngineDialog", "How the model runs on this computer. What is not chosen here is measured."),
    )
