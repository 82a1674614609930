"""Turns in memory and an embedder without a model, for an index that is real."""

import hashlib
import math
import random
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from desktop_agent.lexical import LexicalHits
from desktop_agent.messages import Turn

DIMENSIONS = 64
SPEAKER = "User: "
"""What the passage of a turn begins with, and the texts of `Centred` do not."""


class Turns:
    """A TurnSource; `say` remembers a text, `gone` takes it away."""

    def __init__(self, count: int = 0) -> None:
        self._turns: dict[str, Turn] = {}
        for number in range(count):
            self.say(f"Turn number {number}, on something or other.")

    def say(self, text: str, id_: str = "") -> str:
        id_ = id_ or hashlib.sha256(f"{len(self._turns)} {text}".encode()).hexdigest()[:32]
        self._turns[id_] = Turn(id_, "chat", "Chat", "2026-01-02T03:04:05+00:00", "User", text)
        return id_

    def gone(self, ids: Iterable[str]) -> list[str]:
        return [id_ for id_ in list(ids) if self._turns.pop(id_, None)]

    def ids(self) -> set[str]:
        return set(self._turns)

    def count(self) -> int:
        return len(self._turns)

    def get(self, ids: Iterable[str], /) -> Sequence[Turn]:
        return [self._turns[id_] for id_ in ids if id_ in self._turns]

    def neighbours(self, ids: Iterable[str], /) -> Mapping[str, tuple[Turn, ...]]:
        return {turn.id: (turn,) for turn in self.get(ids)}

    def search(self, text: str, count: int, /) -> LexicalHits:
        return LexicalHits([], [])

    def coverage(self, text: str, ids: Collection[str], /) -> Mapping[str, float]:
        return {}

    def between(self, start: str, end: str, count: int, /) -> Sequence[str]:
        return []


class Scatter:
    """An Embedder: the same text always gets the same vector, and nothing else is near it.

    `asked` counts all texts, `passages` those of turns.
    """

    def __init__(self, id_: str = "scatter") -> None:
        self.id = id_
        self.asked = self.passages = 0
        self.closed = False

    def embed(self, texts: Sequence[str], kind: Literal["query", "passage"]) -> list[list[float]]:
        self.asked += len(texts)
        self.passages += sum(text.startswith(SPEAKER) for text in texts)
        return [self._vector(text.removeprefix(SPEAKER)) for text in texts]

    def close(self) -> None:
        self.closed = True

    def _vector(self, text: str) -> list[float]:
        dice = random.Random(f"{self.id} {text}")  # noqa: S311 -- no secret
        numbers = [dice.gauss(0, 1) for _ in range(DIMENSIONS)]
        length = math.hypot(*numbers)
        return [number / length for number in numbers]


def pieces(vector: Sequence[float]) -> list[bytes]:
    """Return a vector's bytes as Chroma writes them (float32), eight numbers to a piece."""
    data = struct.pack(f"<{len(vector)}f", *vector)
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def leaks(folder: Path, vector: Sequence[float]) -> list[Path]:
    """Return the files below a folder that hold a piece of a vector."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(piece in path.read_bytes() for piece in pieces(vector))]
