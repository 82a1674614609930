"""What was said before and matters now."""

import logging
import threading
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from desktop_agent.errors import DesktopAgentError
from desktop_agent.events import RecalledMemory
from desktop_agent.memory.centred import Centred
from desktop_agent.memory.excerpt import excerpt, passage
from desktop_agent.memory.index import VectorIndex
from desktop_agent.memory.protocols import Embedder, ExchangeSource
from desktop_agent.messages import Exchange

_log = logging.getLogger(__name__)

_CANDIDATES = 20
_MOST = 3
_GATE = 0.39
"""Centred cosine. Among 207 exchanges, 44 of 48 personal facts asked for in English and Chinese are above it, and 33 of
55 unrelated questions recall nothing; at 0.37 it is 46 and 27, at 0.41 42 and 43."""
_SLACK = 0.1
"""How far behind the best a memory may be: where one fits well, the half-fitting ones only mislead."""
_QUESTION = 2000
_BATCH = 16


class Memory:
    """Implements the agent's Memory protocol. Any thread may use it.

    A failing embedder or index never fails a turn: nothing is recalled, and `report` gets one sentence, once. The
    exchange is in the database all the same, so `reconcile` makes up for what was missed.
    """

    @classmethod
    def open(
        cls, folder: Path, embedder: Embedder, exchanges: ExchangeSource, report: Callable[[str], None] = _log.warning
    ) -> "Memory":
        """Open the index below a folder. Takes the embedder over and closes it, also when this raises IndexFailed."""
        try:
            centred = Centred(embedder)
            return cls(VectorIndex.open(folder, centred.id), centred, exchanges, report)
        except BaseException:
            embedder.close()
            raise

    def __init__(
        self,
        index: VectorIndex,
        embedder: Embedder,
        exchanges: ExchangeSource,
        report: Callable[[str], None] = _log.warning,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._exchanges = exchanges
        self._report = report
        self._guard = threading.Lock()
        self._closed = False
        self.problem = ""

    def recall(self, question: str, conversation_id: str) -> tuple[RecalledMemory, ...]:
        """Return the few exchanges of other conversations that matter for the question, best first.

        Not those whose answer came from files: a folder is granted to a chat and not to all that follow, and files
        change. They are read again instead.
        """
        if not question.strip():
            return ()
        try:
            hits = self._hits(question, conversation_id)
        except DesktopAgentError as error:
            self._note(error)
            return ()
        said = [exchange for exchange in self._exchanges.get(hits) if not exchange.from_files]
        least = max(_GATE, max((hits[exchange.id] for exchange in said), default=0.0) - _SLACK)
        found: dict[str, Exchange] = {}
        for exchange in said:
            if hits[exchange.id] >= least:
                found.setdefault(excerpt(exchange), exchange)  # what was said twice is recalled once
        return tuple(_recalled(exchange, text, hits[exchange.id]) for text, exchange in islice(found.items(), _MOST))

    def remember(self, exchange_id: str) -> None:
        """Index a finished exchange."""
        try:
            self._index_all([exchange_id])
        except DesktopAgentError as error:
            self._note(error)

    def forget(self, exchange_ids: Iterable[str]) -> None:
        """Take exchanges out of the index."""
        try:
            with self._guard:
                if not self._closed:
                    self._index.remove(list(exchange_ids))
        except DesktopAgentError as error:
            self._note(error)

    def reconcile(self) -> int:
        """Make the index follow the database and return how many exchanges changed; ends early when memory is closed.

        About 20 ms for each missing exchange; recall works meanwhile.
        """
        try:
            with self._guard:
                indexed = set() if self._closed else self._index.ids()
            wanted = self._exchanges.ids()
            self.forget(indexed - wanted)
            missing = sorted(wanted - indexed)
            added = sum(self._index_all(missing[at : at + _BATCH]) for at in range(0, len(missing), _BATCH))
            return added + len(indexed - wanted)
        except DesktopAgentError as error:
            self._note(error)
            return 0

    def close(self) -> None:
        """Release the index and the embedder. Safe to call twice."""
        with self._guard:
            self._closed = True
            self._index.close()
            self._embedder.close()

    def _hits(self, question: str, conversation_id: str) -> dict[str, float]:
        with self._guard:
            if self._closed:
                return {}
            (vector,) = self._embedder.embed([question[:_QUESTION]], "query")
            return dict(self._index.query(vector, _CANDIDATES, conversation_id))

    def _index_all(self, ids: list[str]) -> int:
        exchanges = self._exchanges.get(ids)
        with self._guard:
            if self._closed or not exchanges:
                return 0
            vectors = self._embedder.embed([passage(exchange) for exchange in exchanges], "passage")
            keys = [exchange.id for exchange in exchanges]
            self._index.add(keys, vectors, [exchange.conversation_id for exchange in exchanges])
        return len(exchanges)

    def _note(self, error: DesktopAgentError) -> None:
        """Say once what is wrong."""
        if not self.problem:
            self.problem = f"Nothing is recalled at the moment: {error}"
            self._report(self.problem)


def _recalled(exchange: Exchange, text: str, score: float) -> RecalledMemory:
    title, date = exchange.conversation_title, exchange.date
    return RecalledMemory(exchange.conversation_id, title, exchange.id, date, text, round(score, 4))
