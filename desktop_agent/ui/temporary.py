"""Chats that live in the program's memory only: beginning one, and what happens when it is left."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.question import Choice, Question

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.ui.chat import Chat


def is_temporary(conversation_id: str) -> bool:
    """Return whether a conversation leaves nothing on disk."""
    return conversation_id.startswith("temporary-")


class Temporary(QObject):
    """Begins and ends temporary chats; one exists at a time, and nothing of it is lost unasked."""

    def __init__(self, app: "App", background: Background, chat: "Chat") -> None:
        super().__init__(chat)
        self._app, self._background, self._chat = app, background, chat

    @property
    def is_at_stake(self) -> bool:
        """Whether words would be lost if the chat that is shown were left."""
        return is_temporary(self._chat.conversation_id) and self._chat.has_words

    def begin(self, parent: QWidget) -> None:
        """Begin a temporary chat."""
        self.leave(lambda: self._background.run(self._app.start_temporary, done=self._chat.begin), parent)

    def leave(self, go: Callable[[], object], parent: QWidget) -> None:
        """Go somewhere else; ask first when words would be lost."""
        gone = self._chat.conversation_id
        if not is_temporary(gone):
            go()
        elif self.is_at_stake:
            self._ask(lambda: self._end(gone, go), parent)
        else:
            self._end(gone, go)

    def _ask(self, go: Callable[[], object], parent: QWidget) -> None:
        question = Question(
            self.tr("Close the temporary chat?"),
            self.tr("What was said in it is kept nowhere and cannot be brought back."),
            [Choice(self.tr("Close it"), "danger", go)],
            parent,
        )
        question.rejected.connect(lambda: self._chat.opening.emit(self._chat.conversation_id))
        question.open()

    def _end(self, conversation_id: str, go: Callable[[], object]) -> None:
        live = self._chat.turns.live
        if live and live.conversation_id == conversation_id:
            self._chat.stop()
        go()
        # On the turns' own thread: a turn that is being stopped still writes into the chat.
        self._background.run(lambda: self._app.end_temporary(conversation_id), lane="turn")
