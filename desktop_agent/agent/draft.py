"""A question that is still being typed."""

from dataclasses import dataclass, replace

from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.messages import Message

DRAFT = "draft"


@dataclass(frozen=True)
class Draft:
    """Stands where the question will stand; implements StoredMessageLike and is on no disk."""

    conversation_id: str
    message: Message
    id: str = DRAFT
    status: str = DRAFT

    def with_notes(self, notes: str, noted: tuple[str, ...]) -> "Draft":
        """Return the question with the notes before it."""
        return replace(self, message=replace(self.message, notes=notes, noted=noted))


def is_draft(question: StoredMessageLike) -> bool:
    """Tell whether a question is still being typed."""
    return question.status == DRAFT
