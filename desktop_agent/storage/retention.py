"""Which messages are remembered, that is, become turns.

A turn is what the user said, or an answer that is not written under the eyes of untrusted text: what a file says is
read again, not remembered. A message is private, and never becomes a turn, when its chat did not save memories or
memory was paused while it was written, or when it answers such a message.
"""

import json
from typing import TYPE_CHECKING

from desktop_agent.storage import word_index

if TYPE_CHECKING:
    from sqlite3 import Connection

_FINAL = {"complete", "stopped", "interrupted"}


def is_private(db: "Connection", conversation_id: str, role: str) -> bool:
    """Return whether a message that is now added at the end of a chat must not be remembered."""
    saves = db.execute("SELECT saves_memory FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return bool(saves) and (not saves[0] or (role != "user" and _question_is_private(db, conversation_id)))


def settle(db: "Connection", message_id: str, paused: bool) -> None:
    """Make a message a turn once it is final, or let it be one no longer, within the transaction that changed it."""
    position, conversation_id, status, content, private, saves = db.execute(_LOOK, (message_id,)).fetchone()
    if status == "streaming":
        return
    message = json.loads(content)
    if status not in _FINAL or message["role"] not in {"user", "assistant"} or not message.get("text", "").strip():
        word_index.remove_turn(db, position)
    elif db.execute("SELECT 1 FROM turns WHERE position = ?", (position,)).fetchone():
        word_index.add_turn(db, position, conversation_id)
    elif paused or not saves:
        db.execute("UPDATE messages SET private = 1 WHERE position = ?", (position,))
    elif not private and (message["role"] == "user" or not _is_tainted(db, conversation_id, position)):
        word_index.add_turn(db, position, conversation_id)


def remember_all(db: "Connection") -> None:
    """Make turns of all messages that may be remembered, for a database that had none."""
    for (message_id,) in db.execute("SELECT id FROM messages ORDER BY position").fetchall():
        settle(db, message_id, paused=False)


def leave_out(db: "Connection", message_ids: list[str]) -> None:
    """Take single messages out of memory for good; they stay in their chats."""
    for message_id in message_ids:
        query = "UPDATE messages SET private = 1 WHERE id = ? RETURNING position"
        for (position,) in db.execute(query, (message_id,)).fetchall():
            word_index.remove_turn(db, position)


def make_private(db: "Connection", conversation_id: str) -> list[str]:
    """Take a chat's messages out of memory for good, and the suggestions from it; return the ids of its turns."""
    gone = db.execute("DELETE FROM turns WHERE conversation_id = ? RETURNING id", (conversation_id,)).fetchall()
    db.execute("UPDATE messages SET private = 1 WHERE conversation_id = ? AND NOT private", (conversation_id,))
    suggestions = "DELETE FROM suggestions WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = ?)"
    db.execute(suggestions, (conversation_id,))
    return [row[0] for row in gone]


_LOOK = """
    SELECT position, conversation_id, status, content, private, saves_memory
    FROM messages JOIN conversations ON conversations.id = conversation_id
    WHERE messages.id = ?
"""
_TAINTED = """
    SELECT 1 FROM messages WHERE conversation_id = ? AND position < ? AND json_extract(content, '$.result.untrusted')
    LIMIT 1
"""


def _is_tainted(db: "Connection", conversation_id: str, position: int) -> bool:
    """Return whether untrusted text stands before a position of a chat."""
    return bool(db.execute(_TAINTED, (conversation_id, position)).fetchone())


def _question_is_private(db: "Connection", conversation_id: str) -> bool:
    query = """
        SELECT private FROM messages WHERE conversation_id = ? AND json_extract(content, '$.role') = 'user'
        ORDER BY position DESC LIMIT 1
    """
    found = db.execute(query, (conversation_id,)).fetchone()
    return bool(found and found[0])
