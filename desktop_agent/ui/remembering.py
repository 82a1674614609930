"""The window's side of memory around the chat: chips, switches, temporary chats and idle suggestions."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.chat_memory import ChatMemory
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.idle import IdleWatch
from desktop_agent.ui.recollections import Recollections
from desktop_agent.ui.sidebar import Sidebar
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.suggesting import Suggesting

if TYPE_CHECKING:
    from desktop_agent.app import App


class Remembering(QObject):
    """Builds these parts and ties them together. `changed` says that what is stored is no longer what was."""

    changed = Signal()

    def __init__(  # noqa: PLR0913, PLR0917 -- it ties these together
        self, app: "App", background: Background, sidebar: Sidebar, panel: ChatPanel, chat: Chat, snackbar: Snackbar
    ) -> None:
        super().__init__(panel)
        self.notes = Recollections(app, background, panel.transcript, snackbar)
        self.chat = ChatMemory(app, background, sidebar, panel, chat, snackbar)
        self.idle = IdleWatch(self)
        self.suggesting = Suggesting(app, background, chat, self.idle)
        chat.turns.happened.connect(lambda _turn, event: self.notes.tell(event))
        self.notes.changed.connect(self.changed)
        self.chat.changed.connect(self.changed)

    def start(self) -> None:
        """Begin, once the database is open."""
        self.chat.refresh()
        self.suggesting.refresh()
        self.idle.start()

    def stop(self) -> None:
        """Give the model back and watch no longer."""
        self.idle.stop()
        self.suggesting.stop()
