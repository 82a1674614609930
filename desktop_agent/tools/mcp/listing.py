"""The tools that a running server lists, kept up to date as it says that they changed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client

MOST = 64
_PAGES = 20
_PAUSE_SECONDS = 1.0


class Listing:
    """The last list. A server whose list cannot be read any more must end: `hang_up` hears so."""

    def __init__(self, hang_up: Callable[[str], None]) -> None:
        self.tools: tuple[mcp_types.Tool, ...] = ()
        self._hang_up = hang_up
        self._stale = asyncio.Event()

    async def fetch(self, client: "Client") -> None:
        """List the tools; the SDK's errors are its own."""
        import mcp_types

        found: list[mcp_types.Tool] = []
        cursor: str | None = None
        for _ in range(_PAGES):
            page = await client.session.list_tools(params=mcp_types.PaginatedRequestParams(cursor=cursor))
            found += page.tools
            cursor = page.next_cursor
            if cursor is None or len(found) >= MOST:
                break
        self.tools = tuple(found[:MOST])

    async def hear(self, message: Any) -> None:
        """Take note of what the server says by itself."""
        import mcp_types

        if isinstance(message, mcp_types.ToolListChangedNotification):
            self._stale.set()

    async def subscribe(self, client: "Client") -> None:
        """Hear of changes where that must be asked for: in the protocol since 2026-07-28."""
        from mcp.shared.exceptions import MCPError

        with suppress(MCPError, RuntimeError, TimeoutError):
            async with client.listen(tools_list_changed=True) as events:
                async for _ in events:
                    self._stale.set()

    async def follow(self, client: "Client") -> None:
        """List anew when there are changes, not more than once in a second."""
        while True:
            await self._stale.wait()
            self._stale.clear()
            try:
                await self.fetch(client)
            except Exception:  # noqa: BLE001 -- the boundary to what others wrote
                self._hang_up("it could not list its tools any more")
            await asyncio.sleep(_PAUSE_SECONDS)
