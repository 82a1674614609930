"""Questions of which only the last one counts."""

from collections.abc import Callable
from typing import Any

from desktop_agent.ui.background import Background, Lane


class Latest:
    """Runs work in the background and delivers what comes of it, unless something newer was asked meanwhile."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._number = 0

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        lane: Lane = "store",
    ) -> None:
        """As Background.run."""
        self.drop()
        number = self._number

        def if_last(callback: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda brought: callback(brought) if number == self._number else None

        self._background.run(work, done=if_last(done), failed=if_last(failed), lane=lane)

    def drop(self) -> None:
        """Deliver nothing of what was asked so far."""
        self._number += 1
