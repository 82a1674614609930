"""The pipes to a server: a line is a message. What comes is hostile, so it is bounded before it is looked at."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client._transport import TransportStreams

LARGEST = 4 << 20
"""Bytes of a message."""
_NOISE = 100
"""Lines that are no messages: some programs greet on the wrong stream, none goes on for long."""
_FLOOD = 2000
"""Messages in a second."""
_COMPLAINT = 2000
_LAST_WORDS_SECONDS = 0.5


@dataclass(frozen=True)
class Pipes:
    """What connects this program to a server. `from_server` refuses lines longer than LARGEST."""

    to_server: asyncio.StreamWriter
    from_server: asyncio.StreamReader
    complaints: asyncio.StreamReader


class Wire:
    """Carries messages until the server ends, of which `over` hears, or must end, for a reason that `hang_up` hears."""

    def __init__(self, pipes: Pipes, over: Callable[[], None], hang_up: Callable[[str], None]) -> None:
        self._pipes = pipes
        self._over = over
        self._hang_up = hang_up
        self._noise = 0
        self._second, self._count = 0.0, 0
        self.complaint = ""

    @asynccontextmanager
    async def streams(self) -> AsyncIterator["TransportStreams"]:
        """Yield the two streams that the SDK's client takes as its transport."""
        import anyio

        incoming, received = anyio.create_memory_object_stream[Any](0)
        sent, outgoing = anyio.create_memory_object_stream[Any](0)
        complaining = asyncio.create_task(self._keep_complaint())
        reading, writing = self._read(incoming, complaining), self._write(outgoing)
        work = [complaining, asyncio.create_task(reading), asyncio.create_task(writing)]
        try:
            yield received, sent
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            for stream in (incoming, received, sent, outgoing):
                stream.close()

    async def _read(self, incoming: Any, complaining: "asyncio.Task[None]") -> None:
        """Pass on every message; at the server's end, or its offence, the other side sees the stream closed."""
        import anyio

        async with incoming:
            try:
                while line := await self._pipes.from_server.readline():
                    if message := self._parsed(line):
                        await incoming.send(message)
                await asyncio.wait([complaining], timeout=_LAST_WORDS_SECONDS)
                self._over()
            except ValueError:  # asyncio's word for a line beyond the limit
                self._hang_up(f"it sent more than {LARGEST >> 20} MB at once")
            except _Offence as offence:
                self._hang_up(str(offence))
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                pass  # nobody listens any more

    def _parsed(self, line: bytes) -> Any:
        """Return the message, or None for a line that is none. Raises _Offence for too many of them."""
        import mcp_types
        from mcp.shared.message import SessionMessage

        self._count_one()
        try:
            return SessionMessage(mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False))
        except ValueError:
            self._noise += bool(line.strip())
        if self._noise > _NOISE:
            raise _Offence("what it sends is not the protocol")
        return None

    def _count_one(self) -> None:
        now = monotonic()
        if now - self._second > 1:
            self._second, self._count = now, 0
        self._count += 1
        if self._count > _FLOOD:
            raise _Offence("it sent thousands of messages in a second")

    async def _write(self, outgoing: Any) -> None:
        with suppress(ConnectionError):  # it is gone, and the reader says so
            async for sent in outgoing:
                line = sent.message.model_dump_json(by_alias=True, exclude_unset=True)
                self._pipes.to_server.write(line.encode("utf-8", "replace") + b"\n")
                await self._pipes.to_server.drain()

    async def _keep_complaint(self) -> None:
        """Keep the end of what it complains of; reading it keeps the pipe from filling up."""
        while data := await self._pipes.complaints.read(4096):
            self.complaint = (self.complaint + data.decode("utf-8", "replace"))[-_COMPLAINT:]


class _Offence(Exception):
    """What a server must not do."""
