"""What was said in each conversation; implements the agent's Journal."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage import retention, titles
from desktop_agent.storage.clock import new_id, now, utc
from desktop_agent.storage.database import Database

if TYPE_CHECKING:
    from sqlite3 import Connection


@dataclass(frozen=True)
class StoredMessage:
    """A message with its place in the database.

    `status` is complete, streaming (being written now), interrupted (the program died meanwhile), stopped, failed or
    forgotten (its content is gone, at the user's wish). A private message is never remembered (see `retention`).
    """

    id: str
    conversation_id: str
    created_at: str
    status: str
    message: Message
    private: bool = False


class Transcript:
    """The messages of one database. Every method returns only when its change is on disk.

    `paused` says whether memory is paused: what is written meanwhile is private.
    """

    def __init__(self, database: Database, paused: Callable[[], bool] = lambda: False) -> None:
        self._database = database
        self._paused = paused

    def append(
        self,
        conversation_id: str,
        message: Message,
        status: str = "complete",
        created_at: str = "",
        private: bool = False,
    ) -> StoredMessage:
        """Add a message at the end; the first words of the user name an untitled conversation.

        `created_at` is for imported messages: ISO 8601. Raises UserFacingError when that is no time, or when the
        conversation is gone.
        """
        time, private = utc(created_at) if created_at else now(), private or self._paused()

        def insert(db: "Connection") -> StoredMessage:
            hidden = private or retention.is_private(db, conversation_id, message.role)
            stored = StoredMessage(new_id(), conversation_id, time, status, message, hidden)
            db.execute(_INSERT, (stored.id, conversation_id, time, status, _dump(message), hidden))
            db.execute("UPDATE conversations SET updated_at = max(updated_at, ?) WHERE id = ?", (time, conversation_id))
            if message.role == "user":
                _name_untitled(db, conversation_id, message.text)
            retention.settle(db, stored.id, private)
            return stored

        return self._database.run(insert)

    def update(self, message_id: str, message: Message, status: str) -> None:
        """Replace a message's content and status; raises UserFacingError when it is gone.

        A forgotten message stays as it is: the answer of a turn that still runs must not bring it back.
        """
        paused = self._paused()

        def change(db: "Connection") -> None:
            before = db.execute(f"{_SELECT} WHERE id = ?", (message_id,)).fetchone()
            if before is None:
                raise _unknown()
            old = _stored(before)
            if old.status == "forgotten":
                return
            query = "UPDATE messages SET content = ?, status = ? WHERE id = ?"
            db.execute(query, (_dump(message), status, message_id))
            if (old.status, old.message.text, old.message.author) != (status, message.text, message.author):
                retention.settle(db, message_id, paused)

        self._database.run(change)

    def get(self, message_id: str) -> StoredMessage:
        """Return one message; raises UserFacingError when it is gone."""
        rows = self._database.select(f"{_SELECT} WHERE id = ?", message_id)
        if not rows:
            raise _unknown()
        return _stored(rows[0])

    def history(self, conversation_id: str) -> list[StoredMessage]:
        """Return all messages of a conversation, oldest first."""
        query = f"{_SELECT} WHERE conversation_id = ? ORDER BY position"
        return [_stored(row) for row in self._database.select(query, conversation_id)]

    def questions(self, conversation_id: str) -> list[str]:
        """Return what the user said in a conversation, oldest first."""
        query = """
            SELECT json_extract(content, '$.text') FROM messages
            WHERE conversation_id = ? AND json_extract(content, '$.role') = 'user' ORDER BY position
        """
        return [text or "" for (text,) in self._database.select(query, conversation_id)]

    def mark_interrupted(self) -> int:
        """Mark what a crash left half written, and return how many messages; called when the program starts."""
        paused = self._paused()

        def mark(db: "Connection") -> int:
            query = "UPDATE messages SET status = 'interrupted' WHERE status = 'streaming' RETURNING id"
            marked = db.execute(query).fetchall()
            for (message_id,) in marked:
                retention.settle(db, message_id, paused)
            return len(marked)

        return self._database.run(mark)


_SELECT = "SELECT id, conversation_id, created_at, status, content, private FROM messages"
_INSERT = "INSERT INTO messages (id, conversation_id, created_at, status, content, private) VALUES (?, ?, ?, ?, ?, ?)"


def _stored(row: tuple[Any, ...]) -> StoredMessage:
    id_, conversation_id, created_at, status, content, private = row
    message = Message.from_dict(json.loads(content))
    return StoredMessage(id_, conversation_id, created_at, status, message, bool(private))


def _dump(message: Message) -> str:
    # Escapes what is not ASCII: SQLite would refuse the half surrogates that an undecodable command line holds.
    return json.dumps(message.to_dict())


def _name_untitled(db: "Connection", conversation_id: str, text: str) -> None:
    title = titles.from_text(text)
    query = "UPDATE conversations SET title = ?, title_folded = ? WHERE id = ? AND title = ''"
    db.execute(query, (title, titles.fold(title), conversation_id))


def _unknown() -> UserFacingError:
    return UserFacingError("There is no such message.", "Its conversation was probably deleted.")
