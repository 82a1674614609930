"""What memory needs from its neighbours; `app` hands in the real ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, Protocol

from desktop_agent.lexical import Group, LexicalHits
from desktop_agent.messages import SavedMemory, Turn


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose product says how close their meanings are."""

    @property
    def id(self) -> str:
        """Names the model and its preparation: vectors of different ids cannot be compared."""

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        """Return a vector for each text. Raises DesktopAgentError."""

    def close(self) -> None:
        """Free the model. Safe to call twice."""


class TurnSource(Protocol):
    """What may be remembered of all chats that are not deleted, and the saved memories: the truth behind the index."""

    def ids(self) -> set[str]:
        """Return all ids."""

    def count(self) -> int:
        """Return how many there are."""

    def get(self, ids: Iterable[str], /) -> Sequence[Turn]:
        """Return turns in the order of their ids, without those that are gone."""

    def neighbours(self, ids: Iterable[str], /) -> Mapping[str, tuple[Turn, ...]]:
        """Return for each turn the run of the one before it, itself and the next; a saved memory stands alone."""

    def search(self, text: str, count: int, /) -> LexicalHits:
        """Return the turns and windows that share words with a text, at most so many of each."""

    def coverage(self, text: str, ids: Collection[str], /) -> Mapping[str, float]:
        """Return for each turn how much of the text's words it has, 0 to 1; a rare word counts more than a common one.

        A word counts log(1 + (n - d + 0.5) / (d + 0.5)) when d of n turns have it.
        """

    def between(self, start: str, end: str, count: int, /) -> Sequence[str]:
        """Return the ids of the latest turns from `start` on and before `end` (ISO 8601 in UTC), newest first."""


class DenseLike(Protocol):
    """The index that finds turns by meaning; see `dense.Dense`."""

    def search(self, text: str, count: int, /) -> Mapping[Group, Sequence[tuple[str, float]]]:
        """Return the turns nearest in meaning with their centred cosines, best first, so many of each group."""

    def queue(self, ids: Iterable[str], /) -> None:
        """Index these turns soon."""

    def remove(self, ids: Iterable[str], /, thoroughly: bool = True) -> None:
        """Take turns out of the index; thoroughly means that not even bytes of their vectors stay."""

    def reconcile(self) -> None:
        """Let the index follow the database, in the background."""

    def close(self) -> None:
        """Release the index and the embedder. Safe to call twice."""


class SavedSource(Protocol):
    """The memories that the user keeps."""

    def active(self, today: str, /) -> Sequence[SavedMemory]:
        """Return those that hold on a day (ISO 8601): pinned ones first, then as lately used or changed."""

    def used(self, ids: Iterable[str], /) -> None:
        """Note that these were of use now."""


class DismissalSource(Protocol):
    """What the user called not relevant."""

    def counts(self, ids: Iterable[str], /) -> Mapping[str, int]:
        """Return how often each of these turns was dismissed, without those that never were."""
