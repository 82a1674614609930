"""What memory does in the chat that is shown: the switches in its menu, the mark in its header, and the pause."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.sidebar import Sidebar
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.temporary import is_temporary

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.conversations import Conversation


class ChatMemory(QObject):
    """`paused` says whether memory is paused, whenever that was looked up; `changed` that what is stored changed."""

    paused = Signal(bool)
    changed = Signal()

    def __init__(  # noqa: PLR0913, PLR0917 -- it ties these together
        self, app: "App", background: Background, sidebar: Sidebar, panel: ChatPanel, chat: Chat, snackbar: Snackbar
    ) -> None:
        super().__init__(panel)
        self._app, self._background = app, background
        self._panel, self._chat, self._snackbar = panel, chat, snackbar
        self._is_paused = False
        sidebar.list.switched.connect(self.switch)
        panel.menu.switched.connect(self.switch)
        panel.mark.clicked.connect(self._press)
        chat.opening.connect(lambda _id: self.refresh())

    def refresh(self) -> None:
        """Look up how things are, and show it."""
        shown = self._chat.conversation_id
        self._background.run(lambda: self._look_up(shown), done=lambda found: self._show(shown, *found))

    def switch(self, conversation_id: str, what: str, on: bool) -> None:
        """Let memory use, or save, a conversation from now on, or no longer."""
        self._background.run(
            lambda: self._app.desk.set_chat(conversation_id, **{what: on}),
            done=lambda _: self._switched(self._said(what, on)),
        )

    def pause(self, on: bool) -> None:
        """Pause memory everywhere, or let it go on."""
        said = self.tr("Memory is paused: nothing is recalled, and what is said is never remembered.")
        self._background.run(
            lambda: self._app.desk.pause(on),
            done=lambda _: self._switched(said if on else self.tr("Memory is at work again.")),
        )

    def _look_up(self, shown: str) -> "tuple[bool, Conversation | None]":
        known = shown and not is_temporary(shown)
        return self._app.desk.paused, self._app.conversation(shown) if known else None

    def _show(self, shown: str, is_paused: bool, conversation: "Conversation | None") -> None:
        self._is_paused = is_paused
        self.paused.emit(is_paused)
        if shown == self._chat.conversation_id:
            self._panel.show_mark(*self._mark(conversation))
            if conversation:
                self._panel.menu.show_conversation(conversation)

    def _mark(self, conversation: "Conversation | None") -> tuple[str, str]:
        menu = self.tr("Press to change this in the chat's menu.")
        if is_temporary(self._chat.conversation_id):
            return "", ""  # the line below the header says it
        if self._is_paused:
            return self.tr("Memory paused"), self.tr("Press to let memory go on.")
        if not conversation or (conversation.uses_memory and conversation.saves_memory):
            return "", ""
        if conversation.uses_memory:
            return self.tr("Not remembered"), menu
        return (self.tr("Memory not used") if conversation.saves_memory else self.tr("Without memory")), menu

    def _press(self) -> None:
        if self._is_paused:
            self.pause(False)
        else:
            self._panel.open_menu()

    def _said(self, what: str, on: bool) -> str:
        return {
            ("uses", True): self.tr("Memory is used in this chat again."),
            ("uses", False): self.tr("Memory is no longer used in this chat."),
            ("saves", True): self.tr("From now on this chat is remembered; what was said before stays out."),
            ("saves", False): self.tr("This chat is no longer remembered, and what was said in it left memory."),
        }[what, on]

    def _switched(self, said: str) -> None:
        self._snackbar.say(said)
        self.refresh()
        self._chat.listed.emit()
        self.changed.emit()
