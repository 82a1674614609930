"""From the open database to a model that answers: loading, choosing another one, fetching what memory needs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.download import EMBEDDER
from desktop_agent.ui.engine_sentences import MEASURING
from desktop_agent.ui.models_page import ModelsPage
from desktop_agent.ui.notices import Notices
from desktop_agent.ui.sentences import told
from desktop_agent.ui.startup import Startup
from desktop_agent.ui.status_line import StatusLine

if TYPE_CHECKING:
    from desktop_agent.app import App


class Loading(QObject):
    """`models_wanted` says whether it is the first run, `said` carries a sentence for the moment."""

    models_wanted = Signal(bool)
    chat_wanted = Signal()
    said = Signal(str)

    def __init__(  # noqa: PLR0913, PLR0917 -- it ties these together
        self,
        app: "App",
        background: Background,
        startup: Startup,
        models: ModelsPage,
        chat: Chat,
        status: StatusLine,
        notices: Notices,
    ) -> None:
        super().__init__(background)
        self._app, self._background, self._startup = app, background, startup
        self._models, self._chat, self._status, self._notices = models, chat, status, notices
        self._crash = ""
        startup.loading.connect(self._show_progress)
        startup.tuning.connect(self._show_tuning)
        startup.crashed.connect(self._explain_crash)
        startup.loaded.connect(self._loaded)
        startup.model_missing.connect(lambda _: self._miss())
        startup.load_failed.connect(self._fail)
        startup.noticed.connect(notices.refresh)
        models.chosen.connect(self._use)
        models.completed.connect(self._complete_memory)
        models.download.failed.connect(self._fetch_failed)
        notices.memory_wanted.connect(self._fetch_memory)
        chat.model_wanted.connect(self._choose)

    def _show_progress(self, fraction: float) -> None:
        self._chat.can_ask = True  # a question waits in line for the model
        text = self.tr("Loading the model… {percent} %").format(percent=round(100 * fraction))
        self._status.show_state(text)
        self._notices.drop(self._crash)

    def _show_tuning(self, what: str) -> None:
        self._status.show_speed(None)
        measured = self.tr("Finding what is fastest on this computer… {what}")
        self._status.show_state(measured.format(what=told(what)) if what in MEASURING else told(what))

    def _explain_crash(self, name: str) -> None:
        """Do not walk into the same trap again: what kills the program once may kill it at every start."""
        self._go_without()
        text = self.tr("The program ended unexpectedly while it was loading the model {name}. It was not loaded again.")
        self._crash = text.format(name=name)
        actions = {self.tr("Try again"): self._startup.load, self.tr("Choose a model"): self._choose}
        self._notices.offer(self._crash, actions)

    def _choose(self) -> None:
        self.models_wanted.emit(False)

    def _loaded(self) -> None:
        self._status.show_model(self._app.model.name)
        if self._chat.turns.live is None:
            self._status.show_state(self.tr("Ready"))

    def _miss(self) -> None:
        self._go_without()
        self.models_wanted.emit(True)

    def _fail(self, error: Exception) -> None:
        self._go_without()
        self._notices.add(told(error))

    def _go_without(self) -> None:
        self._chat.can_ask = False
        self._status.show_state(self.tr("No model is loaded."), self.tr("Choose a model"))

    def _use(self, name: str) -> None:
        """Make a model the one that answers, from now on."""
        self._background.run(
            lambda: self._app.save_settings(self._app.settings.model_copy(update={"model": name})),
            done=lambda _: self._startup.load(),
        )
        self.chat_wanted.emit()

    def _fetch_memory(self) -> None:
        self._models.download.start(EMBEDDER)
        self._notices.drop_all()
        self.said.emit(self.tr("Downloading what memory needs…"))

    def _complete_memory(self) -> None:
        self._app.notices.clear()
        self._startup.open_memory()
        self.said.emit(self.tr("Memory now finds what was said by its meaning, too."))

    def _fetch_failed(self, error: Exception) -> None:
        if not self._models.isVisible():
            self.said.emit(told(error))
