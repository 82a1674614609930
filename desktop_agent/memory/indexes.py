"""The index that serves and the one that may be built beside it: filled, compared, forgotten from, exchanged."""

import time
from collections.abc import Callable

from desktop_agent.memory.building import Building, copied
from desktop_agent.memory.filling import Filler
from desktop_agent.memory.index import IndexPlace, VectorIndex
from desktop_agent.memory.protocols import Embedder, TurnSource
from desktop_agent.memory.serving import Serving
from desktop_agent.memory.todo import Todo

_REWRITE_AGAIN = 300.0
"""Seconds before a rewriting that failed is tried again."""


class Indexes:
    """Used by the worker's thread alone, but for the counts. What fails raises IndexFailed and can be tried again."""

    def __init__(self, place: IndexPlace, serving: Serving, turns: TurnSource, todo: Todo) -> None:
        self.building: Building | None = None
        self.count = 0
        self.compare_due = False
        self._place = place
        self._serving = serving
        self._turns = turns
        self._todo = todo
        self._filler: Filler | None = None
        self._owed = False
        self._rewrite_at = 0.0

    @property
    def current(self) -> VectorIndex | None:
        """The index that serves; None when there is none, or none that could be opened."""
        return self._filler.index if self._filler else None

    def open(self) -> VectorIndex:
        """Let the place's index serve."""
        index = self._place.open(self._serving.embedder.id)
        self.count = index.count()
        self._adopt(index)
        return index

    def leave(self, *, destroy: bool = False) -> None:
        """Close the index that serves; what was about to be written is embedded again."""
        index = self.current
        self._serving.swap(None)
        self._let_go()
        if index and destroy:
            index.destroy()
        elif index:
            index.close()

    def compare(self) -> None:
        """Find what is missing and what is too much. Equal counts say nothing: one may have come while another went."""
        self.flush()
        index = self.current
        if index is None:
            return
        indexed, wanted = index.ids(), self._turns.ids()
        if indexed - wanted:
            self.forget(sorted(indexed - wanted))
        self._todo.miss(sorted(wanted - indexed))
        self.compare_due = False

    def fill(self) -> bool:
        """Embed the next turn, and return whether a batch was written. Raises DesktopAgentError."""
        return self._counted(lambda filler: filler.add(self._todo.next_turn()))

    def flush(self) -> bool:
        """Write what is embedded, and return whether there was anything."""
        return self._counted(Filler.flush)

    def renew(self, ids: list[str]) -> None:
        """Drop the vectors of turns; some of these may have been embedded while this waited for its turn."""
        self.drop(ids)
        self._todo.expect(ids)

    def drop(self, ids: list[str]) -> None:
        """Take turns out."""
        if self.building:
            self.building.drop(ids)
        if self._filler:
            self._filler.drop(ids)
            self.count = self._filler.index.count()

    def forget(self, ids: list[str]) -> None:
        """Take turns out, and note that their bytes must go."""
        self._owed = True
        for index in self._both():
            index.owe()
        self.drop(ids)
        self._owed, self._rewrite_at = False, 0.0

    def owing(self) -> VectorIndex | None:
        """Return an index that must be written anew now."""
        if self.patience() > 0:
            return None
        return next((index for index in self._both() if self._owed or index.owing), None)

    def patience(self) -> float:
        """Return the seconds until a rewriting that failed is due again, 0 or less when none is put off."""
        return self._rewrite_at - time.monotonic()

    def rewrite(self, old: VectorIndex) -> None:
        """Copy the vectors that stay to a new index, so that the files of the old one can go."""
        self._rewrite_at = time.monotonic() + _REWRITE_AGAIN  # what fails must not keep new turns waiting
        building = self.building if self.building and old is self.building.index else None
        embedder_id = building.embedder.id if building else self._serving.embedder.id
        new = copied(self._place, old, embedder_id, lambda: self._todo.closing)
        if new is None:
            return
        if building:
            building.use(new)
        else:
            new.serve()
            self._adopt(new)
        old.destroy()
        self._owed, self._rewrite_at = False, 0.0

    def begin(self, embedder: Embedder, *, another: bool) -> None:
        """Build beside the one that serves; what was being built is given up."""
        self.give_up()
        self.building = Building(self._place, embedder, self._turns, another)

    def give_up(self, *, unfinished: bool = False) -> None:
        """Build no longer; an unfinished index may be kept, to be gone on with after a start."""
        building, self.building = self.building, None
        if building:
            building.close(unfinished)

    def build(self) -> None:
        """Do a step of the building; when it is complete it serves. Raises DesktopAgentError."""
        building = self.building
        if building is None:
            return
        building.step()
        if building.done and building.index:
            self._exchange(building, building.index)

    def _exchange(self, building: Building, new: VectorIndex) -> None:
        old, before = self.current, self._serving.embedder
        new.serve()
        self.building = None
        self._adopt(new, building.embedder)
        self.count, self.compare_due = building.count, True
        if building.another:
            before.close()
        if old:
            old.destroy()

    def _adopt(self, index: VectorIndex, embedder: Embedder | None = None) -> None:
        self._let_go()
        self._serving.swap(index, embedder)
        self._filler = Filler(index, self._serving.embedder, self._turns)

    def _let_go(self) -> None:
        waiting = self._filler.waiting if self._filler else []
        self._filler = None
        self._todo.expect(waiting)

    def _counted(self, write: Callable[[Filler], bool]) -> bool:
        filler = self._filler
        if filler is None or not write(filler):
            return False
        self.count = filler.index.count()
        return True

    def _both(self) -> list[VectorIndex]:
        both = (self.current, self.building.index if self.building else None)
        return [index for index in both if index is not None]
