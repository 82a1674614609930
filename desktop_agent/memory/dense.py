"""Memory by meaning: vectors of turns, searched at once and kept up to date in the background."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desktop_agent.lexical import Group
from desktop_agent.memory.centred import Centred
from desktop_agent.memory.index import IndexPlace
from desktop_agent.memory.protocols import Embedder, TurnSource
from desktop_agent.memory.serving import Serving
from desktop_agent.memory.upkeep import Upkeep

_log = logging.getLogger(__name__)
_QUESTION = 2000
"""Characters of a question that count."""


@dataclass(frozen=True)
class DenseState:
    """How the index is doing. While another embedder's index is built, `indexed` counts that one and `next` names it.

    `problem` is a sentence, empty when all is well.
    """

    indexed: int
    total: int
    busy: bool
    embedder: str
    place: str
    problem: str
    next: str = ""


class Dense:
    """Any thread may use it. Only `open`, `drain` and `close` make the caller wait.

    Trouble with the index never raises after the opening: there are no hits, `report` gets one sentence, and the worker
    mends what can be mended, or tries again from time to time.
    """

    @classmethod
    def open(
        cls,
        place: IndexPlace,
        embedder: Embedder,
        turns: TurnSource,
        idle: threading.Event,
        report: Callable[[str], None] = _log.warning,
    ) -> "Dense":
        """Open the embedder's index; call `reconcile` next. Takes the embedder over, also when this raises.

        No passage is embedded while `idle` is cleared. Raises UserFacingError when the embedder fails. An index that
        cannot be opened is reported instead, and tried again from time to time.
        """
        try:
            serving = Serving(Centred(embedder), report)
            return cls(serving, Upkeep(place, serving, turns, idle), turns)
        except BaseException:
            embedder.close()
            raise

    def __init__(self, serving: Serving, upkeep: Upkeep, turns: TurnSource) -> None:
        self._serving = serving
        self._upkeep = upkeep
        self._turns = turns
        upkeep.start()

    def search(self, text: str, count: int) -> dict[Group, list[tuple[str, float]]]:
        """Return, for each group of scripts, ids of turns with centred cosines, best first; {} when that cannot be."""
        return self._serving.search(text[:_QUESTION], count) if text.strip() else {}

    def queue(self, ids: Iterable[str]) -> None:
        """Index turns, or index them anew because their text changed."""
        self._upkeep.queue(ids)

    def remove(self, ids: Iterable[str], thoroughly: bool = True) -> None:
        """Take turns out of the index; thoroughly means that not even bytes of their vectors stay in its files.

        For that the index is written anew in the background, from the vectors that stay: see `drain`.
        """
        self._upkeep.remove(ids, thoroughly)

    def reconcile(self) -> None:
        """Let the index follow the database, in the background."""
        self._upkeep.reconcile()

    def rebuild(self) -> None:
        """Compute all vectors again, in the background; the old ones serve until that is done."""
        self._upkeep.rebuild()

    def switch(self, embedder: Embedder) -> None:
        """Go over to another embedder, which is taken over: its index is built in the background, the old one serves.

        After a crash, opening with the old embedder goes on as before, opening with the new one goes on building.
        """
        self._upkeep.switch(embedder)

    def state(self) -> DenseState:
        """Return how the index is doing, without asking it."""
        upkeep = self._upkeep
        embedder, problem = _model(self._serving.embedder.id), self._serving.problem
        place, total = upkeep.place.name, self._turns.count()
        return DenseState(upkeep.indexed, total, upkeep.busy, embedder, place, problem, _model(upkeep.next))

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is left to do: True. False after so many seconds, or when the index is broken."""
        return self._upkeep.drain(seconds)

    def close(self) -> None:
        """Finish the current turn and release everything; the next `reconcile` finds the rest. Safe to call twice."""
        self._upkeep.close()
        self._serving.close()


def _model(embedder_id: str) -> str:
    """Return the embedder's own id, without the preparation of `Centred`."""
    return embedder_id.rpartition("-centred")[0]
