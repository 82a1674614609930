"""The list of conversations at work: searching, renaming, deleting and taking that back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.sidebar import Sidebar
from desktop_agent.ui.snackbar import Snackbar

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.conversations import Conversation


class Chats(QObject):
    """Ties the sidebar to the chat. `chosen` carries the id of the conversation to show."""

    chosen = Signal(str)

    def __init__(  # noqa: PLR0913, PLR0917 -- it ties these together
        self, app: "App", background: Background, sidebar: Sidebar, panel: ChatPanel, chat: Chat, snackbar: Snackbar
    ) -> None:
        super().__init__(sidebar)
        self._app, self._background = app, background
        self._sidebar, self._panel, self._chat, self._snackbar = sidebar, panel, chat, snackbar
        self._titles: dict[str, str] = {}
        sidebar.searched.connect(lambda _words: self.refresh())
        sidebar.list.chosen.connect(self.chosen)
        sidebar.list.renamed.connect(self.rename)
        sidebar.list.deleted.connect(self.delete)
        panel.rename_wanted.connect(self._begin_rename)
        panel.delete_wanted.connect(lambda: self.delete(chat.conversation_id))
        chat.listed.connect(self.refresh)
        chat.opening.connect(self.show_title)

    @property
    def are_there(self) -> bool:
        """Whether the user has any conversation."""
        return bool(self._titles)

    def refresh(self) -> None:
        """Read the list again, as far as the search field allows."""
        words = self._sidebar.search.text().strip()
        self._background.run(
            lambda: self._app.conversations.list(words), done=lambda found: self._show(found, searched=bool(words))
        )

    def show_title(self, conversation_id: str) -> None:
        """Name the conversation on the panel and mark it in the list."""
        title = self._titles.get(conversation_id) or (self.tr("Untitled chat") if conversation_id else "")
        self._panel.show_title(title or self.tr("New chat"), exists=bool(conversation_id))
        self._sidebar.list.mark(conversation_id)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._background.run(
            lambda: self._app.conversations.rename(conversation_id, title), done=lambda _: self.refresh()
        )

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation and offer to take that back."""
        if not conversation_id:
            return
        live = self._chat.turns.live
        if live and live.conversation_id == conversation_id:
            self._chat.stop()
        self._sidebar.list.remove(conversation_id)
        if conversation_id == self._chat.conversation_id:
            self._chat.new()
        self._background.run(
            lambda: self._app.delete_conversation(conversation_id), done=lambda _: self._offer_undo(conversation_id)
        )

    def _show(self, conversations: "Sequence[Conversation]", *, searched: bool) -> None:
        self._titles |= {each.id: each.title for each in conversations}
        self._sidebar.list.show_conversations(conversations, self._chat.conversation_id)
        found_none = self.tr("No chat has these words in its title.")
        nothing = found_none if searched else self.tr("Your chats will appear here.")
        self._sidebar.show_empty("" if conversations else nothing)
        self.show_title(self._chat.conversation_id)

    def _begin_rename(self) -> None:
        if self._chat.conversation_id:
            self._sidebar.show()
            self._sidebar.list.begin_rename(self._chat.conversation_id)

    def _offer_undo(self, conversation_id: str) -> None:
        self._titles.pop(conversation_id, None)
        self.refresh()
        self._snackbar.say(self.tr("Chat deleted"), self.tr("Undo"), lambda: self._restore(conversation_id))

    def _restore(self, conversation_id: str) -> None:
        self._background.run(
            lambda: self._app.restore_conversation(conversation_id), done=lambda _: self._restored(conversation_id)
        )

    def _restored(self, conversation_id: str) -> None:
        self.refresh()
        self.chosen.emit(conversation_id)
