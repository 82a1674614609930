"""The MCP servers that the user added; their secrets are in the keyring."""

import builtins
import json
from dataclasses import asdict, replace
from typing import Any

from desktop_agent.errors import UserFacingError
from desktop_agent.records import McpServer
from desktop_agent.storage.clock import now
from desktop_agent.storage.database import Database


class McpServers:
    """The servers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, server: McpServer) -> None:
        """Keep a server; one with the same name is replaced."""
        made = replace(server, created_at=server.created_at or now())
        values = (made.name, json.dumps(asdict(made)), made.created_at)
        self._database.execute("INSERT OR REPLACE INTO mcp_servers VALUES (?, ?, ?)", *values)

    def get(self, name: str) -> McpServer:
        """Return one; raises UserFacingError when there is none of that name."""
        found = [server for server in self.list() if server.name == name]
        if not found:
            raise UserFacingError(f"There is no MCP server '{name}'.", "Run: desktop-agent mcp list")
        return found[0]

    def list(self) -> builtins.list[McpServer]:
        """Return the servers by name."""
        rows = self._database.select("SELECT definition FROM mcp_servers ORDER BY name")
        return [_server(json.loads(row[0])) for row in rows]

    def delete(self, name: str) -> None:
        """Forget a server; harmless when it is gone."""
        self._database.execute("DELETE FROM mcp_servers WHERE name = ?", name)


def _server(data: dict[str, Any]) -> McpServer:
    """Return the server with its lists as tuples again."""
    pairs = tuple((name, value) for name, value in data.pop("environment"))
    lists: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return McpServer(**lists, environment=pairs)
