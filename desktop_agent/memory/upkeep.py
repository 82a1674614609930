"""The one thread that embeds passages and writes to the index: what it does when, and what after a failure."""

import threading
import time
from collections.abc import Callable, Iterable

from desktop_agent.errors import DesktopAgentError
from desktop_agent.memory.centred import Centred
from desktop_agent.memory.index import IndexFailed, IndexPlace, IndexUnusable
from desktop_agent.memory.indexes import Indexes
from desktop_agent.memory.protocols import Embedder, TurnSource
from desktop_agent.memory.serving import Serving
from desktop_agent.memory.todo import Todo

_GLANCE = 0.1
"""Seconds between looks at new commands while the chat model works."""
_DELAYS = (2.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds before something that failed so many times in a row is tried again."""
_HOPELESS = 2
"""So many searches in a row fail although the index could be opened: it is built anew."""
BUILDING = "The memory index is being built from your conversations. Until that is done, memory goes mostly by words."


class Upkeep:
    """Public methods return at once, but `start`, `drain` and `close`."""

    def __init__(self, place: IndexPlace, serving: Serving, turns: TurnSource, idle: threading.Event) -> None:
        self.place = place
        self._serving = serving
        self._turns = turns
        self._idle = idle
        self._todo = Todo()
        self._indexes = Indexes(place, serving, turns, self._todo)
        self._arriving: list[Embedder] = []
        self._failures = self._unanswered = 0
        self._retry_at = 0.0
        self._thread = threading.Thread(target=self._run, name="memory-index")
        serving.failed = lambda error: self._todo.command(lambda: self._search_failed(error))

    def start(self) -> None:
        """Open the index, and begin."""
        try:
            self._open()
        except BaseException:
            self._release()
            raise
        self._thread.start()

    @property
    def indexed(self) -> int:
        """How many vectors there are, in what is built or else in what serves."""
        building = self._indexes.building
        return building.count if building else self._indexes.count

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits for the chat model."""
        return not (self._todo.resting or self._todo.stuck)

    @property
    def next(self) -> str:
        """The embedder that is gone over to, '' when there is none."""
        building = self._indexes.building
        return building.embedder.id if building and building.another else ""

    def queue(self, ids: Iterable[str]) -> None:
        """Index turns. Vectors that they had are removed at once: their text may have changed."""
        ids = list(ids)
        self._todo.expect(ids, lambda: self._indexes.renew(ids))

    def remove(self, ids: Iterable[str], thoroughly: bool) -> None:
        """Take turns out."""
        ids = list(ids)
        self._todo.command(lambda: self._take_out(ids, thoroughly))

    def reconcile(self) -> None:
        """Let the index follow the source; one that cannot be opened is tried again at once."""
        self._todo.command(self._compare_soon)

    def rebuild(self) -> None:
        """Build anew with the same embedder."""
        self._todo.command(lambda: self._indexes.begin(self._serving.embedder, another=False))

    def switch(self, embedder: Embedder) -> None:
        """Build anew with another embedder, which is taken over."""
        self._arriving.append(embedder)
        self._todo.command(self._change)

    def drain(self, seconds: float) -> bool:
        """Wait until there is nothing to do."""
        return self._todo.drain(seconds)

    def close(self) -> None:
        """End after the current turn and release the index. Safe to call twice."""
        self._todo.close()
        if self._thread.is_alive():
            self._thread.join()

    # What follows runs on the thread.

    def _run(self) -> None:
        try:
            while not self._todo.closing:
                self._guarded(self._step)
            while command := self._todo.next_command():
                self._guarded(command)
            self._guarded(self._indexes.flush)
        finally:
            self._release()

    def _guarded(self, run: Callable[[], object]) -> None:
        try:
            run()
        except IndexFailed as error:
            self._mend(error)
        except DesktopAgentError as error:
            self._fail(error)

    def _step(self) -> None:
        """Do the most urgent thing."""
        delay = self._retry_at - time.monotonic()
        if command := self._todo.next_command():
            command()
        elif delay > 0:
            self._todo.wait(delay)
        elif self._indexes.current is None:
            self._indexes.compare_due = True
            self._open()
        elif self._indexes.compare_due:
            self._indexes.compare()
        elif owing := self._indexes.owing():
            self._indexes.rewrite(owing)
        elif not self._todo.empty:
            self._when_idle(self._fill)
        elif not self._flush():
            self._finished()

    def _finished(self) -> None:
        """Go on with what has the most time."""
        if self._indexes.building:
            self._when_idle(self._indexes.build)
        else:
            self._rest()

    def _when_idle(self, run: Callable[[], None]) -> None:
        if self._idle.is_set() or self._idle.wait(_GLANCE):
            self._embedded(run)
        else:
            self._flush()

    def _embedded(self, run: Callable[[], None]) -> None:
        """Say that a text could not be embedded, and go on without it: the next `reconcile` tries again."""
        try:
            run()
        except IndexFailed:
            raise
        except DesktopAgentError as error:
            self._serving.note(str(error))
            time.sleep(_GLANCE)  # whatever it is, it may last

    def _fill(self) -> None:
        if self._indexes.fill():
            self._failures = 0

    def _flush(self) -> bool:
        written = self._indexes.flush()
        self._failures = 0 if written else self._failures
        return written

    def _open(self) -> None:
        try:
            index = self._indexes.open()
        except IndexFailed as error:
            self._fail(error)
            return
        news = BUILDING if index.fresh and self._turns.count() else ""
        if index.news or news:
            self._serving.note(index.news or news)

    def _compare_soon(self) -> None:
        self._indexes.compare_due, self._retry_at = True, 0.0

    def _take_out(self, ids: list[str], thoroughly: bool) -> None:
        self._todo.drop(ids)
        if thoroughly:
            self._indexes.forget(ids)
        else:
            self._indexes.drop(ids)

    def _change(self) -> None:
        embedder = self._arriving.pop(0)
        try:
            centred = Centred(embedder)
        except BaseException:
            embedder.close()
            raise
        if centred.id == self._serving.embedder.id:
            centred.close()
            self._indexes.give_up()
        else:
            self._indexes.begin(centred, another=True)

    def _rest(self) -> None:
        self._failures = self._unanswered = 0
        patience = self._indexes.patience()
        if patience <= 0:
            self._serving.problem = ""
        self._todo.wait(patience if patience > 0 else None)

    def _search_failed(self, error: IndexFailed) -> None:
        self._unanswered += 1
        self._mend(error)

    def _mend(self, error: IndexFailed) -> None:
        """Open what failed again: a damaged index is replaced, one without room is kept and tried later."""
        self._indexes.compare_due = True
        building = self._indexes.building
        if building and building.index and building.index.failed:
            building.lose()
        index, obstacle = self._indexes.current, self.place.obstacle()
        if index is None or not index.failed or (obstacle and not self._unanswered):
            self._fail(obstacle or error)
            return
        self._indexes.leave(destroy=self._unanswered >= _HOPELESS)
        self._fail(error if isinstance(error, IndexUnusable) else None)
        self._open()

    def _fail(self, error: DesktopAgentError | None) -> None:
        self._retry_at = time.monotonic() + _DELAYS[min(self._failures, len(_DELAYS) - 1)]
        self._failures += 1
        if error:
            self._serving.note(str(error))

    def _release(self) -> None:
        self._indexes.leave()
        self._indexes.give_up(unfinished=True)
        for embedder in self._arriving:
            embedder.close()
