"""asyncio without sockets: the loop only ever waits for time."""

import asyncio
import selectors
import time


class Waiting(selectors._BaseSelectorImpl):
    """A selector that nothing is registered with."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait until the loop's next timer is due."""
        if timeout is None:
            raise RuntimeError("everything waits for something that cannot happen here")
        time.sleep(max(0, timeout))
        return []


class Loop(asyncio.SelectorEventLoop):
    """A loop that no other thread can wake, since there is none."""

    def __init__(self) -> None:
        super().__init__(Waiting())

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None
        self._internal_fds = 0

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def run_in_executor(self, executor: object, function: object, *arguments: object) -> asyncio.Future:
        """Call the function at once: there are no threads."""
        future = self.create_future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:  # noqa: BLE001 -- a future carries whatever was raised
            future.set_exception(error)
        return future


def install() -> None:
    """Let asyncio make such loops."""
    asyncio.new_event_loop = asyncio.events.new_event_loop = Loop
