"""A stored conversation, cut into turns: a question and everything that answered it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_agent.events import RecalledMemory

if TYPE_CHECKING:
    from desktop_agent.storage.transcript import StoredMessage


@dataclass
class StoredTurn:
    """One question; `question` is None for messages before the first one. `recalled` are the notes it was given."""

    question: "StoredMessage | None"
    replies: "list[StoredMessage]" = field(default_factory=list)
    recalled: Sequence[RecalledMemory] = ()

    @property
    def status(self) -> str:
        """How the turn ended: complete, stopped, interrupted, failed or forgotten.

        "unanswered" when nothing followed a question that is still there.
        """
        if self.question is not None and self.question.status == "failed":
            return "failed"
        if not self.replies:
            return "complete" if self.is_question_forgotten else "unanswered"
        last = self.replies[-1]
        return "interrupted" if last.message.role == "tool" and last.status == "complete" else last.status

    @property
    def is_question_forgotten(self) -> bool:
        """Whether the user had the question forgotten."""
        return self.question is not None and self.question.status == "forgotten"

    def holds(self, message_id: str) -> bool:
        """Return whether the message is part of this turn."""
        return any(stored.id == message_id for stored in (self.question, *self.replies) if stored)


def turns(
    messages: "Iterable[StoredMessage]",
    recalled: Callable[[Sequence[str]], Sequence[RecalledMemory]] = lambda _turn_ids: (),
) -> list[StoredTurn]:
    """Return the turns, oldest first, without system messages. `recalled` finds notes by the ids of their turns."""
    found: list[StoredTurn] = []
    for stored in messages:
        if stored.message.role == "system":
            continue
        if stored.message.role == "user":
            notes = stored.message.noted
            found.append(StoredTurn(stored, recalled=recalled(notes) if notes else ()))
        else:
            if not found:
                found.append(StoredTurn(None))
            found[-1].replies.append(stored)
    return found
