"""The one thread that embeds passages and writes to the index."""

import threading
import time
from collections.abc import Callable, Iterable

from desktop_agent.errors import DesktopAgentError
from desktop_agent.memory.building import Building
from desktop_agent.memory.centred import Centred
from desktop_agent.memory.filling import Filler
from desktop_agent.memory.index import IndexFailed, IndexPlace, IndexUnusable, VectorIndex
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
        self._filler: Filler | None = None
        self._building: Building | None = None
        self._arriving: list[Embedder] = []
        self._count = self._failures = self._unanswered = 0
        self._retry_at = self._rewrite_at = 0.0
        self._compare_due = self._owed = False
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
        building = self._building
        return building.count if building else self._count

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits for the chat model."""
        return not (self._todo.resting or self._todo.stuck)

    @property
    def next(self) -> str:
        """The embedder that is gone over to, '' when there is none."""
        building = self._building
        return building.embedder.id if building and building.another else ""

    def queue(self, ids: Iterable[str]) -> None:
        """Index turns. Vectors that they had are removed at once: their text may have changed."""
        ids = list(ids)
        self._todo.expect(ids, lambda: self._index_anew(ids))

    def remove(self, ids: Iterable[str], thoroughly: bool) -> None:
        """Take turns out."""
        ids = list(ids)
        self._todo.command(lambda: self._take_out(ids, thoroughly))

    def reconcile(self) -> None:
        """Let the index follow the source; one that cannot be opened is tried again at once."""
        self._todo.command(self._compare_soon)

    def rebuild(self) -> None:
        """Build anew with the same embedder."""
        self._todo.command(lambda: self._begin(self._serving.embedder, another=False))

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

    @property
    def _index(self) -> VectorIndex | None:
        return self._filler.index if self._filler else None

    # What follows runs on the thread.

    def _run(self) -> None:
        try:
            while not self._todo.closing:
                self._guarded(self._step)
            while command := self._todo.next_command():
                self._guarded(command)
            self._guarded(self._flush)
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
        elif self._index is None:
            self._open()
        elif self._compare_due:
            self._compare()
        elif owing := self._owing():
            self._rewrite(owing)
        elif not self._todo.empty:
            self._when_idle(self._fill)
        elif not self._flush():
            self._finished()

    def _finished(self) -> None:
        """Go on with what has the most time."""
        if self._building:
            self._when_idle(self._build)
        else:
            self._rest()

    def _when_idle(self, run: Callable[[], None]) -> None:
        if self._idle.is_set() or self._idle.wait(_GLANCE):
            self._embedded(run)
        else:
            self._flush()

    def _open(self) -> None:
        try:
            index = self.place.open(self._serving.embedder.id)
            self._count = index.count()
        except IndexFailed as error:
            self._fail(error)
            return
        self._adopt(index)
        news = BUILDING if index.fresh and self._turns.count() else ""
        if index.news or news:
            self._serving.note(index.news or news)

    def _adopt(self, index: VectorIndex, embedder: Embedder | None = None) -> None:
        self._let_go()
        self._serving.swap(index, embedder)
        self._filler = Filler(index, self._serving.embedder, self._turns)
        self._compare_due = True if self._thread.is_alive() else self._compare_due

    def _compare_soon(self) -> None:
        self._compare_due, self._retry_at = True, 0.0

    def _compare(self) -> None:
        """Find what is missing and what is too much; after a clean exit equal counts will do."""
        self._flush()
        index = self._index
        if index is None:
            return
        settled, index.settled = index.settled, False
        if not settled or index.count() != self._turns.count():
            indexed, wanted = index.ids(), self._turns.ids()
            if indexed - wanted:
                self._forget(sorted(indexed - wanted))
            self._todo.miss(sorted(wanted - indexed))
        self._compare_due = False

    def _fill(self) -> None:
        if self._filler and self._filler.add(self._todo.next_turn()):
            self._written()

    def _embedded(self, run: Callable[[], None]) -> None:
        """Say that a text could not be embedded, and go on without it: the next `reconcile` tries again."""
        try:
            run()
        except IndexFailed:
            raise
        except DesktopAgentError as error:
            self._serving.note(str(error))

    def _flush(self) -> bool:
        if self._filler is None or not self._filler.flush():
            return False
        self._written()
        return True

    def _written(self) -> None:
        self._failures = 0
        if self._index:
            self._count = self._index.count()

    def _index_anew(self, ids: list[str]) -> None:
        """Drop the vectors of turns; some of these may have been embedded while this waited for its turn."""
        self._drop(ids)
        self._todo.expect(ids)

    def _take_out(self, ids: list[str], thoroughly: bool) -> None:
        self._todo.drop(ids)
        if thoroughly:
            self._forget(ids)
        else:
            self._drop(ids)

    def _drop(self, ids: list[str]) -> None:
        if self._building:
            self._building.drop(ids)
        if self._filler:
            self._filler.drop(ids)
            self._count = self._filler.index.count()

    def _forget(self, ids: list[str]) -> None:
        self._owed = True
        for index in self._indexes():
            index.owe()
        self._drop(ids)
        self._rewrite_at = 0.0
        self._owed = False

    def _indexes(self) -> list[VectorIndex]:
        both = (self._index, self._building.index if self._building else None)
        return [index for index in both if index is not None]

    def _owing(self) -> VectorIndex | None:
        if time.monotonic() < self._rewrite_at:
            return None
        return next((index for index in self._indexes() if self._owed or index.owing), None)

    def _rewrite(self, old: VectorIndex) -> None:
        """Copy the vectors that stay to a new index, so that the files of the old one can go."""
        self._rewrite_at = time.monotonic() + _DELAYS[-1]  # what fails must not keep new turns waiting
        building = self._building if self._building and old is self._building.index else None
        new = self._copied(old, building.embedder.id if building else self._serving.embedder.id)
        if new is None:
            return
        if building:
            building.use(new)
        else:
            new.serve()
            self._adopt(new)
        old.destroy()
        self._rewrite_at, self._owed = 0.0, False

    def _copied(self, old: VectorIndex, embedder_id: str) -> VectorIndex | None:
        """Return the copy, None when the program ends meanwhile."""
        new = self.place.begin(embedder_id)
        try:
            for page in old.rows():
                if self._todo.closing:
                    new.destroy()
                    return None
                new.add(page)
        except BaseException:
            new.destroy()
            raise
        return new

    def _change(self) -> None:
        embedder = self._arriving.pop(0)
        try:
            centred = Centred(embedder)
        except BaseException:
            embedder.close()
            raise
        if centred.id == self._serving.embedder.id:
            centred.close()
            self._abandon()
        else:
            self._begin(centred, another=True)

    def _begin(self, embedder: Embedder, another: bool) -> None:
        self._abandon()
        self._building = Building(self.place, embedder, self._turns, another)

    def _abandon(self) -> None:
        building, self._building = self._building, None
        if building:
            building.close(unfinished=False)

    def _build(self) -> None:
        building = self._building
        if building is None:
            return
        building.step()
        if building.done and building.index:
            self._finish(building, building.index)

    def _finish(self, building: Building, new: VectorIndex) -> None:
        old, before = self._index, self._serving.embedder
        new.serve()
        self._building = None
        self._adopt(new, building.embedder)
        self._count = building.count
        if building.another:
            before.close()
        if old:
            old.destroy()

    def _rest(self) -> None:
        self._failures = self._unanswered = 0
        again = self._rewrite_at - time.monotonic()
        if again <= 0:
            self._serving.problem = ""
        self._todo.wait(again if again > 0 else None)

    def _search_failed(self, error: IndexFailed) -> None:
        self._unanswered += 1
        self._mend(error)

    def _mend(self, error: IndexFailed) -> None:
        """Open what failed again: a damaged index is replaced, one without room is kept and tried later."""
        self._compare_due = True
        if self._building and self._building.index and self._building.index.failed:
            self._building.lose()
        index, obstacle = self._index, self.place.obstacle()
        if index is None or not index.failed or (obstacle and not self._unanswered):
            self._fail(obstacle or error)
            return
        self._serving.swap(None)
        if self._unanswered >= _HOPELESS:
            index.destroy()
        index.close()
        self._let_go()
        self._fail(error if isinstance(error, IndexUnusable) else None)
        self._open()

    def _let_go(self) -> None:
        waiting = self._filler.waiting if self._filler else []
        self._filler = None
        self._todo.expect(waiting)

    def _fail(self, error: DesktopAgentError | None) -> None:
        self._retry_at = time.monotonic() + _DELAYS[min(self._failures, len(_DELAYS) - 1)]
        self._failures += 1
        if error:
            self._serving.note(str(error))

    def _release(self) -> None:
        index = self._index
        self._serving.swap(None)
        self._let_go()
        if index:
            index.close(settled=self._todo.empty and not self._compare_due and not self._building)
        if self._building:
            self._building.close(unfinished=True)
        for embedder in self._arriving:
            embedder.close()
