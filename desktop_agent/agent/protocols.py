"""What the loop needs from the rooms below it; `app` wires the real ones."""

import threading
from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from desktop_agent.events import RecalledMemory
from desktop_agent.messages import Message, ToolCall, ToolResult, ToolSpec
from desktop_agent.tools.protocols import Judgement as Judgement  # noqa: PLC0414 -- exported from here, said below

Decision: TypeAlias = Literal["once", "chat", "deny"]
"""Allow once, allow this tool in this chat, or deny."""


class Approver(Protocol):
    """Asks the user. The window, the terminal and the tests each have one."""

    def decide(self, call: ToolCall, stop: threading.Event) -> Decision:
        """Return what the user wants; return "deny" soon after `stop` is set."""


class StoredMessageLike(Protocol):
    """A message with its place in the database."""

    @property
    def id(self) -> str:
        """The message's id."""

    @property
    def conversation_id(self) -> str:
        """Its conversation's id."""

    @property
    def message(self) -> Message:
        """Its content."""

    @property
    def status(self) -> str:
        """One of complete, streaming, interrupted, stopped, failed."""


class Journal(Protocol):
    """Where a conversation is kept; every method returns only when its change is on disk."""

    def append(self, conversation_id: str, message: Message, status: str = "complete") -> StoredMessageLike:
        """Add a message at the end."""

    def update(self, message_id: str, message: Message, status: str) -> None:
        """Replace a message's content and status."""

    def history(self, conversation_id: str) -> Sequence[StoredMessageLike]:
        """Return all messages, oldest first."""

    def finish_exchange(self, question_id: str, answer_id: str) -> None:
        """Note that a question has its answer, so that memory may recall the two."""


class Memory(Protocol):
    """Long-term memory."""

    def recall(self, question: str, conversation_id: str) -> tuple[RecalledMemory, ...]:
        """Return the few exchanges of other conversations that matter for the question, best first."""

    def remember(self, exchange_id: str) -> None:
        """Index a finished exchange."""


class Toolbox(Protocol):
    """The tools on offer and the policy over them."""

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return the tools as the model sees them, always in the same order."""

    def judge(self, call: ToolCall, conversation_id: str) -> Judgement:
        """Return what the policy says, without side effects."""

    def allow_in_conversation(self, tool: str, conversation_id: str) -> None:
        """Do not ask again for this tool in this conversation."""

    def run(self, call: ToolCall, conversation_id: str, cancel: threading.Event) -> ToolResult:
        """Run the call. Faults of the tool come back as a result with `ok` false; only Cancelled is raised."""
