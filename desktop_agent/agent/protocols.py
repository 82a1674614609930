"""What the loop needs from the rooms below it; `app` wires the real ones."""

import threading
from collections.abc import Sequence
from typing import Protocol

from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.events import RecalledMemory
from desktop_agent.messages import Message, RecallQuery, SavedMemory, ToolCall, ToolResult, ToolSpec
from desktop_agent.tools.protocols import Approval as Approval  # noqa: PLC0414 -- exported from here, said below
from desktop_agent.tools.protocols import Asker
from desktop_agent.tools.protocols import Judgement as Judgement  # noqa: PLC0414 -- likewise


class Approver(Protocol):
    """Asks the user. The window, the terminal and the tests each have one."""

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> Sequence[Decision]:
        """Return what the user wants of each, in their order; "deny" for all soon after `stop` is set."""

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Return the user's answer to a tool's question; nothing when they gave none, or soon after `stop` is set."""


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
        """One of complete, streaming, interrupted, stopped, failed, forgotten."""


class Journal(Protocol):
    """Where a conversation is kept; every method returns only when its change is on disk."""

    def append(self, conversation_id: str, message: Message, status: str = "complete") -> StoredMessageLike:
        """Add a message at the end."""

    def update(self, message_id: str, message: Message, status: str) -> None:
        """Replace a message's content and status."""

    def history(self, conversation_id: str) -> Sequence[StoredMessageLike]:
        """Return all messages, oldest first."""


class Memory(Protocol):
    """Long-term memory, as one chat may use it.

    It says its own troubles where the user reads them: what it raises is logged, and the turn goes on without it.
    """

    def take_wish(self, question: StoredMessageLike, /) -> SavedMemory | None:
        """Save what the user asks to remember in this message; None when nothing is."""

    def standing(self, tokens: int, /) -> tuple[RecalledMemory, ...]:
        """Return the few saved memories that are always in the prompt, the most important first."""

    def recall(self, query: RecallQuery, /) -> tuple[RecalledMemory, ...]:
        """Return what else matters for a question, best first."""

    def remember(self, message_ids: Sequence[str], /) -> None:
        """Index these messages, as far as they may be remembered."""


class Toolbox(Protocol):
    """The tools on offer and the policy over them."""

    def specs(self, conversation_id: str) -> tuple[ToolSpec, ...]:
        """Return the tools of a chat as the model sees them, always in the same order."""

    def judge(self, call: ToolCall, conversation_id: str, cancel: threading.Event) -> Judgement:
        """Return what the policy says, without side effects. Raises Cancelled."""

    def keep(self, approval: Approval, conversation_id: str) -> None:
        """Keep an answer that counts for more than one call."""

    def run(
        self,
        call: ToolCall,
        conversation_id: str,
        cancel: threading.Event,
        asker: Asker,
        approval: Approval | None = None,
    ) -> ToolResult:
        """Run the call, if the policy allows it or the user approved this very one.

        Faults of the tool come back as a result with `ok` false; only Cancelled is raised.
        """

    def decline(
        self, call: ToolCall, conversation_id: str, judgement: Judgement, approval: Approval | None = None
    ) -> ToolResult:
        """Return the result of a call that is not carried out, for the judgement's reason."""
