"""The list of conversations at work: searching, renaming, deleting and taking that back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.ui.background import Background
from desktop_agent.ui.chat import Chat
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.question import Choice, Question
from desktop_agent.ui.sidebar import Sidebar
from desktop_agent.ui.snackbar import Snackbar
from desktop_agent.ui.temporary import is_temporary
from desktop_agent.visible import visible

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
        panel.end_wanted.connect(chat.new)
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
        temporary = is_temporary(conversation_id)
        nameless = self.tr("Temporary chat") if temporary else self.tr("Untitled chat")
        title = self._titles.get(conversation_id) or (nameless if conversation_id else self.tr("New chat"))
        self._panel.show_title(title, exists=bool(conversation_id) and not temporary)
        self._panel.show_temporary(temporary)
        self._sidebar.list.mark(conversation_id)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        self._background.run(
            lambda: self._app.conversations.rename(conversation_id, title), done=lambda _: self.refresh()
        )

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation; ask first when saved memories came from it."""
        if conversation_id:
            self._background.run(
                lambda: len(self._app.desk.from_chat(conversation_id)),
                done=lambda count: self._ask_about(conversation_id, count),
            )

    def _ask_about(self, conversation_id: str, memories: int) -> None:
        if not memories:
            self._delete(conversation_id, with_memories=False)
            return
        title = self._titles.get(conversation_id) or self.tr("Untitled chat")
        Question(
            self.tr('Delete "{title}"?').format(title=visible(title, kept="")),
            self.tr("%n saved memory(s) came from this chat.", "", memories)
            + " "
            + self.tr("Deleting them is at once and for good; the chat can be brought back until the program ends."),
            [
                Choice(self.tr("Delete the chat"), "", lambda: self._delete(conversation_id, with_memories=False)),
                Choice(
                    self.tr("Delete the chat and its %n memory(s)", "", memories),
                    "danger",
                    lambda: self._delete(conversation_id, with_memories=True),
                ),
            ],
            self._panel.window(),
        ).open()

    def _delete(self, conversation_id: str, *, with_memories: bool) -> None:
        """Delete a conversation and offer to take that back."""
        live = self._chat.turns.live
        if live and live.conversation_id == conversation_id:
            self._chat.stop()
        self._sidebar.list.remove(conversation_id)
        if conversation_id == self._chat.conversation_id:
            self._chat.new()
        self._background.run(
            lambda: self._app.delete_conversation(conversation_id, with_memories=with_memories),
            done=lambda _: self._offer_undo(conversation_id),
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
