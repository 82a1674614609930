"""What benchmarks share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from desktop_agent.llm.embedder import GgufEmbedder
from desktop_agent.models.catalogue import Catalogue
from desktop_agent.models.library import Library
from desktop_agent.paths import Paths


@contextmanager
def catalogue_embedder() -> Iterator[GgufEmbedder]:
    """Lend the embedder that the program would take. Raises ModelMissing, which says how to get it."""
    embedder = GgufEmbedder.load(Library(Paths.from_environment().models, Catalogue.load()).find_embedder())
    try:
        yield embedder
    finally:
        embedder.close()


def percentile(times: Sequence[float], share: float) -> float:
    """Return the value that so many percent do not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share / 100))]
