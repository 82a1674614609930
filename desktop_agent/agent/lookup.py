"""What memory has on one question."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from desktop_agent.agent.notes import quoted, turn_ids
from desktop_agent.agent.protocols import Memory
from desktop_agent.events import RecalledMemory
from desktop_agent.messages import Message, RecallQuery

T = TypeVar("T")
STANDING = 200
"""Tokens that the saved memories which are always in the prompt may take."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """What the model sees of a chat: the ids of its messages, their notes, and how many tokens are free for more."""

    ids: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    room: int = 0

    @classmethod
    def of(cls, ids: Iterable[str], messages: Sequence[Message], room: int) -> "View":
        """Return the view of these messages."""
        noted = frozenset(id_ for message in messages for id_ in message.noted)
        lines = frozenset(line for message in messages for line in message.notes.split("\n"))
        return cls(frozenset(ids), noted, lines, room)

    def shows(self, memory: RecalledMemory) -> bool:
        """Tell whether the memory is in the notes, with the text that it has now."""
        return self.noted.issuperset(turn_ids(memory)) and self.lines.issuperset(quoted(memory.text))

    def outdates(self, memory: RecalledMemory) -> bool:
        """Tell whether the memory is in the notes with a text that it no longer has."""
        return self.noted.issuperset(turn_ids(memory)) and not self.shows(memory)


@dataclass(frozen=True)
class LookUp:
    """Asks memory on behalf of one question.

    `query` needs no `in_prompt` yet; its `tokens` are for all notes. `cost` says how many tokens memories take in them.
    """

    memory: Memory
    query: RecallQuery
    view: View
    cost: Callable[[Sequence[RecalledMemory]], int]

    def find(self) -> tuple[RecalledMemory, ...]:
        """Return what always stands in the prompt and is not there yet, then what fits to the question, best first."""
        standing = self._standing()
        found = (*standing, *self._recalled(standing))
        while found and self.cost(found) > self.view.room:
            found = found[:-1]
        return found

    def _standing(self) -> tuple[RecalledMemory, ...]:
        tokens = min(STANDING, self.query.tokens // 2)
        found: tuple[RecalledMemory, ...] = attempt(lambda: self.memory.standing(tokens), ())
        return tuple(memory for memory in found if not self.view.shows(memory))

    def _recalled(self, standing: Sequence[RecalledMemory]) -> tuple[RecalledMemory, ...]:
        """Return what memory recalls with the tokens that are left."""
        tokens = self.query.tokens - (self.cost(standing) if standing else 0)
        seen = self.view.ids.union(self.view.noted, *map(turn_ids, standing))
        query = replace(self.query, in_prompt=seen, tokens=tokens)
        return attempt(lambda: self.memory.recall(query), ()) if tokens > 0 else ()


def attempt(ask: Callable[[], T], otherwise: T) -> T:
    """Return what memory says; whatever breaks in there, the turn goes on without it."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 -- a conversation is worth more than its notes
        _log.error("Memory failed", exc_info=error)
        return otherwise
