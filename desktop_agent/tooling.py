"""What tools need beside a chat's own database: the sandboxes, their layers, MCP servers and the clipboard."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.sandbox.documents import DocumentReader
from desktop_agent.sandbox.layers import Layer
from desktop_agent.sandbox.python import PythonSandbox
from desktop_agent.sandbox.selftest import SelfTest
from desktop_agent.storage.store import Store
from desktop_agent.tools.catalogue import built_in_tools
from desktop_agent.tools.mcp.clients import McpClients
from desktop_agent.tools.protocols import Clipboard, NoteStore, ReminderStore
from desktop_agent.tools.tool import FOREIGN, Tool

_log = logging.getLogger(__name__)
UNTESTED = "whether it is confined could not be found out"


class NoClipboard:
    """Implements the tools' Clipboard where there is none."""

    def text(self) -> str:
        """Say that there is none."""
        raise UserFacingError("Without the window there is no clipboard.", "Paste the text into your question.")


class Tooling:
    """One for the whole program. Nothing starts before it is needed; `begin` lets it start in the background.

    `clipboard` is for whoever has one to set. `closing` is set when the program ends; MCP servers that must be fetched
    are installed in `programs`.
    """

    def __init__(self, paths: Paths, is_off: Callable[[str], bool] = lambda _group: False) -> None:
        """`is_off` says which groups of tools chats begin without."""
        self.built_in = built_in_tools()
        self._is_off = is_off
        self.clipboard: Clipboard = NoClipboard()
        self._python = PythonSandbox(paths.python_sandbox)
        self._documents = DocumentReader()
        self._test = SelfTest(self._python)
        self._tester = ThreadPoolExecutor(1, thread_name_prefix="self-test")
        self._starters = ThreadPoolExecutor(4, thread_name_prefix="servers")
        self._tested: Future[tuple[Layer, ...]] | None = None
        self.closing = threading.Event()
        self.programs = paths.programs
        self._failed: set[str] = set()
        self._servers: McpClients | None = None
        self._store: Store | None = None

    def begin(self) -> Future[tuple[Layer, ...]]:
        """Test the layers in the background, once, and start the MCP servers that are on."""
        if self._tested is None:
            self._tested = self._tester.submit(self._test.run, self.closing)
            if self._store:
                self._tester.submit(lambda: list(self.tools(self.enabled)))
        return self._tested

    def layers(self) -> tuple[Layer, ...]:
        """Return what the last self-test found; nothing before there was one."""
        tested = self._tested
        return tested.result() if tested and tested.done() and not tested.exception() else ()

    def check(self, cancel: threading.Event) -> tuple[Layer, ...]:
        """Test the layers anew. Raises Cancelled, and UserFacingError when they cannot be tested."""
        tested: Future[tuple[Layer, ...]] = Future()
        try:
            tested.set_result(self._test.run(cancel))
        except OSError as error:
            hint = "Make room on the disk, and see that this account may write to its folder for temporary files."
            raise UserFacingError(f"The layers cannot be tested: {error.strerror}.", hint) from error
        self._tested = tested
        return tested.result()

    def fault(self, name: str) -> str:
        """Return why tools cannot count on a layer, in a sentence; nothing when they can. Waits for the self-test."""
        try:
            found = {layer.name: layer.fault for layer in self.begin().result()}
        except Exception:  # noqa: BLE001 -- a test that fails, or was stopped, shows nothing
            _log.info("The self-test of the sandbox did not end", exc_info=True)
            return UNTESTED
        return found.get(name, UNTESTED)

    def problem(self, tool: Tool) -> str:
        """Return why a tool is off; nothing when it is not."""
        return next(filter(None, map(self.fault, tool.needs)), "")

    def keep_in(self, store: Store, secret: Callable[[str, str], str], notice: Callable[[str], None]) -> None:
        """Take notes, reminders and MCP servers from a store, which from now on is open.

        `secret` returns a value from the keyring by the server's and its own name, `notice` tells the user something.
        """
        self._store = store
        self._notice = notice
        self._servers = McpClients(store.mcp_servers.list, secret, lambda: [tool.name for tool in self.built_in])

    def enabled(self, group: str) -> bool:
        """Return whether chats begin with a group of tools."""
        return not self._is_off(group)

    def tools(self, wanted: Callable[[str], bool]) -> Iterator[Tool]:
        """Yield the tools of the groups that are wanted; MCP servers that are on are started if need be."""
        yield from (tool for tool in self.built_in if wanted(tool.group))
        on = [each.name for each in self.store.mcp_servers.list() if each.enabled and wanted(f"{FOREIGN}{each.name}")]
        for tools in self._starters.map(self._foreign, on):
            yield from tools

    def _foreign(self, name: str) -> Sequence[Tool]:
        """Return a server's tools, none when it cannot be started, which is said once."""
        if known := self.servers.known(name):
            return known
        if name in self._failed:
            return ()
        try:
            return self.servers.tools(name, self.closing)
        except (UserFacingError, Cancelled) as error:
            self._failed.add(name)
            self._notice(str(error))
            return ()

    def start(self, name: str, cancel: threading.Event) -> Sequence[Tool]:
        """Return a server's tools, after starting it if it does not run. Raises UserFacingError, Cancelled."""
        tools = self.servers.tools(name, cancel)
        self._failed.discard(name)
        return tools

    def stop(self, name: str) -> None:
        """End a server; when it is next needed it is started as it is then defined."""
        self.servers.stop(name)
        self._failed.discard(name)

    @property
    def servers(self) -> McpClients:
        """The MCP servers."""
        assert self._servers is not None  # noqa: S101 -- a mistake of the program: `keep_in` comes first
        return self._servers

    @property
    def store(self) -> Store:
        """Where notes and reminders are kept."""
        assert self._store is not None  # noqa: S101 -- likewise
        return self._store

    def services(self) -> Mapping[type, object]:
        """Return what tools are given. Notes and reminders are kept even where a chat is not."""
        return {
            PythonSandbox: self._python,
            DocumentReader: self._documents,
            NoteStore: self.store.notes,
            ReminderStore: self.store.reminders,
            Clipboard: self.clipboard,
        }

    def close(self) -> None:
        """End what runs; harmless when called again."""
        self.closing.set()
        self._tester.shutdown()
        self._starters.shutdown()
        self._python.close()
        if self._servers:
            self._servers.close()
