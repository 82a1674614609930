"""The MCP servers that the user added, as tools. Everything here may be called from any thread, and may block."""

import threading
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Json
from desktop_agent.records import McpServer
from desktop_agent.sandbox import bubblewrap
from desktop_agent.sandbox.bubblewrap import Cage, Start
from desktop_agent.tools.mcp import offered, results
from desktop_agent.tools.mcp.background import Background
from desktop_agent.tools.mcp.client import Launch, McpClient
from desktop_agent.tools.mcp.connection import CALL_SECONDS
from desktop_agent.tools.mcp.process import START_SECONDS
from desktop_agent.tools.mcp.shielded import shielded
from desktop_agent.tools.outcome import Outcome
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.tool import Tool

T = TypeVar("T")
_STOP_SECONDS = 8.0
_GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class McpStatus:
    """Whether a server runs: "ready" is started when it is needed, "failed" ended and says in `detail` why."""

    state: Literal["off", "ready", "running", "failed"]
    detail: str = ""


class McpClients:
    """Starts servers when they are first needed, confined, and ends them all with `close`.

    `servers` returns those that the user added, `secret` a value from the keyring by the server's and its own name;
    `taken` are names of tools that no server's tool may have. `launch` builds the cage.
    """

    def __init__(
        self,
        servers: Callable[[], Sequence[McpServer]],
        secret: Callable[[str, str], str],
        taken: Callable[[], Collection[str]] = tuple,
        launch: Launch = bubblewrap.prepared,
    ) -> None:
        self._servers = servers
        self._secret = secret
        self._taken = taken
        self._launch = launch
        self._background = Background()
        self._changing = threading.Lock()
        self._clients: dict[str, McpClient] = {}

    def tools(self, name: str, cancel: threading.Event | None = None) -> tuple[Tool, ...]:
        """Return the tools of a server, after starting it if it does not run.

        Raises UserFacingError when it cannot be started, Cancelled.
        """
        client = self._client(name)
        self._wait(client, client.ready, START_SECONDS, cancel)
        return self._as_tools(client)

    def known(self, name: str) -> tuple[Tool, ...]:
        """Return the tools that a server is known to have, at once; none before it was first started."""
        client = self._clients.get(name)
        return self._as_tools(client) if client else ()

    def status(self, name: str) -> McpStatus:
        """Return how a server is, at once."""
        client = self._clients.get(name)
        server = client.server if client else self._server(name)
        if not server.enabled:
            return McpStatus("off")
        if client and client.runs:
            return McpStatus("running")
        return McpStatus("failed", client.fault) if client and client.fault else McpStatus("ready")

    def pid(self, name: str) -> int:
        """Return the number of a server's process; 0 when it does not run."""
        client = self._clients.get(name)
        return client.pid if client else 0

    def stop(self, name: str) -> None:
        """End a server, and forget what is known of it; harmless when it does not run."""
        with self._changing:
            client = self._clients.pop(name, None)
        if client:
            self._wait(client, client.stop, _STOP_SECONDS, None)

    def close(self) -> None:
        """End all servers, for good; harmless when called again."""
        for name in list(self._clients):
            with suppress(UserFacingError, Cancelled):  # its process dies with the thread that started it
                self.stop(name)
        self._background.close()

    def _call(self, client: McpClient, tool: str, arguments: Mapping[str, Json], scope: Scope) -> Outcome:
        seconds = START_SECONDS + CALL_SECONDS
        result = self._wait(client, lambda: client.call(tool, arguments), seconds, scope.cancel)
        return results.outcome(client.server.name, result)

    def _as_tools(self, client: McpClient) -> tuple[Tool, ...]:
        """Return the tools as they are now, made anew only when the server listed others."""

        def call(tool: str, arguments: Mapping[str, Json], scope: Scope) -> Outcome:
            return self._call(client, tool, arguments, scope)

        listed = client.tools
        if client.offered[0] is not listed:
            client.offered = (listed, offered.tools(client.server, listed, self._taken(), call))
        return client.offered[1]

    def _client(self, name: str) -> McpClient:
        """Return the server as it is defined now; one that was defined otherwise is ended."""
        server = self._server(name)
        client = self._clients.get(name)
        if client and client.server != server:
            self.stop(name)
            client = None
        if client is None:
            cage = Cage(
                server.command, self._environment(server), server.folders, server.writable, network=server.network
            )
            client = McpClient(server, cage, self._start)
        with self._changing:
            return self._clients.setdefault(name, client)

    def _start(self, cage: Cage) -> AbstractContextManager[Start]:
        """Build the cage as things are now."""
        protected = tuple(path for folder in cage.writable for path in shielded(folder))
        return self._launch(replace(cage, shielded=protected))

    def _environment(self, server: McpServer) -> dict[str, str]:
        values = dict(server.environment)
        for name in server.secrets:
            values[name] = self._secret(server.name, name)
            if not values[name]:
                what = f"The secret '{name}' of the MCP server '{server.name}' is not in the keyring."
                raise UserFacingError(what, "Add the server again, with its secret.")
        return values

    def _server(self, name: str) -> McpServer:
        for server in self._servers():
            if server.name == name:
                return server
        raise UserFacingError(f"There is no MCP server '{name}'.", "Run: desktop-agent mcp list")

    def _wait(
        self,
        client: McpClient,
        work: Callable[[], Coroutine[Any, Any, T]],
        seconds: float,
        cancel: threading.Event | None,
    ) -> T:
        try:
            return self._background.run(work(), seconds + _GRACE_SECONDS, cancel)
        except TimeoutError as error:
            raise UserFacingError(f"The MCP server '{client.server.name}' did not answer in time.") from error
