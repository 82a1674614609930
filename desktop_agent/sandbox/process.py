"""Processes that do untrusted work: started with nothing, asked by messages, ended at a limit."""

import io
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import cast

from desktop_agent.errors import Cancelled, DesktopAgentError
from desktop_agent.messages import Json
from desktop_agent.sandbox import frames
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.lock import LockRefused

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.05
"""How often a waiting caller looks at Stop, at the clock and at the worker's memory."""
_START_SECONDS = 60.0
"""A worker that has not said by then that it is ready never will, even on a busy machine."""
_LONGEST_COMPLAINT = 4096


class WorkerDied(DesktopAgentError):
    """The worker crashed, was ended for its memory, or sent what is no message; the text says which."""


class WorkerTimeout(DesktopAgentError):
    """The worker took longer than it was given."""


def command(module: str, arguments: Sequence[str] = ()) -> list[str]:
    """Return the command that runs a module of this program as a process of its own, without the user's site."""
    return [sys.executable, "-I", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Return all that a worker gets of an environment; on Windows Python does not start without the system's folder."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ and os.name == "nt"}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", **kept}


class Worker:
    """A process that answers one message at a time. It gets pipes, `pass_fds`, an empty folder and nothing else.

    The module calls `child.serve`. The process starts at once, and is ready some tenths of a second later; whoever
    calls first waits for that. It dies with this program.
    """

    def __init__(
        self,
        module: str,
        *,
        arguments: Sequence[str] = (),
        pass_fds: Sequence[int] = (),
        largest_frame: int = frames.LARGEST,
        memory_mb: int = 0,
    ) -> None:
        self.layers: tuple[str, ...] = ()
        self._largest = largest_frame
        self._memory = memory_mb << 20
        self._calling, self._closing = threading.Lock(), threading.Lock()
        self._requests: queue.SimpleQueue[Mapping[str, Json] | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Message | str] = queue.SimpleQueue()
        self._greeted = False
        self._complaint = b""
        self._folder = tempfile.TemporaryDirectory(prefix="desktop-agent-")
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = _start(command(module, arguments), self._folder.name, lifeline, pass_fds)
        except BaseException:
            os.close(self._lifeline)
            self._folder.cleanup()
            raise
        finally:
            os.close(lifeline)
        self._to = cast(io.BufferedWriter, self._process.stdin)
        self._from = cast(io.BufferedReader, self._process.stdout)
        self._complaints = cast(io.BufferedReader, self._process.stderr)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._exchange, self._listen)]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether it can be called."""
        return self._process.poll() is None and self._lifeline >= 0

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def call(self, message: Mapping[str, Json], seconds: float, cancel: threading.Event | None = None) -> Message:
        """Return the answer to a message, within `seconds` after the worker is ready.

        Raises WorkerDied, WorkerTimeout and Cancelled, after which the process is gone; LockRefused when the worker
        could not be confined.
        """
        with self._calling:
            try:
                self._greet(cancel)
                self._requests.put(message)
                return self._wait(seconds, cancel)
            except BaseException:
                self.close()
                raise

    def ready(self, cancel: threading.Event | None = None) -> None:
        """Wait until the worker is confined and can be called. Raises as `call` does."""
        with self._calling:
            try:
                self._greet(cancel)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """End the process and wait until it is gone; harmless when it is."""
        with self._closing:
            if self._process.poll() is None:
                self._process.kill()
            self._process.wait()
            self._requests.put(None)
            for thread in self._threads:
                thread.join()
            if self._lifeline >= 0:
                os.close(self._lifeline)
                self._lifeline = -1
                self._folder.cleanup()

    def _greet(self, cancel: threading.Event | None) -> None:
        if self._greeted:
            return
        hello = self._wait(_START_SECONDS, cancel)
        if refusal := hello.get("refused"):
            raise LockRefused(str(refusal))
        layers = hello.get("layers")
        self.layers = tuple(map(str, layers)) if isinstance(layers, list) else ()
        self._greeted = True

    def _wait(self, seconds: float, cancel: threading.Event | None) -> Message:
        deadline = monotonic() + seconds
        while True:
            try:
                answer = self._answers.get(timeout=max(0.0, min(_LOOK_SECONDS, deadline - monotonic())))
            except queue.Empty:
                self._check(deadline, cancel)
                continue
            if isinstance(answer, str):
                raise WorkerDied(answer)
            return answer

    def _check(self, deadline: float, cancel: threading.Event | None) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if not self._threads[0].is_alive():
            raise WorkerDied("It was ended.")
        if monotonic() >= deadline:
            raise WorkerTimeout("It took too long and was ended.")
        if self._memory and _resident(self._process.pid) > self._memory:
            raise WorkerDied(f"It took more than {self._memory >> 20} MB of memory and was ended.")

    def _exchange(self) -> None:
        """Send what is asked and pass on what is answered: a thread's work, for no pipe can be waited for with Stop."""
        try:
            with self._from, self._to:
                self._answers.put(self._receive())
                while (message := self._requests.get()) is not None:
                    frames.write(self._to, message)
                    self._answers.put(self._receive())
        except OSError:
            self._answers.put(self._ending())

    def _receive(self) -> Message | str:
        try:
            answer = frames.read(self._from, self._largest)
        except frames.BrokenFrame as error:
            return f"It sent {error}."
        return self._ending() if answer is None else answer

    def _ending(self) -> str:
        code = self._process.wait()
        _log.info("A worker ended with %s: %s", code, self._complaint.decode("utf-8", "replace"))
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(code)
        return f"It ended by itself ({name})."

    def _listen(self) -> None:
        """Keep the end of what the worker complains of; reading it keeps the pipe from filling up."""
        with self._complaints:
            while data := self._complaints.read1(_LONGEST_COMPLAINT):
                self._complaint = (self._complaint + data)[-_LONGEST_COMPLAINT:]


def _start(arguments: list[str], folder: str, lifeline: int, pass_fds: Sequence[int]) -> "subprocess.Popen[bytes]":
    """Start a process that is tied to this program's life. Raises OSError."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        arguments,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        cwd=folder,
        env=environment(),
        close_fds=True,
        pass_fds=(lifeline, *pass_fds) if os.name == "posix" else (),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        _tie(lifeline, process.pid)
    except OSError:
        with process:  # which closes its pipes
            process.kill()
        raise
    return process


def _tie(lifeline: int, pid: int) -> None:
    """Let the kernel kill the worker when this program is gone and so the pipe's other end; see F_SETSIG in fcntl(2).

    PR_SET_PDEATHSIG would do so as soon as the *thread* that started it ends, and a worker outlives many of those.
    Elsewhere a worker ends when it next reads.
    """
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(lifeline, fcntl.F_SETOWN, pid)
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _resident(pid: int) -> int:
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
