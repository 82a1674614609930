"""What happens behind the window when the program starts: the database, then memory's index and the model."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background

if TYPE_CHECKING:
    from desktop_agent.app import App

STEP = 0.01
"""Progress smaller than this is not worth a repaint."""


class Startup(QObject):
    """Opens and loads in the background. Signals: what happened; errors are carried as exceptions.

    `tuning` says what is tried before a model is loaded for the first time, `crashed` carries the model whose load
    ended the program.
    """

    opened = Signal()
    passphrase_wanted = Signal(object)
    open_failed = Signal(object)
    loading = Signal(float)
    tuning = Signal(str)
    crashed = Signal(str)
    loaded = Signal()
    model_missing = Signal(object)
    load_failed = Signal(object)
    noticed = Signal()

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(background)
        self._app, self._background = app, background
        self._gives_up = False
        self._cancel = threading.Event()

    def open(self, passphrase: str = "") -> None:
        """Open the database."""
        asked: Callable[[], str] | None = (lambda: passphrase) if passphrase else None
        self._background.run(lambda: self._app.open(asked), done=lambda _: self._opened(), failed=self._not_opened)

    def begin(self) -> None:
        """Load the model, unless the program died when it last tried to."""
        if name := self._app.crashed_model:
            self.crashed.emit(name)
        else:
            self.load()

    def load(self, name: str = "") -> None:
        """Load a model, then what memory needs."""
        self._load(
            lambda: self._app.load_model(name, self._progress(), tune=True, tell=self._tell, cancel=self._cancel)
        )

    def wake(self) -> None:
        """Load the model again after it was unloaded."""
        self._load(lambda: None if self._app.model else self._app.load_model("", self._progress(), cancel=self._cancel))

    def _load(self, work: Callable[[], None]) -> None:
        self.loading.emit(0.0)
        self._background.run(work, done=lambda _: self._loaded(), failed=self._not_loaded, lane="turn")

    def open_memory(self) -> None:
        """Open memory's index, unless it is open."""
        self._background.run(self._app.open_memory, done=lambda _: self.noticed.emit(), lane="pool")

    def give_up(self) -> None:
        """Break off loading, soon."""
        self._gives_up = True
        self._cancel.set()

    def _opened(self) -> None:
        self.opened.emit()
        self._background.run(self._open_memory_early, lane="pool")

    def _open_memory_early(self) -> None:
        """Open memory's index beside the model, unless what it needs is still to be fetched along with a model."""
        library = self._app.library
        if any(entry.role == "embedding" and library.has(entry) for entry in library.entries()):
            self._app.open_memory()

    def _tell(self, what: str) -> None:
        self._background.post(self.tuning.emit, what)

    def _progress(self) -> Callable[[float], bool]:
        last = 0.0

        def tell(fraction: float) -> bool:
            nonlocal last
            if fraction - last >= STEP:
                last = fraction
                self._background.post(self.loading.emit, fraction)
            return not self._gives_up

        return tell

    def _loaded(self) -> None:
        self.loaded.emit()
        self.open_memory()

    def _not_opened(self, error: Exception) -> None:
        from desktop_agent.settings.secrets import PassphraseNeeded

        wanted = isinstance(error, PassphraseNeeded)
        (self.passphrase_wanted if wanted else self.open_failed).emit(error)

    def _not_loaded(self, error: Exception) -> None:
        from desktop_agent.models.library import ModelMissing

        if not self._gives_up:
            (self.model_missing if isinstance(error, ModelMissing) else self.load_failed).emit(error)
