"""Turns into vectors into an index, one after the other."""

from collections.abc import Collection

from desktop_agent.lexical import group
from desktop_agent.memory.excerpt import passage
from desktop_agent.memory.index import Row, VectorIndex
from desktop_agent.memory.protocols import Embedder, TurnSource

_BATCH = 16


class Filler:
    """Embeds one turn at a time, so that a question in between waits for one only; writes a few at once."""

    def __init__(self, index: VectorIndex, embedder: Embedder, turns: TurnSource) -> None:
        self.index = index
        self._embedder = embedder
        self._turns = turns
        self._batch: dict[str, Row] = {}

    def add(self, id_: str) -> bool:
        """Embed a turn, unless it is gone, and return whether a batch was written. Raises DesktopAgentError."""
        for turn in self._turns.get([id_]):
            text = passage(turn)
            (vector,) = self._embedder.embed([text], "passage")
            self._batch[id_] = Row(id_, group(text), vector)
        return len(self._batch) >= _BATCH and self.flush()

    def flush(self) -> bool:
        """Write what is embedded; returns whether there was anything. Raises IndexFailed and keeps it then."""
        if not self._batch:
            return False
        self.index.add(list(self._batch.values()))
        self._batch.clear()
        return True

    def drop(self, ids: Collection[str]) -> None:
        """Take turns out of the index and out of what is about to be written."""
        for id_ in ids:
            self._batch.pop(id_, None)
        self.index.remove(list(ids))

    @property
    def waiting(self) -> list[str]:
        """The turns that are embedded and not yet written."""
        return list(self._batch)
