"""An index that is built while another one serves."""

from collections import deque
from collections.abc import Callable

from desktop_agent.memory.filling import Filler
from desktop_agent.memory.index import IndexPlace, VectorIndex
from desktop_agent.memory.protocols import Embedder, TurnSource


class Building:
    """Embeds all turns anew, one at each step. `another` says that its embedder is not the one that serves."""

    def __init__(self, place: IndexPlace, embedder: Embedder, turns: TurnSource, another: bool) -> None:
        self.embedder = embedder
        self.another = another
        self.done = False
        self.count = 0
        self.filler: Filler | None = None
        self._place = place
        self._turns = turns
        self._waiting: deque[str] = deque()
        self._tried: set[str] = set()

    @property
    def index(self) -> VectorIndex | None:
        """What is built; None before the first step."""
        return self.filler.index if self.filler else None

    def use(self, index: VectorIndex) -> None:
        """Go on with an index that holds the same; what was not yet written is embedded again."""
        self._waiting.extendleft(self.filler.waiting if self.filler else ())
        self.filler = Filler(index, self.embedder, self._turns)

    def step(self) -> None:
        """Do a little. Raises DesktopAgentError; the next step goes on."""
        if self.filler is None:
            self.use(self._place.begin(self.embedder.id))
        elif self._waiting:
            self._tried.add(self._waiting[0])
            self.filler.add(self._waiting.popleft())
            self.count += 1
        else:
            self._compare(self.filler)

    def drop(self, ids: list[str]) -> None:
        """Take turns out; those that are still there are embedded again."""
        self._tried.difference_update(ids)
        if self.filler:
            self.filler.drop(ids)

    def lose(self) -> None:
        """Begin again from nothing at the next step."""
        if self.filler:
            self.filler.index.destroy()
        self.filler, self.count = None, 0
        self._waiting.clear()
        self._tried.clear()

    def close(self, unfinished: bool) -> None:
        """Release index and embedder; an unfinished index may be gone on with."""
        if unfinished and self.filler:
            self.filler.index.close()
        else:
            self.lose()
        if self.another:
            self.embedder.close()

    def _compare(self, filler: Filler) -> None:
        filler.flush()
        indexed, wanted = filler.index.ids(), self._turns.ids()
        self.count = len(indexed)
        filler.drop(sorted(indexed - wanted))
        self._waiting.extend(sorted(wanted - indexed - self._tried))
        self.done = not self._waiting


def copied(
    place: IndexPlace, old: VectorIndex, embedder_id: str, interrupted: Callable[[], bool]
) -> VectorIndex | None:
    """Return a new index with all vectors of an old one, None when it was interrupted. Raises IndexFailed."""
    new = place.begin(embedder_id)
    try:
        for page in old.rows():
            if interrupted():
                new.destroy()
                return None
            new.add(page)
    except BaseException:
        new.destroy()
        raise
    return new
