"""Composition root: the only module that names the concrete backends and wires them together."""

import threading
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Self

from desktop_agent.agent.loop import Agent
from desktop_agent.agent.protocols import Approver
from desktop_agent.errors import UserFacingError
from desktop_agent.events import Event, TurnStarted
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import Message
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.library import Library, ModelMissing
from desktop_agent.paths import Paths
from desktop_agent.settings import config, secrets
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.exchanges import Exchanges
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.profile_lock import ProfileLock
from desktop_agent.storage.transcript import StoredMessage, Transcript
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.toolbox import Toolbox

DEFAULT_MODEL = "starter"
EMBEDDER = "embedder"
RECONCILE_SECONDS = 5.0
"""A turn waits no longer for exchanges that the index has lost; the rest is indexed while the program goes on."""

Passphrase = Callable[[], str]
LoadProgress = Callable[[float], bool]
"""Told how much of a model is loaded, 0 to 1; returns False to give up."""


class App:
    """The program without a face. The window and the terminal each drive one.

    Cheap to make; `open` takes milliseconds, `load_model` and `open_memory` seconds. `notices` collects what the user
    should read once: sentences, oldest first.
    """

    def __init__(self, paths: Paths) -> None:
        self.paths = paths.create()
        self.settings, notice = config.load(paths.settings)
        self.notices: list[str] = [notice] if notice else []
        self.catalogue = Catalogue.load()
        self.library = Library(paths.models, self.catalogue)
        self.model: ChatModel | None = None
        self.memory: Memory | None = None
        self._memory_guard = threading.Lock()
        self._closed = False
        self._agent: Agent | None = None

    def open(self, passphrase: Passphrase | None = None) -> Self:
        """Open the database. Raises UserFacingError when that fails, PassphraseNeeded when one is asked for."""
        self._lock = ProfileLock.take(self.paths.lock)
        try:
            self._open_database(passphrase)
        except BaseException:
            self._lock.release()
            raise
        return self

    def _open_database(self, passphrase: Passphrase | None) -> None:
        key = secrets.open_key(self.paths, passphrase)
        if key.notice:
            self.notices.append(key.notice)
        self._database = Database.open(self.paths.database, key.value)
        self.conversations = Conversations(self._database)
        self.transcript = Transcript(self._database)
        self.permissions = Permissions(self._database)
        self.exchanges = Exchanges(self._database)
        self.folders = Folders(self.permissions, self.paths.home)
        self.transcript.mark_interrupted()
        self.conversations.purge_deleted()

    def find_model(self, name: str = "") -> Path:
        """Return the file of a model by name or path, else of the one from the settings. Raises ModelMissing."""
        return self.library.find(name or self.settings.model or DEFAULT_MODEL)

    def load_model(self, name: str = "", progress: LoadProgress | None = None) -> None:
        """Load a model by name or path, else the one from the settings. Raises ModelMissing, or UserFacingError."""
        from desktop_agent.llm.engine import Engine

        path = self.find_model(name)
        self._drop_model()
        self.model = Engine.load(
            path, context_tokens=self.settings.context_tokens, threads=self.settings.threads, progress=progress
        )

    def open_memory(self) -> Memory | None:
        """Load the embedder and the vector index, once; None, and a notice, when they are not to be had."""
        with self._memory_guard:
            if self.memory is None and not self._closed:
                try:
                    self.memory = self._build_memory()
                except UserFacingError as error:
                    self._notice(f"Memory is off: {error}")
            return self.memory

    def _build_memory(self) -> Memory:
        from desktop_agent.llm.embedder import GgufEmbedder

        embedder = GgufEmbedder.load(self.library.find(EMBEDDER))
        memory = Memory.open(self.paths.index, embedder, self.exchanges, self._notice)
        self._reconciling = threading.Thread(target=memory.reconcile, name="memory-reconcile")
        self._reconciling.start()
        self._reconciling.join(RECONCILE_SECONDS)
        return memory

    def _notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)

    def keep(self, conversation_id: str, text: str) -> StoredMessage:
        """Put a question on disk, to be answered when there is a model."""
        return self.transcript.append(conversation_id, Message("user", text))

    def answer(self, question: StoredMessage, approver: Approver, stop: threading.Event) -> Iterator[Event]:
        """Return the events of a kept question's turn; blocks between them. Raises ModelMissing without a model."""
        if self.model is None:
            raise ModelMissing("No model is loaded.", "Run: desktop-agent models pull starter")
        started = TurnStarted(question.conversation_id, question.id)
        return chain([started], self._agent_for(self.model).run(question, approver, stop))

    def _agent_for(self, model: ChatModel) -> Agent:
        if self._agent is None or self._agent.model is not model:
            toolbox = Toolbox(built_in_tools(), self.folders, self.permissions)
            self._agent = Agent(model, toolbox, self.open_memory, self.transcript)
        return self._agent

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete a conversation; it can be restored until the program ends."""
        self.conversations.delete(conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        """Take a deletion back."""
        self.conversations.restore(conversation_id)

    def set_passphrase(self, passphrase: str) -> None:
        """From the next start on, the database opens with this passphrase only."""
        notice = secrets.set_passphrase(self.paths, passphrase)
        self.notices = [notice] if notice else []

    def save_settings(self, settings: config.Settings) -> None:
        """Keep the settings on disk and use them."""
        config.save(self.paths.settings, settings)
        self.settings = settings

    def _drop_model(self) -> None:
        self._agent = None
        if self.model is not None:
            self.model.close()
            self.model = None

    def close(self) -> None:
        """Give everything back. Safe to call twice, and after a failed open."""
        self._drop_model()
        with self._memory_guard:  # a stopped turn may have left it half open
            self._closed = True
            if self.memory is not None:
                self.memory.close()
                self._reconciling.join()
                self.memory = None
        if hasattr(self, "_database"):
            self._database.close()
            self._lock.release()
