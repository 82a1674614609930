"""What the user allowed: folders that tools may read, and tools that need no further question."""

from dataclasses import dataclass
from typing import Any

from desktop_agent.records import StandingApproval
from desktop_agent.storage.clock import now
from desktop_agent.storage.database import Database


@dataclass(frozen=True)
class Grant:
    """A folder that tools may read, in one conversation or in all; device and inode tell if it is the same still."""

    id: int
    path: str
    device: int
    inode: int
    conversation_id: str | None


class Permissions:
    """The grants and approvals of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, path: str, device: int, inode: int, conversation_id: str | None = None) -> Grant:
        """Allow a folder in all conversations or in one; granting the same path again keeps its id.

        Raises UserFacingError when the conversation is gone.
        """
        query = """
            INSERT INTO grants (path, device, inode, conversation_id, created_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (path, ifnull(conversation_id, ''))
            DO UPDATE SET device = excluded.device, inode = excluded.inode
            RETURNING id, path, device, inode, conversation_id
        """
        row = (path.encode("utf-8", "surrogatepass"), str(device), str(inode), conversation_id, now())
        return _grant(self._database.execute(query, *row)[0])

    def revoke(self, grant_id: int) -> None:
        """Take a grant back; harmless when it is gone."""
        self._database.execute("DELETE FROM grants WHERE id = ?", grant_id)

    def grants(self, conversation_id: str) -> list[Grant]:
        """Return what holds in a conversation: the grants for all and its own, oldest first."""
        return self._select("conversation_id IS NULL OR conversation_id = ?", conversation_id)

    def all_grants(self) -> list[Grant]:
        """Return every grant except those of deleted conversations, oldest first."""
        return self._select(
            "conversation_id IS NULL OR conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL)"
        )

    def allow_tool(self, tool: str, spec: str, conversation_id: str = "", folder: str = "") -> None:
        """Ask no more for a tool that has this description (see StandingApproval); what was kept for it is replaced.

        Raises UserFacingError when the conversation is gone.
        """
        query = """
            INSERT INTO standing_approvals (tool, spec, conversation_id, folder, created_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (tool, ifnull(conversation_id, ''), folder) DO UPDATE SET spec = excluded.spec
        """
        self._database.execute(query, tool, spec, conversation_id or None, folder, now())

    def tool_allowed(self, tool: str, spec: str, conversation_id: str, folder: str = "") -> bool:
        """Return whether `allow_tool` was called for it, in this conversation or for all, in this folder or for all."""
        query = """
            SELECT 1 FROM standing_approvals WHERE tool = ? AND spec = ?
            AND ifnull(conversation_id, ?) = ? AND folder IN ('', ?)
        """
        return bool(self._database.select(query, tool, spec, conversation_id, conversation_id, folder))

    def standing_approvals(self) -> list[StandingApproval]:
        """Return every standing approval except those of deleted conversations, oldest first."""
        query = """
            SELECT id, tool, spec, ifnull(conversation_id, ''), folder, created_at FROM standing_approvals
            WHERE conversation_id IS NULL
            OR conversation_id IN (SELECT id FROM conversations WHERE deleted_at IS NULL) ORDER BY id
        """
        return [StandingApproval(*row) for row in self._database.select(query)]

    def withdraw(self, approval_id: int) -> None:
        """Ask again for what a standing approval allowed; harmless when it is gone."""
        self._database.execute("DELETE FROM standing_approvals WHERE id = ?", approval_id)

    def is_tainted(self, conversation_id: str) -> bool:
        """Return whether text from outside is in the conversation: a file, a document, what another program said.

        What is noted in it from earlier chats brings along what is in those; nobody knows any more of deleted ones.
        """
        return bool(self._database.select(_TAINTED, conversation_id))

    def _select(self, condition: str, *values: str) -> list[Grant]:
        rows = self._database.select(f"{_SELECT} WHERE {condition} ORDER BY id", *values)
        return [_grant(row) for row in rows]


_SELECT = "SELECT id, path, device, inode, conversation_id FROM grants"
_TAINTED = """
    WITH RECURSIVE reached (id) AS (
        VALUES (?)
        UNION
        SELECT CASE WHEN noted.value LIKE 'memory-%' THEN '' ELSE sources.conversation_id END
        FROM reached
        JOIN messages AS asked ON asked.conversation_id = reached.id AND instr(asked.content, '"noted": [')
        JOIN json_each(asked.content, '$.noted') AS noted
        LEFT JOIN messages AS sources ON sources.id = noted.value
    )
    SELECT 1 FROM reached LEFT JOIN messages ON messages.conversation_id = reached.id
    WHERE reached.id IS NULL
    OR (instr(content, '"untrusted": true') AND json_extract(content, '$.result.untrusted')) LIMIT 1
"""


def _grant(row: tuple[Any, ...]) -> Grant:
    return Grant(row[0], row[1].decode("utf-8", "surrogatepass"), int(row[2]), int(row[3]), row[4])
