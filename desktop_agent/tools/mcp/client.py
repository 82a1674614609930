"""One server that the user added: started when it is first needed, and again when it ended, later each time."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from time import monotonic
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.records import McpServer
from desktop_agent.sandbox.bubblewrap import Cage, Start
from desktop_agent.tools.mcp.connection import Connection
from desktop_agent.tools.tool import Tool

if TYPE_CHECKING:
    import mcp_types

Launch = Callable[[Cage], AbstractContextManager[Start]]

_DELAYS = (0.0, 1.0, 5.0, 20.0, 60.0)
"""Seconds before the next start, by how often it ended without having answered a call."""


class McpClient:
    """What is done with it is done in asyncio's thread; what is known of it can be looked at from everywhere.

    `offered` is kept for whoever makes tools of ours of its: the list that they were made of, and they.
    """

    def __init__(self, server: McpServer, cage: Cage, launch: Launch) -> None:
        self.server = server
        self._cage = cage
        self._launch = launch
        self._connection: Connection | None = None
        self._tools: tuple[mcp_types.Tool, ...] = ()
        self.offered: tuple[object, tuple[Tool, ...]] = (None, ())
        self._failures = 0
        self._fault = ""
        self._not_before = 0.0
        self._retired = False

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._connection is not None and self._connection.alive

    @property
    def fault(self) -> str:
        """Why it ended, in a sentence; empty while it runs, before it was needed, and when it was let go."""
        if self._connection is None:
            return self._fault
        return "" if self.runs or self._connection.dismissed else self._connection.fault

    @property
    def pid(self) -> int:
        """Its process's number; 0 when there is none."""
        return self._connection.pid if self._connection and self.runs else 0

    @property
    def tools(self) -> "tuple[mcp_types.Tool, ...]":
        """The last list that it gave; empty before it was started."""
        return self._connection.tools if self._connection and self.runs else self._tools

    async def ready(self) -> Connection:
        """Return the connection to it, started if it does not run.

        Raises UserFacingError when it cannot be started, or not yet again, and after `stop`.
        """
        if self._retired:  # what it may have was taken back with it
            raise UserFacingError(f"The MCP server '{self.server.name}' is not running: it was changed or removed.")
        if self._connection is None or not self._connection.alive:
            self._look_back()
            self._connection = Connection(self.server.name, lambda: self._launch(self._cage))
        connection = self._connection
        await connection.ready()
        self._tools, self._fault = connection.tools, ""
        return connection

    async def call(self, tool: str, arguments: Mapping[str, Json]) -> "mcp_types.CallToolResult":
        """Return the result of a tool. Raises UserFacingError."""
        connection = await self.ready()
        result = await connection.call(tool, arguments)
        self._failures = 0
        return result

    async def stop(self) -> None:
        """End it, for good."""
        self._retired = True
        if self._connection:
            self._tools = self._connection.tools or self._tools
            await self._connection.stop()
            self._connection = None

    def _look_back(self) -> None:
        """Count how the last life ended. Raises UserFacingError while it is too early for the next."""
        if self._connection and not self._connection.dismissed:
            self._tools = self._connection.tools or self._tools
            self._not_before = monotonic() + _DELAYS[min(self._failures, len(_DELAYS) - 1)]
            self._failures += 1
            self._fault, self._connection = self._connection.fault, None
        wait = self._not_before - monotonic()
        if wait > 0:
            raise UserFacingError(self._fault, f"It is tried again in {wait:.0f} seconds.")
