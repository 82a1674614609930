"""The attempts, read from the folder of that name: a heading, flags behind a bar, and the code."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "attempts"
ALONE, SLOW, NEVER_FREE, SHOWN = "alone", "slow", "never-free", "shown"
"""Needs a worker of its own; is judged by whether it still runs; too much for a machine without a sandbox; is judged
by control characters in what is shown."""


@dataclass(frozen=True)
class Attempt:
    """Code that tries one thing."""

    family: str
    title: str
    code: str
    flags: frozenset[str]

    @property
    def name(self) -> str:
        """Family and title."""
        return f"{self.family}: {self.title}"


def attempts() -> list[Attempt]:
    """Return all of them, family by family."""
    return [attempt for path in sorted(FOLDER.glob("*.txt")) for attempt in _family(path)]


def _family(path: Path) -> list[Attempt]:
    found = []
    for block in path.read_text("utf-8").split("\n### ")[1:]:
        heading, code = block.split("\n", 1)
        title, _, flags = heading.partition(" | ")
        found.append(Attempt(path.stem, title, code, frozenset(flags.split())))
    return found
