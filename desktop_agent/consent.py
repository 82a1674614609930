"""Memory as one chat may use it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.events import RecalledMemory
from desktop_agent.memory.recall import Memory
from desktop_agent.messages import RecallQuery, SavedMemory


@dataclass(frozen=True)
class ConsentedMemory:
    """Implements the agent's Memory within what the user allows: `uses` lets the chat read memory, `saves` write it."""

    memory: Memory
    save_wish: Callable[[StoredMessageLike], SavedMemory | None]
    uses: bool
    saves: bool

    def take_wish(self, question: StoredMessageLike) -> SavedMemory | None:
        """Save what the user asks to remember in this message; None when nothing is."""
        return self.save_wish(question) if self.saves else None

    def standing(self, tokens: int) -> tuple[RecalledMemory, ...]:
        """Return the few saved memories that are always in the prompt."""
        return self.memory.standing(tokens) if self.uses else ()

    def recall(self, query: RecallQuery) -> tuple[RecalledMemory, ...]:
        """Return what else matters for a question, best first."""
        return self.memory.recall(query) if self.uses else ()

    def remember(self, message_ids: Sequence[str]) -> None:
        """Index these messages."""
        if self.saves:
            self.memory.remember(message_ids)
