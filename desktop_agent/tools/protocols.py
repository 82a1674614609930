"""What the tools need from the database, for which `app` hands in the real one; and what they tell the agent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Judgement:
    """What the policy says of a call: "allow", "ask" the user, or "refuse" with a reason that the model reads."""

    verdict: Literal["allow", "ask", "refuse"]
    reason: str = ""


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

    def allow_tool(self, conversation_id: str, tool: str) -> None:
        """Keep that a tool needs no further approval in a conversation."""

    def tool_allowed(self, conversation_id: str, tool: str) -> bool:
        """Return whether `allow_tool` was called for the two."""
