"""What the worker has still to do."""

import threading
from collections import deque
from collections.abc import Callable, Iterable


class Todo:
    """Commands come first, in their order; then turns that were just said, then those that were missing."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: deque[Callable[[], None]] = deque()
        self._fresh: dict[str, None] = {}
        self._missing: dict[str, None] = {}
        self.resting = False
        self.stuck = False
        """Whether nothing can be done until something outside changes."""
        self.closing = False

    def command(self, run: Callable[[], None]) -> None:
        """Let the worker run something."""
        with self._changed:
            self._commands.append(run)
            self._rouse()

    def expect(self, ids: Iterable[str], run: Callable[[], None] | None = None) -> None:
        """Note turns to be indexed soon, and let the worker run something before."""
        with self._changed:
            self._fresh.update(dict.fromkeys(ids))
            self._commands.extend([run] if run else [])
            self._rouse()

    def miss(self, ids: Iterable[str]) -> None:
        """Note turns to be indexed when there is time."""
        with self._changed:
            self._missing.update(dict.fromkeys(ids))
            self._rouse()

    def drop(self, ids: Iterable[str]) -> None:
        """Forget turns that need not be indexed any more."""
        with self._changed:
            for id_ in ids:
                self._fresh.pop(id_, None)
                self._missing.pop(id_, None)

    def next_command(self) -> Callable[[], None] | None:
        """Return a command to be run now."""
        with self._changed:
            return self._commands.popleft() if self._commands else None

    @property
    def empty(self) -> bool:
        """Whether no turn waits."""
        return not self._fresh and not self._missing

    def next_turn(self) -> str:
        """Return a turn to be indexed now, '' when there is none."""
        with self._changed:
            for waiting in (self._fresh, self._missing):
                if waiting:
                    id_ = next(iter(waiting))
                    self._fresh.pop(id_, None)
                    self._missing.pop(id_, None)
                    return id_
            return ""

    def wait(self, seconds: float | None) -> None:
        """Wait for a command or the end; without a time everything is done, with one the worker is stuck."""
        with self._changed:
            self.resting, self.stuck = seconds is None and not self._busy(), seconds is not None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.closing or self._busy(stuck=seconds is not None), seconds)
            self.resting = self.stuck = False

    def drain(self, seconds: float) -> bool:
        """Wait until the worker rests, not longer than it is stuck."""
        with self._changed:
            self._changed.wait_for(lambda: self.resting or self.stuck or self.closing, seconds)
            return self.resting

    def close(self) -> None:
        """Let the worker end."""
        with self._changed:
            self.closing = True
            self._rouse()

    def _busy(self, stuck: bool = False) -> bool:
        return bool(self._commands) or (not stuck and not self.empty)

    def _rouse(self) -> None:
        self.resting = self.stuck = False
        self._changed.notify_all()
