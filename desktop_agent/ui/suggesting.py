"""Looking for memories worth keeping while nobody uses the program."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.idle import IdleWatch

if TYPE_CHECKING:
    from desktop_agent.app import App


class Suggesting(QObject):
    """Uses the model in idle time, and gives it back at once. `counted` carries how many suggestions wait."""

    counted = Signal(int)

    def __init__(self, app: "App", background: Background, chat: Chat, idle: IdleWatch) -> None:
        super().__init__(background)
        self._app, self._background, self._chat = app, background, chat
        self._stop = threading.Event()
        self._runs = False
        idle.idle_reached.connect(self.begin)
        idle.activity_returned.connect(self.stop)
        chat.turns.asked.connect(self.stop)

    def begin(self) -> None:
        """Let the model look for suggestions, unless it is busy."""
        if self._runs or self._chat.turns.live or self._app.model is None:
            return
        stop = self._stop = threading.Event()
        self._runs = True
        self._background.run(
            lambda: self._app.suggest(stop, self._chat.conversation_id),
            done=lambda _: self._end(),
            failed=self._fail,
            lane="turn",
        )

    def stop(self) -> None:
        """Give the model back, soon."""
        self._stop.set()

    def refresh(self) -> None:
        """Count the suggestions that wait."""
        self._background.run(lambda: len(self._app.desk.suggestions()), done=self.counted.emit)

    def _end(self) -> None:
        self._runs = False
        self.refresh()

    def _fail(self, error: Exception) -> None:
        """Nobody asked for this, so nobody is told; what was found before is kept."""
        self._runs = False
        if isinstance(error, UserFacingError | Cancelled):
            self.refresh()
        else:
            self._background.failed.emit(error)
