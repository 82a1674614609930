"""KV states that wait in memory: chats that are not being answered, and places to go back to."""

from collections import OrderedDict
from collections.abc import Sequence as Tokens
from dataclasses import dataclass
from typing import Any

DEFAULT_ROOM = 512 << 20
"""Bytes. 2,000 tokens take 56 MB with a 1.5B model, 112 MB with a 7B."""


@dataclass(frozen=True)
class State:
    """What a model's cache holds after these tokens; `data` is an array of bytes that llama.cpp wrote."""

    tokens: tuple[int, ...]
    data: Any

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)


class States:
    """States by owner, at most `room` bytes of them; what was not used for the longest time goes first.

    `whole` is true for a model that cannot forget a part of what it read (recurrent and hybrid ones): of such a state
    either all is used again or nothing, so an owner may keep several, one for each place to go back to.
    """

    def __init__(self, room: int, *, whole: bool) -> None:
        self.room = room
        self._whole = whole
        self._kept: OrderedDict[tuple[str, int], State] = OrderedDict()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return sum(state.size for state in self._kept.values())

    def keep(self, owner: str, state: State) -> None:
        """Keep a state, if it fits at all; where parts can be forgotten it takes the place of the owner's last one."""
        if state.size > self.room:
            return
        key = (owner, len(state.tokens) if self._whole else 0)
        self._kept[key] = state
        self._kept.move_to_end(key)
        while self.size > self.room:
            self._kept.popitem(last=False)

    def has(self, tokens: Tokens[int]) -> bool:
        """Return whether there is a state of just these tokens."""
        return any(len(state.tokens) == len(tokens) and state.tokens == tuple(tokens) for state in self._kept.values())

    def best(self, tokens: Tokens[int]) -> tuple[State | None, int]:
        """Return the state that most of the tokens can begin with, and how many; None and 0 when there is none."""
        key, most = max(
            ((key, self._usable(state, tokens)) for key, state in self._kept.items()),
            key=lambda found: found[1],
            default=(None, 0),
        )
        if key is None or not most:
            return None, 0
        self._kept.move_to_end(key)
        return self._kept[key], most

    def forget(self, owner: str) -> None:
        """Drop all states of an owner."""
        for key in [key for key in self._kept if key[0] == owner]:
            del self._kept[key]

    def clear(self) -> None:
        """Drop all."""
        self._kept.clear()

    def _usable(self, state: State, tokens: Tokens[int]) -> int:
        shared = common_prefix(state.tokens, tokens)
        return 0 if self._whole and shared < len(state.tokens) else shared


def common_prefix(one: Tokens[int], other: Tokens[int]) -> int:
    """Return how many tokens both begin with."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))
