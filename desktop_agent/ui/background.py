"""Work off the GUI thread: a few executors, and one queued signal that brings everything back."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QObject, Qt, Signal

from desktop_agent.errors import Cancelled, UserFacingError

Lane: TypeAlias = Literal["turn", "store", "pool"]

log = logging.getLogger(__name__)


class Background(QObject):
    """Runs callables on worker threads and hands what they bring to the GUI thread.

    The lane "turn" is one thread that owns the model, "store" one thread for everything quick that touches the disk, in
    the order it was asked for; "pool" is for what takes long. `failed` carries an error that nobody else wanted.
    """

    failed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sizes: dict[Lane, int] = {"turn": 1, "store": 1, "pool": 2}
        self._lanes = {lane: ThreadPoolExecutor(size, f"window-{lane}") for lane, size in sizes.items()}
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        lane: Lane = "store",
    ) -> Future[None]:
        """Run `work` on a lane, then `done(result)` or `failed(error)` on the GUI thread."""

        def job() -> None:
            try:
                result = work()
            except Exception as error:
                if not isinstance(error, UserFacingError | Cancelled):
                    log.exception("a background job failed")
                self.post(failed or self.failed.emit, error)
            else:
                if done:
                    self.post(done, result)

        return self._lanes[lane].submit(job)

    def post(self, callback: Callable[..., None], *args: Any) -> None:
        """Call `callback` on the GUI thread, soon, in the order of posting. Safe from every thread."""
        self._arrived.emit((callback, args))

    def close(self) -> None:
        """Wait for what is running; what has not begun is dropped, and nothing is delivered any more."""
        self._closed = True
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, parcel: tuple[Callable[..., None], tuple[Any, ...]]) -> None:
        if not self._closed:
            callback, args = parcel
            callback(*args)
