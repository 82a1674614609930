"""Composition root: the only module that names the concrete backends and wires them together."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desktop_agent.agent.power import on_battery
from desktop_agent.agent.protocols import Approver
from desktop_agent.agent.protocols import Memory as ChatMemory
from desktop_agent.agent.suggest import IDLE_SECONDS, may_suggest
from desktop_agent.consent import ConsentedMemory
from desktop_agent.desk import MemoryDesk
from desktop_agent.events import Event, TurnStarted
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import Message
from desktop_agent.model_desk import LoadProgress, ModelDesk, Tell, untold
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.forecast import Forecast
from desktop_agent.models.hub_access import HubAccess
from desktop_agent.models.library import Library, ModelMissing
from desktop_agent.paths import Paths
from desktop_agent.reminding import Reminding
from desktop_agent.settings import config, secrets, server_secrets
from desktop_agent.space import Space, Spaces
from desktop_agent.storage.backup import Backups
from desktop_agent.storage.conversations import Conversation, Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.profile_lock import ProfileLock
from desktop_agent.storage.store import Store
from desktop_agent.storage.transcript import StoredMessage, Transcript
from desktop_agent.suggesting import suggest_from_chats
from desktop_agent.tool_desk import ToolDesk
from desktop_agent.tooling import Tooling
from desktop_agent.tools.folders import Folders
from desktop_agent.vectors import Vectors

if TYPE_CHECKING:
    from desktop_agent.llm.choices import Choice

MEMORY_SECONDS = 3.0
"""A turn waits no longer for the index to open; until it has, memory goes by words."""

Passphrase = Callable[[], str]


class App:
    """The program without a face. The window and the terminal each drive one.

    Cheap to make; `open` takes milliseconds, `load_model` and `open_memory` seconds. `notices` collects what the user
    should read once: sentences, oldest first. Once it is open, `desk` is all that can be done with memory, `tool_desk`
    with tools; `tooling` is what runs behind them.
    """

    desk: MemoryDesk
    tool_desk: ToolDesk
    vectors: Vectors
    conversations: Conversations
    transcript: Transcript
    folders: Folders

    def __init__(self, paths: Paths) -> None:
        self.paths = paths.create()
        self.settings, notice = config.load(paths.settings)
        self.notices: list[str] = [notice] if notice else []
        self.catalogue = Catalogue.load()
        self.library = Library(paths.models, self.catalogue, lambda: HubAccess(self.settings.hub_endpoint, paths))
        self._models = ModelDesk(paths, self.library, lambda: self.settings, self._notice)
        self.model: ChatModel | None = None
        self.tooling = Tooling(paths, lambda group: group in self.settings.tools_off)
        self._idle = threading.Event()
        self._idle.set()
        self._spaces: Spaces | None = None

    def open(self, passphrase: Passphrase | None = None) -> Self:
        """Open the database. Raises UserFacingError when that fails, PassphraseNeeded when one is asked for."""
        self._lock = ProfileLock.take(self.paths.lock)
        try:
            key = secrets.open_key(self.paths, passphrase)
            self._open_database(key.value)
        except BaseException:
            self.close()
            self._lock.release()
            raise
        if key.notice:
            self._notice(key.notice)
        return self

    def _open_database(self, key: bytes) -> None:
        database = Database.open(self.paths.database, key)
        store = Store(database, lambda: self.settings.memory_paused)
        folders = Folders(store.permissions, self.paths.home)
        kept = Space(store, folders, self.memory_of, self._thinks, self.tooling)
        self.tooling.keep_in(store, partial(server_secrets.read, self.paths), self._notice)
        self.conversations, self.transcript, self.folders = store.conversations, store.transcript, folders
        self._spaces = Spaces(kept)
        reminding = Reminding(store.reminders)
        keep_secret = partial(server_secrets.keep, self.paths)
        self.tool_desk = ToolDesk(self.tooling, self._spaces, reminding, self._begin_with, keep_secret)
        self._memory = Memory(store.turns, None, store.saved, store.dismissals)
        self.vectors = Vectors(self._memory, store.turns, self.library, self.paths, self._idle, self._notice)
        self._backups = Backups(self.paths, key, database, self._notice)
        self.desk = MemoryDesk(
            self.paths,
            store,
            self._memory,
            self.vectors,
            self._backups,
            lambda: self.settings.memory_paused,
            self._pause,
            lambda: self._forget_read(""),
        )
        store.transcript.mark_interrupted()
        store.conversations.purge_deleted()
        store.undo_copies.sweep()

    @property
    def crashed_model(self) -> str:
        """The model during whose load the program died the last time; empty when it did not."""
        return self._models.crashed_model

    def find_model(self, name: str = "") -> Path:
        """Return the file of a model by name or path, else of the one from the settings. Raises ModelMissing."""
        return self._models.find(name)

    def load_model(
        self,
        name: str = "",
        progress: LoadProgress | None = None,
        *,
        tune: bool = False,
        tell: Tell = untold,
        cancel: threading.Event | None = None,
    ) -> None:
        """Load a model by name or path, else the one from the settings.

        With `tune`, one that is loaded here for the first time is measured before, for 15 seconds at most. A model that
        cannot be loaded leaves the one that is loaded as it is, as far as that is known before. Raises ModelMissing,
        UserFacingError, or Cancelled soon after `cancel` is set.
        """
        self._models.check(name, tell, cancel)
        self.unload_model()
        if tune:
            self._models.tune_once(name, tell, cancel)
        self.model = self._models.load(name, progress)

    def unload_model(self) -> None:
        """Give the model's memory back."""
        self._drop_model()
        self._models.unloaded()

    def tune(self, name: str = "", tell: Tell = untold, cancel: threading.Event | None = None) -> "Choice":
        """Measure what makes a model fastest here, and keep it for its next load. Raises UserFacingError, Cancelled."""
        return self._models.tune(name, tell, cancel)

    def choice(self) -> "Choice | None":
        """Return what was measured for the model from the settings; None when nothing was."""
        return self._models.choice()

    def forget_choice(self, name: str) -> bool:
        """Use the usual settings for a model again; return whether there were others."""
        return self._models.forget_choice(name)

    def forecasts(self, cancel: threading.Event | None = None) -> dict[str, Forecast]:
        """Return by name what to expect of each chat model here; takes seconds the first time. Raises Cancelled."""
        return self._models.forecasts(cancel)

    def known_forecasts(self) -> dict[str, Forecast]:
        """Return the same at once; the speeds in it are 0 where this computer was not measured yet."""
        return self._models.known_forecasts()

    def read_ahead(self, conversation_id: str, text: str, stop: threading.Event) -> int:
        """Let the model read a chat and what is typed in it, until `stop` is set; return the tokens that are ready."""
        model = self.model  # which another thread may unload meanwhile
        if model is None or not self.settings.read_ahead:
            return 0
        return self._space(conversation_id).agent(model).read_ahead(conversation_id, text, stop)

    def begin_memory(self) -> None:
        """Open memory's index in the background, once; a notice says when that cannot be."""
        self.vectors.begin(self.settings)

    def open_memory(self) -> None:
        """Open memory's index, once; a notice says when that cannot be."""
        self.vectors.open(self.settings)

    def memory_of(self, conversation_id: str) -> ChatMemory | None:
        """Return what memory is to a chat, None when it may have none; without an id, to one that is yet to begin."""
        if self.settings.memory_paused:
            return None
        chat = self.conversations.get(conversation_id) if conversation_id else None
        uses, saves = (chat.uses_memory, chat.saves_memory) if chat else (True, True)
        self.vectors.wait(MEMORY_SECONDS)
        return ConsentedMemory(self._memory, self.desk.save_wish, uses, saves)

    def _notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)

    def keep(self, conversation_id: str, text: str) -> StoredMessage:
        """Put a question on disk, or only into memory for a temporary chat, to be answered when there is a model."""
        return self.transcript_of(conversation_id).append(conversation_id, Message("user", text))

    def answer(self, question: StoredMessage, approver: Approver, stop: threading.Event) -> Iterator[Event]:
        """Return the events of a kept question's turn; blocks between them. Raises ModelMissing without a model."""
        if self.model is None:
            raise ModelMissing("No model is loaded.", "Run: desktop-agent models pull starter")
        events = self._space(question.conversation_id).agent(self.model).run(question, approver, stop)
        return self._busy(TurnStarted(question.conversation_id, question.id), events)

    def _busy(self, first: Event, rest: Iterator[Event]) -> Iterator[Event]:
        """Yield the events, while nothing else takes the processor from the model."""
        self._idle.clear()
        try:
            yield first
            yield from rest
        finally:
            self._idle.set()

    def conversation(self, conversation_id: str) -> Conversation:
        """Return a chat, temporary or not; raises UserFacingError when there is none."""
        return self._space(conversation_id).store.conversations.get(conversation_id)

    def transcript_of(self, conversation_id: str) -> Transcript:
        """Return where a chat's messages are."""
        return self._space(conversation_id).store.transcript

    def start_temporary(self) -> str:
        """Begin a chat that leaves nothing on disk, and that memory neither reads nor keeps; return its id."""
        return self._opened.begin_temporary()

    def end_temporary(self, conversation_id: str) -> None:
        """Drop a temporary chat with all that was said in it."""
        self._forget_read(conversation_id)
        self._opened.end_temporary(conversation_id)

    def delete_conversation(self, conversation_id: str, *, with_memories: bool = False) -> None:
        """Delete a conversation; it can be restored until the program ends. What was saved from it goes at once."""
        saved = self.desk.from_chat(conversation_id) if with_memories else []
        self.conversations.delete(conversation_id)
        self._forget_read(conversation_id)
        if saved:
            self.desk.forget([("memory", each.id) for each in saved])

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

    def choose_embedder(self, name: str) -> None:
        """Find what was said before with another model, from when its index is complete. Raises UserFacingError."""
        self.vectors.switch(name, lambda: self._change(embedder=name))
        self.open_memory()  # where there was no embedder so far

    def check_memory_server(self, url: str, token: str, certificate: str) -> str:
        """Return what a memory server says about itself. Raises UserFacingError when it cannot be used."""
        return self.vectors.check(url, token, certificate)

    def set_memory_server(self, url: str, token: str, certificate: str) -> None:
        """Keep the index on a server, or here when `url` is empty. Raises UserFacingError with nothing changed.

        An empty token keeps the one that is known for the same address.
        """
        self.vectors.keep_token(url, token, certificate, known=url == self.settings.memory_server)
        self._change(memory_server=url, memory_certificate=certificate if url else "")
        self.vectors.reopen(self.settings)

    def suggest(self, stop: threading.Event, conversation_id: str = "") -> int:
        """Let the model look at chats for what is worth keeping, until `stop` is set; return how much it suggested.

        To be called when nobody has used the program for two minutes. Small models, and those that run on a battery,
        look at nothing. Afterwards the model reads the chat again that the user has open.
        """
        if self.model is None or self.settings.memory_paused or not self.settings.suggest_memories:
            return 0
        if not may_suggest(self.model.parameters, IDLE_SECONDS, on_battery()):
            return 0
        count = suggest_from_chats(self.model, self._opened.kept.store, stop)
        if conversation_id and not stop.is_set():
            self._space(conversation_id).agent(self.model).read_ahead(conversation_id, "", stop)
        return count

    def back_up(self) -> None:
        """Make today's backup if it is due; a notice says when that fails."""
        self._backups.daily(self.settings.backup_copies)

    def _begin_with(self, group: str, enabled: bool) -> None:
        """Say whether chats begin with a group of tools."""
        others = [each for each in self.settings.tools_off if each != group]
        self._change(tools_off=tuple(others if enabled else [*others, group]))

    def _pause(self, paused: bool) -> None:
        self._change(memory_paused=paused)

    def _change(self, **changes: object) -> None:
        self.save_settings(self.settings.model_copy(update=changes))

    @property
    def _opened(self) -> Spaces:
        assert self._spaces is not None  # noqa: S101 -- a mistake of the program: `open` comes first
        return self._spaces

    def _space(self, conversation_id: str) -> Space:
        return self._opened.of(conversation_id)

    def _thinks(self) -> bool:
        return self.settings.thinking

    def _forget_read(self, conversation_id: str) -> None:
        """Let the model forget what it read of a chat, or of all."""
        if model := self.model:  # which another thread may unload meanwhile
            model.forget(conversation_id)

    def _drop_model(self) -> None:
        if self._spaces:
            self._spaces.drop_agents()
        if self.model is not None:
            self.model.close()
            self.model = None

    def close(self) -> None:
        """Give everything back. Safe to call twice, and after a failed open."""
        self._drop_model()
        self.tooling.close()
        if self._spaces:
            self.vectors.close()
            self._spaces.close()
            self._spaces = None
            self._lock.release()
