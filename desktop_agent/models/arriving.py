"""Reads from a connection on a thread of its own: whoever waits for a silent server can turn away at any moment."""

import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from queue import Empty, Full, Queue

from desktop_agent.models.transfer import Piece

POLL_SECONDS = 0.1
STALL_SECONDS = 20.0
STALL_BYTES = 20 << 10
"""Fewer bytes than these in so many seconds are no download: a new connection may do better."""
DEPTH = 4
"""Pieces that may wait: what has arrived but is not in the file is lost when the program is killed."""


class Abandoned(Exception):
    """Nobody wants to read any more."""


class Stalled(Exception):
    """Next to nothing arrives."""


class Arriving:
    """The pieces that `read` puts here; it runs on a thread and says over which connections."""

    def __init__(self, read: Callable[["Arriving"], None]) -> None:
        self._read = read
        self._queue: Queue[Piece | None] = Queue(DEPTH)
        self._left = threading.Event()
        self._error: BaseException | None = None
        self._connection: socket.socket | None = None

    def connected(self, connection: socket.socket) -> None:
        """Note what `read` may be waiting for; raises Abandoned when nobody waits for `read`."""
        self._connection = connection
        if self._left.is_set():
            raise Abandoned

    def put(self, piece: Piece | None) -> None:
        """Hand on a piece; waits while nobody takes it, raises Abandoned when nobody will."""
        while not self._left.is_set():
            with suppress(Full):
                self._queue.put(piece, timeout=POLL_SECONDS)
                return
        raise Abandoned

    def pieces(self, check: Callable[[], None]) -> Generator[Piece]:
        """Yield what arrives. `check` is called ever again and may raise; raises Stalled, or what `read` raised."""
        thread = threading.Thread(target=self._work, name="model-download", daemon=True)
        thread.start()
        try:
            yield from self._taken(check)
        finally:
            self._leave()
        thread.join()
        if self._error:
            raise self._error

    def _taken(self, check: Callable[[], None]) -> Generator[Piece]:
        waited, count = 0.0, 0
        while True:
            check()
            began, piece = time.monotonic(), self._next()
            if piece is None:
                return
            waited += time.monotonic() - began  # what its user does with a piece is not the server's time
            count += len(piece[1])
            if piece[1]:
                yield piece
            if waited > STALL_SECONDS:
                if count < STALL_BYTES:
                    raise Stalled
                waited, count = 0.0, 0

    def _next(self) -> Piece | None:
        """Return the next piece, an empty one when there is none yet, None at the end."""
        try:
            return self._queue.get(timeout=POLL_SECONDS)
        except Empty:
            return 0, b""

    def _work(self) -> None:
        try:
            self._read(self)
        except Abandoned:
            return
        except Exception as error:  # noqa: BLE001 -- raised again where the pieces are read
            self._error = error
        with suppress(Abandoned):
            self.put(None)

    def _leave(self) -> None:
        """Let the thread go; a read that waits for the server ends when its connection does."""
        self._left.set()
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
