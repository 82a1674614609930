"""Giving the model's memory back while nobody uses the program."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_agent.events import Event, TurnFailed, TurnFinished, TurnStopped
from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.idle import IdleWatch
from desktop_agent.ui.startup import Startup
from desktop_agent.ui.status_line import StatusLine

if TYPE_CHECKING:
    from desktop_agent.app import App

MINUTE_MS = 60_000


class Resting(QObject):
    """Unloads the model after the time that the settings say, and loads it again for the next question."""

    def __init__(self, app: "App", background: Background, startup: Startup, chat: Chat, status: StatusLine) -> None:
        super().__init__(background)
        self._app, self._background, self._startup, self._chat, self._status = app, background, startup, chat, status
        self._stop = threading.Event()
        self._rests = False
        self.idle = IdleWatch(self)
        self.idle.idle_reached.connect(self.begin)
        self.idle.activity_returned.connect(self._stop_waiting)
        startup.loading.connect(lambda _: self._wake())
        chat.turns.asked.connect(self._ask)
        chat.turns.happened.connect(lambda _turn, event: self._follow(event))

    def watch(self) -> None:
        """Watch for as long as the settings say now."""
        self.idle.stop()
        if minutes := self._app.settings.idle_minutes:
            self.idle.start(minutes * MINUTE_MS)

    def begin(self) -> None:
        """Unload the model, once nothing else uses it."""
        if self._chat.turns.live or self._rests:
            return
        self._rests = True
        stop = self._stop = threading.Event()
        self._background.run(lambda: self._unload(stop), done=self._show, lane="turn")

    def stop(self) -> None:
        """Watch no longer."""
        self.idle.stop()
        self._stop_waiting()

    def _unload(self, stop: threading.Event) -> bool:
        """Return whether the model rests now; it does not when somebody came back meanwhile."""
        if stop.is_set() or self._app.model is None:
            return False
        self._app.unload_model()
        return True

    def _show(self, rests: bool) -> None:
        self._rests = rests and self._rests
        if self._rests:
            self._chat.without_model = self.tr("The model is resting; it wakes with your next question.")
            self._status.show_state(self._chat.without_model)
            self._status.show_speed(None)

    def _stop_waiting(self) -> None:
        self._stop.set()

    def _ask(self) -> None:
        """Load the model in front of the question."""
        self._stop.set()
        if self._rests:
            self._startup.wake()

    def _wake(self) -> None:
        self._rests = False
        self._chat.without_model = ""

    def _follow(self, event: Event) -> None:
        """An answer is use of the program, too."""
        if isinstance(event, TurnFinished | TurnStopped | TurnFailed):
            self.idle.note_activity()
