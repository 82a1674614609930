import json
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.storage import migrations, tool_schema
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.saved_memories import SavedMemories
from desktop_agent.storage.store import Store
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from tests.helpers import word_tables
from tests.helpers.sqlcipher_pages import decrypted

DAY = "2026-01-31T12:00:00.000000+00:00"
CHATS = {
    "plain": [
        (Message("user", "Where is Köln?", notes="Today is Monday."), "complete"),
        (Message("assistant", "On the Rhine.", raw="<raw>"), "complete"),
        (Message("user", "我喜欢喝咖啡"), "complete"),
        (Message("assistant", "Only half of an ans"), "interrupted"),
    ],
    "with a file": [
        (Message("user", "What is the total?"), "complete"),
        (Message("assistant", "", calls=(ToolCall("1", "read_file", {"path": "a"}),)), "complete"),
        (Message("tool", "12", result=ToolResult("1", "read_file", "12", untrusted=True)), "complete"),
        (Message("assistant", "It is 12."), "complete"),
        (Message("user", "Twice that?"), "complete"),
        (Message("assistant", "24"), "stopped"),
    ],
    "troubled": [
        (Message("user", "Tell me"), "failed"),
        (Message("assistant", "not"), "failed"),
        (Message("user", "broken \udce9 argument"), "complete"),
        (Message("assistant", "being wri"), "streaming"),
    ],
    "deleted": [(Message("user", "gone but for a restore"), "complete")],
}
TURNS = [
    "Where is Köln?",
    "On the Rhine.",
    "我喜欢喝咖啡",
    "Only half of an ans",
    "What is the total?",
    "Twice that?",
    "broken \udce9 argument",
]


@pytest.fixture
def old(path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home as the first version left it."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        database = Database.open(path, key)
    for title, messages in CHATS.items():
        row = (title, title, title, DAY, DAY, DAY if title == "deleted" else None)
        database.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)", *row)
        for number, (message, status) in enumerate(messages):
            row = (f"{title} {number}", title, DAY, status, json.dumps(message.to_dict()))
            database.execute(
                "INSERT INTO messages (id, conversation_id, created_at, status, content) VALUES (?, ?, ?, ?, ?)", *row
            )
    database.execute("INSERT INTO exchanges VALUES ('plain 0', 'plain 1')")
    database.execute(
        "INSERT INTO grants (path, device, inode, conversation_id, created_at) VALUES (?, '1', '2', 'plain', '')", b"/a"
    )
    database.execute("INSERT INTO tool_approvals VALUES ('plain', 'clock', '')")
    database.close()
    return path


def test_what_was_said_is_remembered(old, key):
    database = Database.open(old, key)
    turns = Turns(database)
    said = {turn.text: turn for turn in turns.get(turns.ids())}
    assert set(said) == set(TURNS)
    assert said["Where is Köln?"].date == DAY
    assert [id_ for id_, _score in turns.search("koln", 5).turns] == ["plain 0"]
    assert [id_ for id_, _score in turns.search("喜欢咖啡吗", 5).turns] == ["plain 2"]
    assert [turn.text for turn in turns.neighbours(["plain 1"])["plain 1"]] == TURNS[:3]
    word_tables.check(database)
    Conversations(database).restore("deleted")
    assert "gone but for a restore" in {turn.text for turn in turns.get(turns.ids())}
    database.close()


def test_everything_is_as_it_was(old, key):
    for _ in range(2):  # the second time there is nothing left to do
        database = Database.open(old, key)
        for chat, messages in CHATS.items():
            history = Transcript(database).history(chat)
            assert [(stored.message, stored.status) for stored in history] == messages
            assert not any(stored.private for stored in history)
        assert {chat.title for chat in Conversations(database).list()} == set(CHATS) - {"deleted"}
        assert all(chat.uses_memory and chat.saves_memory for chat in Conversations(database).list())
        assert [grant.path for grant in Permissions(database).grants("plain")] == ["/a"]
        assert Permissions(database).standing_approvals() == []  # nobody said for which description it was
        database.close()


def test_life_goes_on_after_it(old, key):
    database = Database.open(old, key)
    transcript = Transcript(database)
    assert transcript.mark_interrupted() == 1
    transcript.append("plain", Message("user", "And Bonn?"))
    with_file = transcript.append("with a file", Message("assistant", "36"))
    assert with_file.id not in Turns(database).ids()  # the file is still before it
    assert Turns(database).count() == len(TURNS) + 2
    Conversations(database).delete("plain")
    Conversations(database).purge_deleted()
    assert database.select("SELECT count(*) FROM messages WHERE conversation_id = 'plain'") == [(0,)]
    word_tables.check(database)
    assert "Rhine" not in decrypted(old, key).decode("utf-8", "ignore")
    database.close()


def test_a_migration_that_dies_is_done_again(old, key, monkeypatch):
    before = old.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("desktop_agent.storage.retention.remember_all", lambda _db: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Database.open(old, key)
    assert len(old.read_bytes()) == len(before)
    database = Database.open(old, key)
    assert Turns(database).count() == len(TURNS)
    database.close()


@pytest.fixture
def second(path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home as the second version left it."""
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        database = Database.open(path, key)
    chat = Conversations(database).create("our chat").id
    call = ToolCall("1", "read_file", {"path": "a"})
    for message in (
        Message("user", "What is the total?"),
        Message("assistant", calls=(call,)),
        Message("tool", "12", result=ToolResult("1", "read_file", "12", untrusted=True)),
    ):
        Transcript(database).append(chat, message)
    SavedMemories(database).add("I live in Bonn.", "written")
    database.execute("INSERT INTO tool_approvals VALUES (?, 'read_file', '')", chat)
    Permissions(database).grant("/bills", 1, 2, chat)
    database.close()
    return path


def test_from_the_second_version_on_tools_have_their_tables(second, key):
    database = Database.open(second, key)
    store = Store(database)
    (chat,) = store.conversations.list()
    assert [stored.message.text for stored in store.transcript.history(chat.id)] == ["What is the total?", "", "12"]
    assert [each.text for each in store.saved.list()] == ["I live in Bonn."]
    assert [grant.path for grant in store.permissions.grants(chat.id)] == ["/bills"]
    assert store.permissions.is_tainted(chat.id)
    assert store.permissions.standing_approvals() == []
    assert (store.audit.list(), store.notes.list(), store.reminders.list(), store.mcp_servers.list()) == ([],) * 4
    store.notes.add("", "It works.")
    database.close()
    database = Database.open(second, key)
    assert [note.text for note in Store(database).notes.list()] == ["It works."]
    database.close()


def test_a_migration_to_the_third_version_that_dies_is_done_again(second, key, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tool_schema, "STATEMENTS", [*tool_schema.STATEMENTS, "SELECT nonsense"])
        with pytest.raises(dbapi2.OperationalError):
            Database.open(second, key)
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        old = Database.open(second, key)  # which could still use it
        assert old.select("SELECT tool FROM tool_approvals") == [("read_file",)]
        old.close()
    database = Database.open(second, key)
    assert len(Conversations(database).list()) == 1
    database.close()


def test_all_shapes_of_a_new_home_are_those_of_a_migrated_one(old, key, tmp_path):
    migrated, new = Database.open(old, key), Database.open(tmp_path / "new.db", key)
    shapes = [
        database.select("SELECT type, name, sql FROM sqlite_schema ORDER BY name") for database in (migrated, new)
    ]
    migrated.close()
    new.close()
    assert shapes[0] == shapes[1]
