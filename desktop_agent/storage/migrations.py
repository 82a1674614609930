"""The shape of the database, as numbered steps: step n brings a database from version n-1 to n."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_agent.errors import UserFacingError
from desktop_agent.storage import memory_schema, retention, tool_schema

if TYPE_CHECKING:
    from sqlite3 import Connection  # sqlcipher3's class is a fork of it with the same interface


def first_light(connection: "Connection") -> None:
    """Create conversations, messages, exchanges, folder grants and tool approvals."""
    for statement in _FIRST_LIGHT.split(";"):
        connection.execute(statement)


def memory(connection: "Connection") -> None:
    """Create turns with their full-text index, saved memories, suggestions and what forgetting leaves behind."""
    for statement in memory_schema.STATEMENTS:
        connection.execute(statement)
    retention.remember_all(connection)


def tools(connection: "Connection") -> None:
    """Create standing approvals, the audit, the undo history, notes, reminders, MCP servers and each chat's tools."""
    for statement in tool_schema.STATEMENTS:
        connection.execute(statement)


# A message's `position` is its order: times may go backwards when the clock is set.
# Device and inode are text because both may exceed SQLite's signed 64 bits; a path is bytes because file names need not
# be Unicode.
_FIRST_LIGHT = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_folded TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX conversations_by_time ON conversations (updated_at);
CREATE TABLE messages (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('complete', 'streaming', 'interrupted', 'stopped', 'failed')),
    content TEXT NOT NULL
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, position);
CREATE INDEX messages_streaming ON messages (status) WHERE status = 'streaming';
CREATE TABLE exchanges (
    question_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    answer_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE
);
CREATE INDEX exchanges_by_answer ON exchanges (answer_id);
CREATE VIEW finished_exchanges AS
    SELECT question.id, conversation.id AS conversation_id, conversation.title, question.created_at AS date,
        question.content AS question, answer.content AS answer,
        EXISTS (
            SELECT 1 FROM messages AS seen
            WHERE seen.conversation_id = conversation.id AND seen.position < answer.position
                AND json_extract(seen.content, '$.result.untrusted')
        ) AS from_files
    FROM exchanges
    JOIN messages AS question ON question.id = exchanges.question_id
    JOIN messages AS answer ON answer.id = exchanges.answer_id
    JOIN conversations AS conversation ON conversation.id = question.conversation_id
    WHERE conversation.deleted_at IS NULL;
CREATE TABLE grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path BLOB NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX grants_once ON grants (path, ifnull(conversation_id, ''));
CREATE INDEX grants_by_conversation ON grants (conversation_id);
CREATE TABLE tool_approvals (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    tool TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (conversation_id, tool)
)
"""

MIGRATIONS: tuple[Callable[["Connection"], None], ...] = (first_light, memory, tools)


def check_version(connection: "Connection") -> int:
    """Return the database's version; raise UserFacingError when a newer program wrote it."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise UserFacingError(
            "Your conversations were last used by a newer Desktop Agent, which this version cannot read.",
            "Install the newer version again. Nothing was changed.",
        )
    return version


def migrate(connection: "Connection") -> None:
    """Bring the database to the current version, each step in a transaction of its own."""
    for number in range(check_version(connection), len(MIGRATIONS)):
        connection.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
