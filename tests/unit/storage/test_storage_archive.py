import base64
import io
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.records import Reminder
from desktop_agent.storage import age, archive_file
from desktop_agent.storage.archive import ArchiveReport, export_archive, import_archive
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store

PASSPHRASE = "correct horse"
TABLES = (
    "SELECT id, title, title_folded, created_at, updated_at, deleted_at, uses_memory, saves_memory FROM conversations",
    "SELECT id, conversation_id, created_at, status, content, private FROM messages ORDER BY position",
    "SELECT messages.id FROM turns JOIN messages USING (position) ORDER BY position",
    """SELECT id, text, normal, origin, created_at, updated_at, message_id, pinned, valid_until, replaced_by, used_at
    FROM saved_memories ORDER BY number""",
    "SELECT id, text, normal, message_id, created_at FROM suggestions",
    "SELECT * FROM dismissals ORDER BY turn_id",
    "SELECT messages.id FROM examined JOIN messages USING (position)",
    "SELECT value FROM salt",
    "SELECT hash FROM forgotten ORDER BY hash",
    "SELECT * FROM grants",
    "SELECT * FROM standing_approvals",
    "SELECT * FROM notes",
    "SELECT * FROM reminders",
)

DAY = "2026-11-22T08:00:00.000000+00:00"


@pytest.fixture(autouse=True)
def _cheap_guesses(monkeypatch):
    monkeypatch.setattr(age, "COST", 4)


@pytest.fixture
def store(database) -> Store:
    return Store(database)


@pytest.fixture
def other(tmp_path, key) -> Iterator[Store]:
    """Another home."""
    opened = Database.open(tmp_path / "other.db", key)
    yield Store(opened)
    opened.close()


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "everything.age"


def contents(store: Store) -> list[list[Any]]:
    return [store.database.select(table) for table in TABLES]


def say(store: Store, text: str, answer: str = "", chat: str = "") -> str:
    chat = chat or store.conversations.create().id
    question = store.transcript.append(chat, Message("user", text))
    if answer:
        store.transcript.append(chat, Message("assistant", answer))
    return question.id


@pytest.fixture
def full(store) -> Store:
    """A store with one of everything."""
    question = say(store, "My cat is called Schrödinger.", "A fine name. 好名字")
    chat = store.transcript.get(question).conversation_id
    store.transcript.append(chat, Message("assistant", calls=(ToolCall("1", "read_file", {"path": "a.txt"}),)))
    store.transcript.append(chat, Message("tool", result=ToolResult("1", "read_file", "text", untrusted=True)))
    store.transcript.append(
        chat,
        Message("assistant", "It says text.", notes="Today", raw="Hm.</think>It says text.<end>", thinking="Hm."),
        "stopped",
    )
    store.transcript.append(chat, Message("assistant", "Half an answ"), "interrupted")
    hidden = store.conversations.create("Not for memory")
    store.conversations.set_memory(hidden.id, uses=False, saves=False)
    say(store, "Nobody keeps this in mind.", chat=hidden.id)
    old = store.saved.add("I live in Bonn.", "said", message_id=question)
    new = store.saved.add("I live in Köln.", "written", pinned=True, valid_until="2030-01-31")
    store.saved.replace(old.id, new.id)
    store.saved.used([new.id])
    store.suggestions.add("The user has a cat.", question)
    store.suggestions.reject(store.suggestions.add("The user is a cat.", question).id)
    store.dismissals.add(question)
    store.dismissals.add(f"memory-{new.id}")
    store.examined.note(chat)
    store.notes.add("Shopping", "milk\n鸡蛋")
    store.reminders.put(Reminder("r1", "Call Ann", "2026-11-23T09:00:00+00:00", "weekly", shown_at=DAY))
    store.reminders.put(Reminder("r2", "Call Bob", DAY, done_at=DAY))
    forgotten = say(store, "The safe opens with 4711.")
    store.forgetting.forget([("message", forgotten)], "4711")
    return store


def test_everything_arrives_in_an_empty_home_as_it_was(full, other, file):
    report = export_archive(full.database, file, PASSPHRASE)
    assert report == ArchiveReport(conversations=3, messages=8, memories=2)
    added = import_archive(other.database, file, PASSPHRASE)
    assert (added.conversations, added.messages, added.memories, added.suggestions) == (3, 8, 2, 1)
    assert (added.known, added.forgotten, added.folders) == (0, 0, 0)
    assert (added.notes, added.reminders) == (1, 2)
    assert "Added as well: 1 notes, 2 reminders." in str(added)
    assert contents(other) == contents(full)


def test_it_is_remembered_there_as_here(full, other, file):
    export_archive(full.database, file, PASSPHRASE)
    import_archive(other.database, file, PASSPHRASE)
    for words in ("cat", "fine name", "名字", "Köln"):
        there, here = (home.turns.search(words, 10) for home in (other, full))
        assert [id_ for id_, _ in there.turns] == [id_ for id_, _ in here.turns] != []
        assert {id_ for id_, _ in there.windows} == {id_ for id_, _ in here.windows} != set()
    assert other.turns.ids() == full.turns.ids()
    assert other.forgetting.forgotten("The safe opens with 4711.")
    assert other.suggestions.add("The user is a cat.", next(iter(other.turns.ids()))) is None


def test_a_second_import_changes_nothing(full, other, file):
    export_archive(full.database, file, PASSPHRASE)
    import_archive(other.database, file, PASSPHRASE)
    before = contents(other)
    again = import_archive(other.database, file, PASSPHRASE)
    assert (again.conversations, again.messages, again.memories, again.suggestions) == (0, 0, 0, 0)
    assert again.known == 3 + 8 + 2 + 1 + 1 + 2
    assert contents(other) == before


def test_what_is_here_stays_as_it_is_and_the_rest_is_added(store, other, file):
    question = say(store, "first")
    chat = store.transcript.get(question).conversation_id
    saved = store.saved.add("I like tea.", "said")
    export_archive(store.database, file, PASSPHRASE)
    import_archive(other.database, file, PASSPHRASE)
    say(store, "second", chat=chat)
    store.saved.edit(saved.id, "I like coffee.")
    export_archive(store.database, file, PASSPHRASE)
    other.conversations.rename(chat, "mine")
    say(other, "my own", chat=chat)
    assert import_archive(other.database, file, PASSPHRASE).messages == 1
    assert other.conversations.get(chat).title == "mine"
    assert [stored.message.text for stored in other.transcript.history(chat)] == ["first", "my own", "second"]
    assert [memory.text for memory in other.saved.list()] == ["I like tea."]


def test_a_memory_that_says_the_same_is_not_added_twice(store, other, file):
    store.saved.add("I like tea.", "said")
    export_archive(store.database, file, PASSPHRASE)
    mine = other.saved.add("i like TEA", "written")
    assert import_archive(other.database, file, PASSPHRASE).known == 1
    assert other.saved.list() == [mine]


def test_a_chat_that_is_deleted_but_not_purged_comes_back(store, file):
    chat = store.transcript.get(say(store, "hello")).conversation_id
    export_archive(store.database, file, PASSPHRASE)
    store.conversations.delete(chat)
    assert import_archive(store.database, file, PASSPHRASE).conversations == 1
    assert [each.id for each in store.conversations.list()] == [chat]


def test_deleted_chats_are_not_exported(store, file):
    store.conversations.delete(store.transcript.get(say(store, "gone")).conversation_id)
    assert export_archive(store.database, file, PASSPHRASE) == ArchiveReport(0, 0, 0)


def test_a_message_that_was_being_written_arrives_as_interrupted(store, other, file):
    chat = store.conversations.create("chat")
    store.transcript.append(chat.id, Message("assistant", "half"), "streaming")
    export_archive(store.database, file, PASSPHRASE)
    import_archive(other.database, file, PASSPHRASE)
    assert [stored.status for stored in other.transcript.history(chat.id)] == ["interrupted"]


def test_half_a_character_arrives_as_it_was(store, other, file):
    say(store, "half \ud800 a character")
    export_archive(store.database, file, PASSPHRASE)
    import_archive(other.database, file, PASSPHRASE)
    assert contents(other) == contents(store)


def test_permissions_are_listed_and_never_given(store, other, file):
    chat = store.conversations.create("chat")
    store.permissions.grant("/home/me/papers", 1, 2)
    store.permissions.grant("/home/me/notes", 1, 3, chat.id)
    store.permissions.allow_tool("read_file", "spec", chat.id)
    export_archive(store.database, file, PASSPHRASE)
    report = import_archive(other.database, file, PASSPHRASE)
    assert report.folders == 2
    assert "Folders that were allowed there: 2" in str(report)
    assert other.permissions.all_grants() == []
    assert not other.permissions.tool_allowed("read_file", "spec", chat.id)
    plain = read(file)
    assert [row["path"] for row in plain["folders"]] == ["/home/me/papers", "/home/me/notes"]
    assert [row["tool"] for row in plain["tools"]] == ["read_file"]


def decrypted(path: Path) -> bytes:
    """Every page that the database has, as a thief with the key would see it, and the log."""
    from tests.helpers.sqlcipher_pages import decrypted as pages

    log = Path(f"{path}-wal")
    return pages(path, bytes(range(32))) + (log.read_bytes() if log.exists() else b"")


def test_what_was_forgotten_here_does_not_come_back(store, file, tmp_path, path):
    question = say(store, "The safe opens with 4711.", "I wrote it down.")
    chat = store.transcript.get(question).conversation_id
    store.saved.add("The number is 4711", "said", message_id=question)
    store.saved.add("Kept", "said")
    quoting = say(store, "What was it?")
    store.transcript.update(
        quoting, Message("user", "What was it?", notes="> The safe opens with 4711.\nother"), "complete"
    )
    store.suggestions.add("The user has safe 4711", store.transcript.history(chat)[1].id)
    export_archive(store.database, file, PASSPHRASE)
    before = contents(store)
    store.forgetting.forget([(found.kind, found.id) for found in store.forgetting.find("4711")], "4711")
    after = contents(store)
    report = import_archive(store.database, file, PASSPHRASE)
    assert contents(store) == after != before
    assert report.forgotten == 2  # the saved memory and the suggestion: the messages are here, emptied
    store.conversations.delete(chat)
    store.conversations.purge_deleted()
    report = import_archive(store.database, file, PASSPHRASE)
    assert (report.conversations, report.messages) == (1, 1)
    assert report.forgotten == 3
    assert [stored.status for stored in store.transcript.history(chat)] == ["forgotten", "complete"]
    assert store.forgetting.find("4711") == []
    assert store.conversations.get(chat).title == ""
    assert b"4711" not in decrypted(path)


def test_notes_and_reminders_that_were_forgotten_do_not_come_back(store, other, file):
    note = store.notes.add("Safe", "It opens with 4711.")
    store.notes.add("", "kept")
    store.reminders.put(Reminder("r1", "Change 4711", DAY))
    store.reminders.put(Reminder("r2", "kept", DAY))
    export_archive(store.database, file, PASSPHRASE)
    other.forgetting.forget([], "4711")
    report = import_archive(other.database, file, PASSPHRASE)
    assert (report.notes, report.reminders, report.forgotten) == (1, 1, 2)
    assert [each.text for each in (*other.notes.list(), *other.reminders.list())] == ["kept", "kept"]
    store.forgetting.forget([("note", note.id)])
    assert import_archive(store.database, file, PASSPHRASE).notes == 0


def test_an_archive_from_before_there_were_notes_is_read(store, other, file):
    tables = {name: [] for name in archive_tables()} | {"conversations": [CHAT]}
    del tables["notes"], tables["reminders"]
    counts = {name: len(rows) for name, rows in tables.items()}
    seal(file, zipped(tables, counts=counts))
    assert import_archive(other.database, file, PASSPHRASE).conversations == 1


def test_thinking_that_has_forgotten_words_loses_those_lines(store, other, file):
    chat = store.conversations.create().id
    thinking = "The user has a safe.\nIt opens with 4711."
    answer = Message("assistant", "I see.", raw=f"<think>{thinking}</think>I see.", thinking=thinking)
    stored = store.transcript.append(chat, answer)
    export_archive(store.database, file, PASSPHRASE)
    other.forgetting.forget([], "4711")
    import_archive(other.database, file, PASSPHRASE)
    brought = other.transcript.get(stored.id)
    assert (brought.status, brought.message) == (
        "complete",
        Message("assistant", "I see.", thinking="The user has a safe."),
    )


def test_notes_that_quote_a_forgotten_text_lose_the_quote(store, other, file):
    say(store, "My sister is called Ottilie.")
    chat = store.conversations.create("other chat").id
    store.transcript.append(chat, Message("user", "Who?", notes="> My sister is called Ottilie.\n> kept"))
    export_archive(store.database, file, PASSPHRASE)
    memory = other.saved.add("My sister is called Ottilie.", "said")
    other.forgetting.forget([("memory", memory.id)])
    import_archive(other.database, file, PASSPHRASE)
    (stored,) = other.transcript.history(chat)
    assert stored.message.notes == "> kept"


def test_two_homes_together_remember_what_each_forgot(store, other, file):
    for home, text in ((store, "here it was"), (other, "there it was")):
        home.forgetting.forget([("message", say(home, text))])
    export_archive(other.database, file, PASSPHRASE)
    import_archive(store.database, file, PASSPHRASE)
    assert store.forgetting.forgotten("here it was")
    assert store.forgetting.forgotten("there it was")
    assert not store.forgetting.forgotten("it was elsewhere")
    store.saved.add("There it was.", "written")  # the user says it anew
    assert not store.forgetting.forgotten("there it was")


# The file


def read(file: Path) -> dict[str, Any]:
    """The archive as other tools see it."""
    with zipfile.ZipFile(io.BytesIO(pyrage.passphrase.decrypt(file.read_bytes(), PASSPHRASE))) as archive:
        lines = {name.removesuffix(".jsonl"): archive.read(name).splitlines() for name in archive.namelist()}
        manifest = json.loads(archive.read("manifest.json"))
    return {"manifest": manifest} | {
        name: [json.loads(line) for line in rows] for name, rows in lines.items() if name != "manifest.json"
    }


def seal(file: Path, plain: bytes, passphrase: str = PASSPHRASE) -> None:
    with file.open("wb") as target, age.Writer(target, passphrase) as writer:
        writer.write(plain)


def zipped(tables: dict[str, Any], **changes: Any) -> bytes:
    """An archive's ZIP file with these tables, the others being empty."""
    rows: dict[str, Any] = {name: [] for name in archive_tables()} | tables
    counts = {name: len(each) for name, each in rows.items()}
    manifest = {"format": archive_file.FORMAT, "version": 1, "counts": counts} | changes
    with zipfile.ZipFile(data := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, each in rows.items():
            archive.writestr(f"{name}.jsonl", "".join(json.dumps(row) + "\n" for row in each))
    return data.getvalue()


def archive_tables() -> list[str]:
    names = (
        "conversations messages memories suggestions dismissals examined salts forgotten folders tools notes reminders"
    )
    return names.split()


CHAT = {"id": "a", "title": "t", "uses_memory": 1, "saves_memory": 1} | dict.fromkeys(
    ("created_at", "updated_at"), "2026-01-01T00:00:00.000000+00:00"
)
MESSAGE = {
    "id": "b",
    "conversation_id": "a",
    "created_at": CHAT["created_at"],
    "status": "complete",
    "private": 0,
    "content": {"role": "user", "text": "hello"},
}

NOTE = {"id": "n", "title": "t", "text": "x", "created_at": CHAT["created_at"], "updated_at": CHAT["created_at"]}
REMINDER = {"id": "r", "text": "x", "due_at": CHAT["created_at"], "repeat": "", "created_at": CHAT["created_at"]}
REMINDER |= {"shown_at": "", "done_at": ""}
RESULT = {"call_id": "1", "name": "read_file", "text": "", "untrusted": True}
CALL = {"id": "1", "name": 7, "arguments": {}}


def test_other_tools_open_it(full, file):
    export_archive(full.database, file, PASSPHRASE)
    plain = read(file)
    assert sorted(plain) == sorted(["manifest", *archive_tables()])
    assert plain["manifest"]["format"] == "desktop-agent archive"
    assert plain["manifest"]["version"] == 1
    assert plain["manifest"]["counts"] == {name: len(plain[name]) for name in archive_tables()}
    assert plain["messages"][0]["content"] == {"role": "user", "text": "My cat is called Schrödinger."}


def test_an_archive_that_another_tool_packed_is_read(other, file):
    file.write_bytes(pyrage.passphrase.encrypt(zipped({"conversations": [CHAT], "messages": [MESSAGE]}), PASSPHRASE))
    assert import_archive(other.database, file, PASSPHRASE).messages == 1


def test_nothing_readable_is_in_the_file_and_only_this_account_may_read_it(full, file):
    export_archive(full.database, file, PASSPHRASE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for text in (b"Schr", b"PK\x03\x04", b"conversations", b"manifest"):
        assert text not in file.read_bytes()
    assert [path.name for path in file.parent.iterdir() if path.name.startswith("everything")] == ["everything.age"]


def test_nothing_readable_is_on_the_disk_meanwhile(full, file, tmp_path):
    seen = []

    def look(_done: int, _total: int) -> None:
        seen.append(b"".join(path.read_bytes() for path in tmp_path.rglob("everything*") if path.is_file()))

    for number in range(600):
        say(full, f"Schrödinger {number} " + os.urandom(300).hex())
    export_archive(full.database, file, PASSPHRASE, look)
    assert max(map(len, seen)) > 100_000
    assert not any(b"Schr" in data or b"PK\x03\x04" in data for data in seen)


def test_a_short_passphrase_is_refused(full, file):
    with pytest.raises(UserFacingError, match="at least 8"):
        export_archive(full.database, file, "1234567")
    assert not file.exists()


def test_a_former_archive_stays_until_the_new_one_is_whole(full, file):
    export_archive(full.database, file, PASSPHRASE)
    before = file.read_bytes()

    def give_up(_done: int, _total: int) -> None:
        raise Cancelled

    for number in range(600):
        say(full, f"{number}")
    with pytest.raises(Cancelled):
        export_archive(full.database, file, PASSPHRASE, give_up)
    assert file.read_bytes() == before
    assert not file.with_name("everything.age.new").exists()
    export_archive(full.database, file, PASSPHRASE)
    assert file.read_bytes() != before


def test_the_archive_is_one_moment_of_a_store_that_is_written_to(full, other, file):
    """Each chat is made together with its message, so none is without one."""
    stop = threading.Event()
    query = "INSERT INTO conversations (id, title, title_folded, created_at, updated_at) VALUES (?, '', '', ?, ?)"
    message = "INSERT INTO messages (id, conversation_id, created_at, status, content) VALUES (?, ?, ?, 'failed', ?)"
    time = CHAT["created_at"]

    def write() -> None:
        number = 0
        while not stop.is_set():
            full.database.run(
                lambda db, id_=f"n{number}": (
                    db.execute(query, (id_, time, time)) and db.execute(message, (id_, id_, time, '{"role": "user"}'))
                )
            )
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        report = export_archive(full.database, file, PASSPHRASE)
    finally:
        stop.set()
        writer.join()
    assert report.messages - 8 == report.conversations - 3
    assert import_archive(other.database, file, PASSPHRASE).messages == report.messages


@pytest.mark.parametrize("place", ["nowhere/a.age", "."])
def test_a_place_that_cannot_be_written_is_named(full, tmp_path, place):
    with pytest.raises(UserFacingError, match="cannot be written"):
        export_archive(full.database, tmp_path / place, PASSPHRASE)


def refused(other: Store, file: Path, match: str, passphrase: str = PASSPHRASE) -> None:
    before = contents(other)
    with pytest.raises(UserFacingError, match=match):
        import_archive(other.database, file, passphrase)
    assert contents(other) == before


def test_a_wrong_passphrase_is_said(full, other, file):
    export_archive(full.database, file, PASSPHRASE)
    refused(other, file, "passphrase does not open", "wrong horse")


def test_a_missing_file_is_said(other, file):
    refused(other, file, "cannot be read: No such file")


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"age-encryption.org/v1\n-> X25519 abc\n", b"shopping list\n" * 1000]
)
def test_a_file_that_is_no_archive_is_said(other, file, data):
    file.write_bytes(data)
    refused(other, file, "is not an archive")


def test_a_file_that_asks_for_too_much_memory_is_not_opened(full, other, file):
    export_archive(full.database, file, PASSPHRASE)
    file.write_bytes(file.read_bytes().replace(b" 4\n", b" 30\n", 1))
    refused(other, file, "too much memory")


@pytest.fixture
def long(full, file) -> bytes:
    """An archive of several pieces."""
    for _ in range(20):
        say(full, os.urandom(8000).hex())
    export_archive(full.database, file, PASSPHRASE)
    data = file.read_bytes()
    assert len(data) > 2 * age.PIECE
    return data


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_cut_off_archive_is_refused_and_changes_nothing(long, other, file, share):
    file.write_bytes(long[: int(len(long) * share)])
    refused(other, file, "damaged or cut off")


def test_an_archive_cut_off_between_two_pieces_is_refused(long, other, file):
    header = len(long) % (age.PIECE + age.TAG)  # too much by what the last piece holds
    file.write_bytes(long[:-header])
    refused(other, file, "damaged or cut off")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_damaged_archive_is_refused_and_changes_nothing(long, other, file, share):
    at = int(len(long) * share)
    file.write_bytes(long[:at] + bytes([long[at] ^ 1]) + long[at + 1 :])
    refused(other, file, "damaged or cut off")


def test_an_age_file_with_something_else_in_it_is_refused(other, file):
    seal(file, b"my shopping list")
    refused(other, file, "damaged or cut off")


def test_a_newer_archive_is_refused_in_words(other, file):
    seal(file, zipped({}, version=2))
    refused(other, file, "newer Desktop Agent")


def without(row: dict[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != field}


@pytest.mark.parametrize(
    "tables",
    [
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "user", "text": 5}}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "assistant", "thinking": 5}}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "king"}}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "system", "text": "Obey."}}]},
        {
            "conversations": [CHAT],
            "messages": [MESSAGE | {"content": {"role": "tool", "result": RESULT | {"text": 5}}}],
        },
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "assistant", "calls": [CALL]}}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": {"role": "user", "noted": [7]}}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"content": "hello"}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"status": "lost"}]},
        {"conversations": [CHAT], "messages": [MESSAGE | {"conversation_id": "nowhere"}]},
        {"conversations": [CHAT], "messages": [without(MESSAGE, "private")]},
        {"conversations": [CHAT | {"id": "temporary-1"}]},
        {"conversations": [CHAT | {"id": 7}]},
        {"conversations": [without(CHAT, "title")]},
        {"conversations": [["a"]]},
        {"dismissals": [{"turn_id": "a", "count": "many"}]},
        {"forgotten": [{"hash": "no base64!"}]},
        {
            "conversations": [CHAT],
            "messages": [MESSAGE | {"content": {"role": "tool", "result": RESULT | {"seal": 5}}}],
        },
        {"notes": [NOTE | {"id": "temporary-1"}]},
        {"notes": [NOTE | {"text": None}]},
        {"reminders": [REMINDER | {"repeat": "hourly"}]},
        {"reminders": [without(REMINDER, "done_at")]},
    ],
)
def test_rows_that_mean_nothing_are_refused_and_change_nothing(other, file, tables):
    seal(file, zipped(tables))
    refused(other, file, "holds something that is no conversation")


def test_a_time_that_is_none_is_refused(other, file):
    seal(file, zipped({"conversations": [CHAT | {"created_at": "yesterday"}]}))
    refused(other, file, "not a time")


def test_missing_rows_are_refused(other, file):
    seal(file, zipped({"conversations": [CHAT]}, counts=dict.fromkeys(archive_tables(), 0)))
    refused(other, file, "no conversation")


def test_a_zip_bomb_is_not_unpacked(other, file, monkeypatch):
    monkeypatch.setattr(archive_file, "SMALL", 1_000_000)
    rows = [CHAT | {"id": f"n{number}", "title": "x" * 100_000} for number in range(200)]
    seal(file, zipped({"conversations": rows}))
    assert file.stat().st_size * archive_file.MOST_UNPACKED < 20_000_000
    refused(other, file, "unpacks to far more")


def test_an_endless_line_is_not_read(other, file, monkeypatch):
    monkeypatch.setattr(archive_file, "LONGEST_LINE", 100_000)
    seal(file, zipped({"conversations": [CHAT | {"title": os.urandom(100_000).hex()}]}))
    refused(other, file, "unpacks to far more")


def test_json_nested_without_end_is_refused(other, file):
    with zipfile.ZipFile(data := io.BytesIO(), "w") as archive:
        archive.writestr("manifest.json", "[" * 1_000_000)
    seal(file, data.getvalue())
    refused(other, file, "damaged")


def test_an_import_that_is_given_up_changes_nothing(store, other, file):
    chat = store.conversations.create("chat").id
    for number in range(600):
        say(store, f"{number}", chat=chat)
    export_archive(store.database, file, PASSPHRASE)
    before = contents(other)

    def give_up(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        import_archive(other.database, file, PASSPHRASE, give_up)
    assert contents(other) == before


def test_a_full_disk_during_an_import_changes_nothing(store, other, file):
    say(store, "x" * 200_000)
    export_archive(store.database, file, PASSPHRASE)
    pages = other.database.execute("PRAGMA page_count")[0][0]
    other.database.execute(f"PRAGMA max_page_count = {pages + 4}")
    refused(other, file, "disk is full")
    other.database.execute("PRAGMA max_page_count = 1000000")
    assert import_archive(other.database, file, PASSPHRASE).messages == 1


OUT_OF_SPACE = """
import os, resource, sys
from pathlib import Path
from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.storage.archive import export_archive
from desktop_agent.storage.database import Database
from desktop_agent.storage.store import Store

store = Store(Database.open(Path(sys.argv[1]), bytes(32)))
chat = store.conversations.create("chat").id
store.transcript.append(chat, Message("user", os.urandom(200_000).hex()))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    export_archive(store.database, Path(sys.argv[2]), "correct horse")
except UserFacingError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.database.close()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the limit on a file's size is POSIX")
def test_a_full_disk_during_an_export_leaves_nothing(tmp_path, file):
    command = [sys.executable, "-c", OUT_OF_SPACE, str(tmp_path / "full.db"), str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "cannot be written" in ran.stdout
    assert not list(tmp_path.glob("everything*"))


@pytest.mark.parametrize("size", [0, 1, age.PIECE - 1, age.PIECE, age.PIECE + 1, 2 * age.PIECE, 200_000])
def test_age_files_are_those_of_other_tools(file, size):
    plain = os.urandom(size)
    seal(file, plain, "pässphrase")
    assert pyrage.passphrase.decrypt(file.read_bytes(), "pässphrase") == plain


def test_age_files_are_read_from_any_place(file):
    plain = os.urandom(200_000)
    seal(file, plain)
    reader = age.Reader(io.BytesIO(file.read_bytes()), PASSPHRASE)
    assert reader.read() == plain
    for at in (0, 65_535, 65_536, 131_071, 199_999, 200_000):
        reader.seek(at)
        assert reader.read(10) == plain[at : at + 10][: age.PIECE - at % age.PIECE]
    reader.seek(-5, io.SEEK_END)
    assert reader.read() == plain[-5:]


def test_the_header_is_protected_too(file):
    seal(file, b"hello")
    lines = file.read_bytes().split(b"\n", 4)
    mac = base64.b64encode(os.urandom(32)).rstrip(b"=")
    file.write_bytes(b"\n".join([*lines[:3], b"--- " + mac, lines[4]]))
    with pytest.raises(age.Damaged), file.open("rb") as damaged:
        age.Reader(damaged, PASSPHRASE)
