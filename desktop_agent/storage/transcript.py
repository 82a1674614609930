"""What was said in each conversation; implements the agent's Journal."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage import titles
from desktop_agent.storage.clock import new_id, now
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True)
class StoredMessage:
    """A message with its place in the database.

    `status` is complete, streaming (being written now), interrupted (the program died meanwhile), stopped or failed.
    """

    id: str
    conversation_id: str
    created_at: str
    status: str
    message: Message


class Transcript:
    """The messages of one database. Every method returns only when its change is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, conversation_id: str, message: Message, status: str = "complete") -> StoredMessage:
        """Add a message at the end; the first words of the user name an untitled conversation.

        Raises UserFacingError when the conversation is gone.
        """
        stored = StoredMessage(new_id(), conversation_id, now(), status, message)
        row = (stored.id, conversation_id, stored.created_at, status, _dump(message))

        def insert(db: "Connection") -> None:
            db.execute(_INSERT, row)
            db.execute("UPDATE conversations SET updated_at = ? WHERE id = ?", (stored.created_at, conversation_id))
            if message.role == "user":
                _name_untitled(db, conversation_id, message.text)

        self._database.run(insert)
        return stored

    def update(self, message_id: str, message: Message, status: str) -> None:
        """Replace a message's content and status; raises UserFacingError when it is gone."""
        query = "UPDATE messages SET content = ?, status = ? WHERE id = ? RETURNING id"
        if not self._database.execute(query, _dump(message), status, message_id):
            raise _unknown()

    def get(self, message_id: str) -> StoredMessage:
        """Return one message; raises UserFacingError when it is gone."""
        rows = self._database.execute(f"{_SELECT} WHERE id = ?", message_id)
        if not rows:
            raise _unknown()
        return _stored(rows[0])

    def history(self, conversation_id: str) -> list[StoredMessage]:
        """Return all messages of a conversation, oldest first."""
        query = f"{_SELECT} WHERE conversation_id = ? ORDER BY position"
        return [_stored(row) for row in self._database.execute(query, conversation_id)]

    def finish_exchange(self, question_id: str, answer_id: str) -> None:
        """Note that a question has its answer, replacing an earlier one; raises UserFacingError when either is gone."""
        self._database.execute("INSERT OR REPLACE INTO exchanges VALUES (?, ?)", question_id, answer_id)

    def mark_interrupted(self) -> int:
        """Mark what a crash left half written, and return how many messages; called when the program starts."""
        query = "UPDATE messages SET status = 'interrupted' WHERE status = 'streaming' RETURNING id"
        return len(self._database.execute(query))


_SELECT = "SELECT id, conversation_id, created_at, status, content FROM messages"
_INSERT = "INSERT INTO messages (id, conversation_id, created_at, status, content) VALUES (?, ?, ?, ?, ?)"


def _stored(row: tuple[Any, ...]) -> StoredMessage:
    id_, conversation_id, created_at, status, content = row
    return StoredMessage(id_, conversation_id, created_at, status, Message.from_dict(json.loads(content)))


def _dump(message: Message) -> str:
    # Escapes what is not ASCII: SQLite would refuse the half surrogates that an undecodable command line holds.
    return json.dumps(message.to_dict())


def _name_untitled(db: "Connection", conversation_id: str, text: str) -> None:
    title = titles.from_text(text)
    query = "UPDATE conversations SET title = ?, title_folded = ? WHERE id = ? AND title = ''"
    db.execute(query, (title, titles.fold(title), conversation_id))


def _unknown() -> UserFacingError:
    return UserFacingError("There is no such message.", "Its conversation was probably deleted.")
