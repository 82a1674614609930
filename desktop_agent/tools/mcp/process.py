"""The process of a server: started in its cage, watched, and ended with all that it started."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from time import monotonic
from typing import Self

from desktop_agent.sandbox.bubblewrap import Start
from desktop_agent.sandbox.burden import burden
from desktop_agent.tools.mcp.wire import LARGEST, Pipes

MEMORY_MB = 1024
PROCESSES = 64
START_SECONDS = 30.0
_WATCH_SECONDS = 0.5
_LEAVE_SECONDS = 1.0
"""A server whose input ends may write down what it has to."""
_REAP_SECONDS = 3.0


class ServerProcess:
    """A process that is a session of its own, with pipes."""

    def __init__(self, process: Process, pipes: Pipes) -> None:
        self.pipes = pipes
        self._process = process
        self._late = monotonic() + START_SECONDS

    @classmethod
    async def start(cls, how: Start) -> Self:
        """Start it. Raises OSError."""
        process = await asyncio.create_subprocess_exec(
            *how.arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env={},
            cwd="/",
            limit=LARGEST,
            pass_fds=how.pass_fds,
            start_new_session=True,
        )
        if not (process.stdin and process.stdout and process.stderr):
            raise OSError("the process has no pipes")
        return cls(process, Pipes(process.stdin, process.stdout, process.stderr))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def kill(self) -> None:
        """End it at once; harmless when it is gone."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def leave(self) -> int | None:
        """Let it end, or end it. Return its exit code if it ended by itself."""
        self.pipes.to_server.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _LEAVE_SECONDS)
        code = self._process.returncode
        self.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _REAP_SECONDS)
        # Nothing public closes a pipe in which something is left to read: https://github.com/python/cpython/issues/88050
        if transport := getattr(self._process, "_transport", None):
            transport.close()
        return code

    async def offence(self, is_ready: asyncio.Event) -> str:
        """Wait until it takes too long to be ready, or more of the machine than it may; return which."""
        while True:
            taken = burden(self.pid)
            if taken.processes > PROCESSES:
                return f"it started more than {PROCESSES} processes"
            if taken.memory > MEMORY_MB << 20:
                return f"it took more than {MEMORY_MB} MB of memory"
            if not is_ready.is_set() and monotonic() > self._late:
                return f"it did not answer within {START_SECONDS:.0f} seconds"
            await asyncio.sleep(_WATCH_SECONDS)
