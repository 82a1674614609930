"""What memory needs from its neighbours; `app` hands in the real ones."""

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from desktop_agent.messages import Exchange


class Embedder(Protocol):
    """Turns texts into vectors of length 1 whose product says how close their meanings are."""

    @property
    def id(self) -> str:
        """Names the model and its preparation: vectors of different ids cannot be compared."""

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        """Return a vector for each text. Raises DesktopAgentError."""

    def close(self) -> None:
        """Free the model. Safe to call twice."""


class ExchangeSource(Protocol):
    """The finished exchanges of all conversations that are not deleted: the truth that the index follows."""

    def ids(self) -> set[str]:
        """Return all ids."""

    def get(self, ids: Iterable[str], /) -> Sequence[Exchange]:
        """Return exchanges in the order of their ids, without those that are gone."""
