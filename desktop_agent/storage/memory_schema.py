"""What memory needs in the database: the second version of its shape."""

# Messages are copied into a new table because SQLite cannot change what a CHECK allows.
#
# The row of a turn in the full-text tables has its message's position as number, that of a saved memory the negative of
# its own. They hold no text, only the places of words: content='' with contentless_delete keeps a deleted row's words
# until FTS5 merges them away, which `optimize` does at once (see forgetting).
_SCRIPT = """
ALTER TABLE conversations ADD COLUMN uses_memory INTEGER NOT NULL DEFAULT 1;;
ALTER TABLE conversations ADD COLUMN saves_memory INTEGER NOT NULL DEFAULT 1;;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;;
DROP VIEW finished_exchanges;;
DROP TABLE exchanges;;
CREATE TABLE messages_2 (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('complete', 'streaming', 'interrupted', 'stopped', 'failed', 'forgotten')),
    content TEXT NOT NULL,
    private INTEGER NOT NULL DEFAULT 0
);;
INSERT INTO messages_2 SELECT position, id, conversation_id, created_at, status, content, 0 FROM messages;;
DROP TABLE messages;;
ALTER TABLE messages_2 RENAME TO messages;;
CREATE INDEX messages_by_conversation ON messages (conversation_id, position);;
CREATE INDEX messages_streaming ON messages (status) WHERE status = 'streaming';;
CREATE INDEX messages_untrusted ON messages (conversation_id, position)
    WHERE json_extract(content, '$.result.untrusted');;
CREATE TABLE turns (
    position INTEGER PRIMARY KEY REFERENCES messages (position) ON DELETE CASCADE,
    id TEXT NOT NULL,
    conversation_id TEXT NOT NULL
);;
CREATE UNIQUE INDEX turns_by_id ON turns (id);;
CREATE INDEX turns_by_conversation ON turns (conversation_id, position);;
CREATE TABLE saved_memories (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    normal TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('said', 'suggested', 'written')),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    message_id TEXT REFERENCES messages (id) ON DELETE SET NULL,
    pinned INTEGER NOT NULL,
    valid_until TEXT NOT NULL,
    replaced_by TEXT NOT NULL,
    used_at TEXT NOT NULL
);;
CREATE INDEX saved_memories_by_normal ON saved_memories (normal);;
CREATE INDEX saved_memories_by_message ON saved_memories (message_id);;
CREATE TABLE suggestions (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    normal TEXT NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL
);;
CREATE INDEX suggestions_by_message ON suggestions (message_id);;
CREATE TABLE examined (
    conversation_id TEXT PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL
);;
CREATE TABLE dismissals (turn_id TEXT PRIMARY KEY, count INTEGER NOT NULL);;
CREATE TABLE salt (value BLOB NOT NULL);;
INSERT INTO salt VALUES (randomblob(16));;
CREATE TABLE forgotten (hash BLOB PRIMARY KEY) WITHOUT ROWID;;
CREATE VIRTUAL TABLE turn_words USING fts5 (
    words, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
);;
CREATE VIRTUAL TABLE window_words USING fts5 (
    words, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
);;
CREATE VIEW living_turns AS
    SELECT turns.position AS number, turns.id, conversations.id AS conversation_id, conversations.title,
        messages.created_at AS date, messages.content, 'chat' AS origin
    FROM turns
    LEFT JOIN messages ON messages.position = turns.position  -- LEFT: SQLite skips it where only ids are asked for
    JOIN conversations ON conversations.id = turns.conversation_id
    WHERE conversations.deleted_at IS NULL;;
CREATE VIEW living_memories AS
    SELECT -saved.number AS number, 'memory-' || saved.id AS id, ifnull(conversations.id, '') AS conversation_id,
        ifnull(conversations.title, '') AS title, saved.created_at AS date, saved.text AS content, saved.origin
    FROM saved_memories AS saved
    LEFT JOIN messages ON messages.id = saved.message_id
    LEFT JOIN conversations ON conversations.id = messages.conversation_id AND conversations.deleted_at IS NULL
    WHERE saved.replaced_by = '' AND (saved.valid_until = '' OR saved.valid_until >= date('now', 'localtime'));;
CREATE TRIGGER turn_gone AFTER DELETE ON turns BEGIN
    DELETE FROM turn_words WHERE rowid = old.position;
    DELETE FROM window_words WHERE rowid = old.position;
END;;
CREATE TRIGGER message_gone AFTER DELETE ON messages BEGIN
    DELETE FROM dismissals WHERE turn_id = old.id;
END;;
CREATE TRIGGER memory_gone AFTER DELETE ON saved_memories BEGIN
    DELETE FROM turn_words WHERE rowid = -old.number;
    DELETE FROM window_words WHERE rowid = -old.number;
    DELETE FROM dismissals WHERE turn_id = 'memory-' || old.id;
END
"""

STATEMENTS = _SCRIPT.split(";;")
