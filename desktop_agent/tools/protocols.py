"""What the tools need from the program, for which `app` hands in the real one; and what they tell the agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.records import AuditEntry, Note, Reminder, StandingApproval, UndoCopy


@dataclass(frozen=True)
class Judgement:
    """What the policy says of a call: "allow", "ask" the user the `request`, or "refuse" it and tell the model why.

    With `untrusted` the reason holds text from outside, such as names of files.
    """

    verdict: Literal["allow", "ask", "refuse"]
    reason: str = ""
    request: ApprovalRequest | None = None
    untrusted: bool = False


@dataclass(frozen=True)
class Approval:
    """The user's answer to a request."""

    request: ApprovalRequest
    decision: Decision


class Grant(Protocol):
    """A folder that the user opened to the model. Device and inode tell whether it is still the same folder."""

    @property
    def id(self) -> int:
        """Names the grant."""

    @property
    def path(self) -> str:
        """Absolute, without links."""

    @property
    def device(self) -> int:
        """The file system's number."""

    @property
    def inode(self) -> int:
        """The folder's number in it."""

    @property
    def conversation_id(self) -> str | None:
        """The only conversation that may use it, or None for all."""


class PermissionStore(Protocol):
    """Where grants and standing approvals are kept."""

    def grant(self, path: str, device: int, inode: int, conversation_id: str | None = None) -> Grant:
        """Keep a grant; the same path and conversation again replace it."""

    def revoke(self, grant_id: int) -> None:
        """Forget a grant."""

    def grants(self, conversation_id: str) -> Sequence[Grant]:
        """Return the grants that a conversation may use."""

    def all_grants(self) -> Sequence[Grant]:
        """Return every grant."""

    def allow_tool(self, tool: str, spec: str, conversation_id: str = "", folder: str = "") -> None:
        """Keep that a tool with this description needs no further approval (see StandingApproval)."""

    def tool_allowed(self, tool: str, spec: str, conversation_id: str, folder: str = "") -> bool:
        """Return whether `allow_tool` was called for it, in this conversation or for all, in this folder or for all."""

    def standing_approvals(self) -> Sequence[StandingApproval]:
        """Return what `allow_tool` kept."""

    def withdraw(self, approval_id: int) -> None:
        """Ask again for what a standing approval allowed."""

    def is_tainted(self, conversation_id: str) -> bool:
        """Return whether text from outside is in the conversation."""


class AuditLog(Protocol):
    """Where every call is written down."""

    def add(self, entry: AuditEntry) -> int:
        """Keep a call and return its id; that and its time are set by the log."""

    def finish(self, entry_id: int, entry: AuditEntry) -> None:
        """Note what came of a call that was kept."""


class UndoStore(Protocol):
    """Where the undo history is kept."""

    def keep(self, copy: UndoCopy) -> str:
        """Keep what undoes a change, and return its id."""

    def get(self, undo_id: str) -> UndoCopy:
        """Return one; raises UserFacingError when it is gone."""

    def mark_undone(self, undo_id: str) -> None:
        """Note that a change was taken back."""

    def drop(self, undo_id: str) -> None:
        """Forget a copy: its change was not made."""


class NoteStore(Protocol):
    """The user's notes."""

    def add(self, title: str, text: str) -> Note:
        """Keep a note."""

    def put(self, note: Note) -> None:
        """Keep a note as it is; one with the same id is replaced."""

    def get(self, note_id: str) -> Note:
        """Return one; raises UserFacingError when it is gone."""

    def list(self, words: str = "") -> Sequence[Note]:
        """Return the notes with these words, the last changed first."""

    def delete(self, note_id: str) -> None:
        """Delete a note; harmless when it is gone."""


class ReminderStore(Protocol):
    """The user's reminders."""

    def put(self, reminder: Reminder) -> None:
        """Keep a reminder as it is; one with the same id is replaced."""

    def get(self, reminder_id: str) -> Reminder:
        """Return one; raises UserFacingError when it is gone."""

    def list(self, *, done: bool = False) -> Sequence[Reminder]:
        """Return the reminders to come, the next first; with `done` those that are done as well."""

    def delete(self, reminder_id: str) -> None:
        """Delete a reminder; harmless when it is gone."""


class Clipboard(Protocol):
    """The computer's clipboard."""

    def text(self) -> str:
        """Return the text in it, empty where there is none. Raises UserFacingError where there is no clipboard."""


class Asker(Protocol):
    """Puts a tool's question before the user."""

    def ask(self, question: Question) -> str:
        """Return the user's answer, empty when they gave none. Raises Cancelled when the turn was stopped."""
