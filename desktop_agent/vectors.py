"""The half of memory that goes by meaning: which embedder, where its index is, opened behind the program."""

import threading
from collections.abc import Callable
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.memory.dense import Dense
from desktop_agent.memory.index import IndexPlace
from desktop_agent.memory.local import LocalPlace
from desktop_agent.memory.protocols import Embedder
from desktop_agent.memory.recall import Memory
from desktop_agent.memory.server import ServerPlace
from desktop_agent.models.library import Library
from desktop_agent.paths import Paths
from desktop_agent.settings.config import Settings
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import drop_secret, keep_secret, read_secret
from desktop_agent.storage.turns import Turns

SERVER_TOKEN = "memory-server"  # noqa: S105 -- the name of an entry in the keyring
_SWITCH_SECONDS = 0.5


class Vectors:
    """Opens the index for a Memory, and opens another one when the user chooses so. Any thread may use it.

    `idle` is set while no chat model works. `report` gets sentences for the user.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- it ties these together
        self,
        memory: Memory,
        turns: Turns,
        library: Library,
        paths: Paths,
        idle: threading.Event,
        report: Callable[[str], None],
    ) -> None:
        self._memory = memory
        self._turns = turns
        self._library = library
        self._paths = paths
        self._idle = idle
        self._report = report
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._switching: threading.Thread | None = None
        self._opening: threading.Thread | None = None
        self._is_open = threading.Event()
        self._is_open.set()
        self.dense: Dense | None = None

    def begin(self, settings: Settings) -> None:
        """Open in the background; see `wait`."""
        self._is_open.clear()
        self._opening = threading.Thread(target=self.open, args=(settings,), name="memory-opening")
        self._opening.start()

    def wait(self, seconds: float) -> None:
        """Wait while the index is being opened."""
        self._is_open.wait(seconds)

    def open(self, settings: Settings) -> None:
        """Load the embedder and open its index, once; reports when they are not to be had."""
        self._is_open.clear()
        try:
            with self._guard:
                if self.dense is None and not self._closed.is_set():
                    self._open(settings)
        finally:
            self._is_open.set()

    def _open(self, settings: Settings) -> None:
        try:
            embedder = self._load(settings.embedder)
            dense = Dense.open(self._place(settings), embedder, self._turns, self._idle, self._report)
        except UserFacingError as error:
            self._report(f"Memory finds what was said by its words only: {error}")
            return
        self.dense = dense
        self._memory.attach(dense)
        dense.reconcile()

    def reopen(self, settings: Settings) -> None:
        """Go over to another place."""
        with self._guard:
            if self.dense:
                self._memory.attach(None)
                self.dense.close()
                self.dense = None
        self.open(settings)

    def switch(self, name: str, chosen: Callable[[], None]) -> None:
        """Go over to another embedder; `chosen` is called once its index is complete. Raises UserFacingError."""
        embedder = self._load(name)
        with self._guard:
            if self.dense is None or self._closed.is_set():
                embedder.close()
                chosen()
                return
            self.dense.switch(embedder)
            self._switching = threading.Thread(
                target=self._wait_for_switch, args=(self.dense, embedder.id, chosen), name="memory-switching"
            )
            self._switching.start()

    def check(self, url: str, token: str, certificate: str) -> str:
        """Return the name of a server that answers. Raises UserFacingError when it cannot be used."""
        place = self._server(url, token, certificate)
        place.check()
        return place.name

    def keep_token(self, url: str, token: str, certificate: str, *, known: bool) -> None:
        """Keep a server's token in the keyring, or drop it. Raises UserFacingError when the server cannot be used."""
        if url:
            self.check(url, token or (self._token() if known else ""), certificate)
        if token:
            keep_secret(self._paths, SERVER_TOKEN, token)
        elif not known:
            drop_secret(self._paths, SERVER_TOKEN)

    def close(self) -> None:
        """Release everything. Safe to call twice."""
        self._closed.set()
        if self._opening:
            self._opening.join()
        with self._guard:
            if self.dense:
                self.dense.close()
        if self._switching:
            self._switching.join()

    def _wait_for_switch(self, dense: Dense, embedder_id: str, chosen: Callable[[], None]) -> None:
        while not self._closed.is_set():
            if dense.drain(_SWITCH_SECONDS):
                if dense.state().embedder == embedder_id:  # else it failed, which was reported
                    chosen()
                return
            self._closed.wait(_SWITCH_SECONDS)

    def _load(self, name: str) -> Embedder:
        from desktop_agent.llm.embedder import GgufEmbedder

        return GgufEmbedder.load(self._library.find_embedder(name))

    def _place(self, settings: Settings) -> IndexPlace:
        if not settings.memory_server:
            return LocalPlace(self._paths.index)
        return self._server(settings.memory_server, self._token(), settings.memory_certificate)

    def _server(self, url: str, token: str, certificate: str) -> ServerPlace:
        profile = Profile.load(self._paths.profile)
        return ServerPlace(url, token, Path(certificate) if certificate else None, profile.id if profile else "home")

    def _token(self) -> str:
        return read_secret(self._paths, SERVER_TOKEN)
