"""Reading ahead: the model reads what the user types while it is being typed."""

import re
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_agent.events import Event, TurnFailed, TurnFinished, TurnStopped
from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.composer import Composer

if TYPE_CHECKING:
    from desktop_agent.app import App

PAUSE_MS = 400
"""How long nothing must be typed before the text is looked at."""
LEAST_WORDS = 3
"""Fewer words are read sooner than they are looked up."""
_HAN = "\u3040-\u30ff\u3400-\u9fff"
_WORDS = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")


class ReadingAhead(QObject):
    """Lets the model read the open chat and what is typed in it, unless somebody waits for the model."""

    def __init__(self, app: "App", background: Background, chat: Chat, composer: Composer) -> None:
        super().__init__(background)
        self._app, self._background, self._chat, self._composer = app, background, chat, composer
        self._stop = threading.Event()
        self._read: str | None = None
        self._reads = self._again = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        composer.edit.textChanged.connect(self._pause.start)
        chat.opening.connect(lambda _id: self.begin())
        chat.turns.asked.connect(self.stop)
        chat.turns.happened.connect(lambda _turn, event: self._follow(event))

    def begin(self) -> None:
        """Read the chat that is open, soon; nothing of it is thought to be read."""
        self.stop()
        self._read = None
        self._pause.start()

    def stop(self) -> None:
        """Give the model back at once."""
        self._pause.stop()
        self._stop.set()

    def _follow(self, event: Event) -> None:
        """After an answer, read what was typed meanwhile."""
        if isinstance(event, TurnFinished | TurnStopped | TurnFailed):
            self.begin()

    def _look(self) -> None:
        if self._composer.edit.is_composing:
            self._pause.start()
        elif self._is_free() and self._is_worth_it(self._composer.text):
            self._begin_or_wait(self._composer.text)

    def _is_free(self) -> bool:
        """Whether the model is there and nobody waits for an answer."""
        return self._app.settings.read_ahead and self._app.model is not None and self._chat.turns.live is None

    def _is_worth_it(self, text: str) -> bool:
        """Whether there is more to read than a few words."""
        if self._read is None or not text.startswith(self._read):
            return True
        return len(_WORDS.findall(text)) - len(_WORDS.findall(self._read)) >= LEAST_WORDS

    def _begin_or_wait(self, text: str) -> None:
        """Let what is being read come to its end where it goes on in the text: what is broken off is lost in part."""
        if self._reads and not self._stop.is_set() and text.startswith(self._read or ""):
            self._again = True
        else:
            self._begin(self._chat.conversation_id, text)

    def _begin(self, conversation_id: str, text: str) -> None:
        self._stop.set()
        self._read, self._reads, self._again = text, True, False
        stop = self._stop = threading.Event()
        self._background.run(
            lambda: None if stop.is_set() else self._app.read_ahead(conversation_id, text, stop),
            done=lambda _: self._end(stop),
            failed=lambda _error: self._end(stop),  # nobody asked for it, so nobody is told; mistakes are in the log
            lane="turn",
        )

    def _end(self, stop: threading.Event) -> None:
        if stop is self._stop:
            self._reads = False
            if self._again and not stop.is_set():
                self._look()
