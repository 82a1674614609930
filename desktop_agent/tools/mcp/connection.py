"""A conversation with one running server, from its start to its end, in asyncio's thread."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any

from desktop_agent import __version__
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Json
from desktop_agent.sandbox.bubblewrap import Start, refusal
from desktop_agent.tools.mcp.listing import Listing
from desktop_agent.tools.mcp.process import ServerProcess
from desktop_agent.tools.mcp.wire import Wire
from desktop_agent.tools.shown import shown

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client

CALL_SECONDS = 60.0
IDLE_SECONDS = 600.0
"""A server that nobody calls for so long is let go; it is started again when it is needed."""
_END_SECONDS = 6.0
_ENDED = "it ended by itself"
_CLOSED, _TIMED_OUT = -32000, -32001


class Connection:
    """`start` says how to start the process. `fault` says why it is over, in a sentence, once it is.

    With `dismissed` it was let go, and has no fault.
    """

    def __init__(self, name: str, start: Callable[[], AbstractContextManager[Start]]) -> None:
        self.fault = ""
        self.dismissed = False
        self._called = 0
        self._name = name
        self._reason = ""
        self._leaving = asyncio.Event()
        self._ready = asyncio.Event()
        self._process: ServerProcess | None = None
        self._client: Client | None = None
        self._listing: Listing | None = None
        self._life = asyncio.create_task(self._live(start))

    @property
    def alive(self) -> bool:
        """Whether it runs, or is about to."""
        return not self._leaving.is_set()

    @property
    def pid(self) -> int:
        """The process's number; 0 before it is there."""
        return self._process.pid if self._process else 0

    @property
    def tools(self) -> "tuple[mcp_types.Tool, ...]":
        """The last list that it gave."""
        return self._listing.tools if self._listing else ()

    async def ready(self) -> None:
        """Wait until it can be called. Raises UserFacingError when it cannot be started."""
        waiting = asyncio.create_task(self._ready.wait())
        await asyncio.wait([waiting, self._life], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            raise UserFacingError(self.fault)

    async def call(self, tool: str, arguments: Mapping[str, Json]) -> "mcp_types.CallToolResult":
        """Return the result. Raises UserFacingError; a server that does not answer is ended."""
        import mcp_types
        from mcp.shared.exceptions import MCPError
        from pydantic import ValidationError

        if self._client is None:
            raise await self._ending()
        self._called += 1
        # Not Client.call_tool: it checks the result against a schema of the server's, whose patterns may never end.
        wanted = mcp_types.CallToolRequestParams(name=tool, arguments=dict(arguments))
        request = mcp_types.CallToolRequest(params=wanted)
        try:
            return await self._client.session.send_request(request, mcp_types.CallToolResult, CALL_SECONDS)
        except MCPError as error:
            if error.code == _TIMED_OUT:
                self.hang_up(f"it did not answer within {CALL_SECONDS:.0f} seconds")
            if not self.alive or error.code == _CLOSED:
                raise await self._ending() from error
            said = shown(error.message, 500)
            raise UserFacingError(f"The MCP server '{self._name}' refused the call: {said}.") from error
        except (ValidationError, RuntimeError) as error:
            raise UserFacingError(f"The MCP server '{self._name}' gave an answer that cannot be used.") from error

    def hang_up(self, reason: str) -> None:
        """End the process at once; the first reason counts."""
        self._reason = self._reason or reason
        self._leaving.set()
        if self._process:
            self._process.kill()

    async def stop(self) -> None:
        """Let it leave, then end it; one that is not even ready is ended at once."""
        self._leaving.set()
        if not self._ready.is_set():
            self.hang_up("it was stopped before it was ready")
        await asyncio.wait([self._life])

    async def _live(self, start: Callable[[], AbstractContextManager[Start]]) -> None:
        """Its whole life. Whatever goes wrong in it ends it, and is its fault."""
        try:
            async with AsyncExitStack() as stack:
                with start() as how:
                    self._process = await ServerProcess.start(how)
                wire = Wire(self._process.pipes, self._leaving.set, self.hang_up)
                stack.push_async_callback(self._part, self._process, wire)
                await self._converse(self._process, wire, stack)
        except UserFacingError as error:
            self.fault = str(error)
        except Exception as error:  # noqa: BLE001 -- the boundary to what others wrote
            self._reason = self._reason or _in_words(error)
        finally:
            self._client = None
            self._leaving.set()
            self.fault = self.fault or self._sentence("")

    async def _converse(self, process: ServerProcess, wire: Wire, stack: AsyncExitStack) -> None:
        from mcp import Client
        from mcp.types import Implementation

        await stack.enter_async_context(_meanwhile(self._watch(process)))
        us = Implementation(name="desktop-agent", version=__version__)
        listing = Listing(self.hang_up)
        client = Client(wire.streams(), message_handler=listing.hear, client_info=us, cache=None)
        self._client = await stack.enter_async_context(client)
        await listing.fetch(client)
        self._listing = listing
        self._ready.set()
        await stack.enter_async_context(_meanwhile(listing.follow(client)))
        await stack.enter_async_context(_meanwhile(listing.subscribe(client)))
        await self._wait()

    async def _wait(self) -> None:
        """Wait until it is over, or was not called for long."""
        called = -1
        while not self._leaving.is_set() and called != self._called:
            called = self._called
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), IDLE_SECONDS)
        self.dismissed = not self._leaving.is_set()

    async def _watch(self, process: ServerProcess) -> None:
        self.hang_up(await process.offence(self._ready))

    async def _part(self, process: ServerProcess, wire: Wire) -> None:
        """See the process end, and keep what there is to say about that."""
        self._leaving.set()
        code = await process.leave()
        if not self._reason and code is not None:
            self.fault = refusal(code, wire.complaint)
        self._reason = self._reason or _ENDED
        self.fault = self.fault or self._sentence(wire.complaint)

    async def _ending(self) -> UserFacingError:
        """Return what became of it, once that is known."""
        await asyncio.wait([self._life], timeout=_END_SECONDS)
        return UserFacingError(self.fault or self._sentence(""))

    def _sentence(self, complaint: str) -> str:
        lines = [line for line in complaint.splitlines() if line.strip()]
        last = f" Its last words: {shown(lines[-1].strip(), 200)}" if lines else ""
        return f"The MCP server '{self._name}' is not running: {self._reason or _ENDED}.{last}"


@contextlib.asynccontextmanager
async def _meanwhile(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let work go on."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=1)


def _in_words(error: BaseException) -> str:
    """Return what went wrong; the SDK's errors may come in groups."""
    if isinstance(error, BaseExceptionGroup):
        return _in_words(error.exceptions[0])
    return shown(f"{type(error).__name__}: {error}".splitlines()[0], 200)
