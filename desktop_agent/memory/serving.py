"""The index that answers, with the embedder that it belongs to."""

import threading
from collections.abc import Callable

from desktop_agent.errors import DesktopAgentError
from desktop_agent.lexical import Group
from desktop_agent.memory.index import IndexFailed, VectorIndex
from desktop_agent.memory.protocols import Embedder


class Serving:
    """Both are swapped together, between two searches. `problem` is what the user was told, empty when all is well."""

    def __init__(self, embedder: Embedder, report: Callable[[str], None]) -> None:
        self.embedder = embedder
        self.index: VectorIndex | None = None
        self.failed: Callable[[IndexFailed], None] = lambda _error: None
        """Called on the thread of a search that failed."""
        self.problem = ""
        self._report = report
        self._guard = threading.Lock()
        self._closed = False

    def search(self, text: str, count: int) -> dict[Group, list[tuple[str, float]]]:
        """Return the nearest of each group; {} without an index."""
        with self._guard:
            index, embedder = self.index, self.embedder
            if index is None or self._closed:
                return {}
            try:
                (vector,) = embedder.embed([text], "query")
                return index.query(vector, count)
            except IndexFailed as error:
                self.index = None
                self.failed(error)
            except DesktopAgentError as error:
                self.note(str(error))
            return {}

    def swap(self, index: VectorIndex | None, embedder: Embedder | None = None) -> None:
        """Let another index answer, or none; waits for a search that is under way."""
        with self._guard:
            self.index = index
            self.embedder = embedder or self.embedder

    def note(self, sentence: str) -> None:
        """Tell the user, unless that is what was told last."""
        if sentence != self.problem:
            self.problem = sentence
            self._report(sentence)

    def close(self) -> None:
        """Free the embedder; later searches find nothing."""
        with self._guard:
            self._closed = True
            self.embedder.close()
