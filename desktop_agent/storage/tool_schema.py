"""What tools need in the database: the third version of its shape."""

# The audit outlives its chat, but not the words of it: what a deleted chat's calls said goes with the chat.
_SCRIPT = """
CREATE TABLE standing_approvals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool TEXT NOT NULL,
    spec TEXT NOT NULL,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
    folder TEXT NOT NULL,
    created_at TEXT NOT NULL
);;
CREATE UNIQUE INDEX standing_approvals_once ON standing_approvals (tool, ifnull(conversation_id, ''), folder);;
CREATE INDEX standing_approvals_by_conversation ON standing_approvals (conversation_id);;
DROP TABLE tool_approvals;;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE SET NULL,
    call_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    effect TEXT NOT NULL,
    arguments TEXT NOT NULL,
    digest TEXT NOT NULL,
    verdict TEXT NOT NULL,
    tainted INTEGER NOT NULL,
    ok INTEGER NOT NULL,
    result_size INTEGER NOT NULL,
    seconds REAL NOT NULL,
    fault TEXT NOT NULL,
    undo_id TEXT NOT NULL,
    undone_at TEXT NOT NULL
);;
CREATE INDEX audit_by_conversation ON audit (conversation_id);;
CREATE INDEX audit_by_undo ON audit (undo_id) WHERE undo_id <> '';;
CREATE TRIGGER audit_without_chat BEFORE DELETE ON conversations BEGIN
    UPDATE audit SET arguments = '', fault = '' WHERE conversation_id = old.id;
END;;
CREATE TABLE undo_copies (
    id TEXT PRIMARY KEY,
    conversation_id TEXT REFERENCES conversations (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    path BLOB NOT NULL,
    root BLOB NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    other BLOB NOT NULL,
    before BLOB,
    after TEXT NOT NULL,
    mode INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    undone_at TEXT NOT NULL
);;
CREATE INDEX undo_copies_by_conversation ON undo_copies (conversation_id);;
CREATE INDEX undo_copies_by_time ON undo_copies (created_at);;
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    normal TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);;
CREATE TABLE reminders (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    due_at TEXT NOT NULL,
    repeat TEXT NOT NULL CHECK (repeat IN ('', 'daily', 'weekly', 'monthly', 'yearly')),
    created_at TEXT NOT NULL,
    shown_at TEXT NOT NULL,
    done_at TEXT NOT NULL
);;
CREATE INDEX reminders_by_time ON reminders (due_at);;
CREATE TABLE mcp_servers (
    name TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    created_at TEXT NOT NULL
);;
CREATE TABLE chat_tools (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    tool_group TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, tool_group)
)
"""

STATEMENTS = _SCRIPT.split(";;")
