"""Where chats live, with the agent that answers them: on disk, or only in the computer's memory."""

from collections.abc import Callable

from desktop_agent.agent.loop import Agent
from desktop_agent.agent.protocols import Memory
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store
from desktop_agent.tooling import Tooling
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.offer import Offer
from desktop_agent.tools.toolbox import Toolbox

TEMPORARY = "temporary-"
"""How the id of a chat begins that leaves nothing on disk."""


class Space:
    """The chats of one store, with the folders that they may use.

    `memory` returns what memory is to a chat, None when it may have none; `thinks` whether the model is to think first;
    `tooling` is what all chats share.
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        memory: Callable[[str], Memory | None],
        thinks: Callable[[], bool],
        tooling: Tooling,
    ) -> None:
        self.store = store
        self.folders = folders
        self._memory = memory
        self.thinks = thinks
        self.tooling = tooling
        self._agent: Agent | None = None

    def agent(self, model: ChatModel) -> Agent:
        """Return the agent that answers with this model."""
        if self._agent is None or self._agent.model is not model:
            self._agent = Agent(
                model, self._toolbox(model.parameters), self._memory, self.store.transcript, thinking=self.thinks
            )
        return self._agent

    def _toolbox(self, parameters: int) -> Toolbox:
        store, tooling = self.store, self.tooling
        return Toolbox(
            Offer(tooling.tools, store.chat_tools.choices, store.transcript.questions, tooling.enabled, parameters),
            self.folders,
            store.permissions,
            store.audit,
            store.undo_copies,
            tooling.services(),
            tooling.fault,
        )

    def drop_agent(self) -> None:
        """Let go of the model."""
        self._agent = None


class Spaces:
    """The chats that are kept, and beside them those that memory neither reads nor keeps."""

    def __init__(self, kept: Space) -> None:
        self.kept = kept
        self._temporary: Space | None = None

    def of(self, conversation_id: str) -> Space:
        """Return where a chat lives."""
        passing = self._temporary if conversation_id.startswith(TEMPORARY) else None
        return passing or self.kept

    def begin_temporary(self) -> str:
        """Begin a chat that leaves nothing on disk, with the folders that are granted to all chats; return its id."""
        if self._temporary is None:
            store = Store(Database.in_memory(), lambda: True)
            kept = self.kept
            self._temporary = Space(store, kept.folders, lambda _id: None, kept.thinks, kept.tooling)
        return self._temporary.store.conversations.create(prefix=TEMPORARY).id

    def all(self) -> tuple[Space, ...]:
        """Return both, as far as they are there."""
        return (self.kept, self._temporary) if self._temporary else (self.kept,)

    def end_temporary(self, conversation_id: str) -> None:
        """Drop a temporary chat with all that was said in it."""
        if self._temporary and conversation_id.startswith(TEMPORARY):
            self._temporary.store.conversations.delete(conversation_id)
            self._temporary.store.conversations.purge_deleted()

    def drop_agents(self) -> None:
        """Let go of the model."""
        for space in self.all():
            space.drop_agent()

    def close(self) -> None:
        """Close the databases."""
        for space in self.all():
            space.store.database.close()
