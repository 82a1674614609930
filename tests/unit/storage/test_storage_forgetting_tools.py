"""Forgetting what tools leave behind: notes, reminders, the audit, and what undoes changes."""

import json
from dataclasses import asdict

import pytest

from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.records import AuditEntry, Note, Reminder, UndoCopy
from desktop_agent.storage import forgetting as room
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting
from desktop_agent.storage.store import Store
from tests.helpers.sqlcipher_pages import decrypted

DAY = "2026-11-22T08:00:00.000000+00:00"


@pytest.fixture
def store(database) -> Store:
    return Store(database)


@pytest.fixture
def audited(store, chat):
    def add(call_id: str, arguments: object, *, fault: str = "", tool: str = "write_file", in_chat: str = chat) -> None:
        text = json.dumps(arguments, ensure_ascii=False)
        entry = AuditEntry(0, "", in_chat, call_id, tool, "write", text, "", "once", False, True, 0, 0.0, fault)
        store.audit.add(entry)

    return add


def found(store: Store, words: str) -> list[tuple[str, str]]:
    return [(each.kind, each.id) for each in store.forgetting.find(words)]


def test_words_are_found_in_notes_reminders_and_copies(store, chat):
    note = store.notes.add("Pets", "A cat\ncalled Momo")
    store.notes.add("other", "nothing")
    store.reminders.put(Reminder("r1", "Feed MOMO", DAY))
    store.reminders.put(Reminder("r2", "Feed the fish", DAY))
    copy = store.undo_copies.keep(UndoCopy("edit", "pets.txt", before=b"x\nMomo", conversation_id=chat))
    store.undo_copies.keep(UndoCopy("edit", "other.txt", before=b"nothing"))
    assert found(store, "momo") == [("note", note.id), ("reminder", "r1"), ("copy", copy)]
    (shown,) = store.forgetting.find("called momo")
    assert shown.text == "Pets A cat called Momo"
    (copied,) = store.forgetting.find("x momo")
    assert (copied.conversation_id, copied.conversation_title) == (chat, "our chat")


@pytest.mark.parametrize(
    "copy",
    [
        UndoCopy("delete", "notes/Größe.txt"),
        UndoCopy("move", "a.txt", other="größe.txt"),
        UndoCopy("edit", "a", before="die Größe".encode()),
        UndoCopy("edit", "a", before="die Größe".encode("cp1252")),
        UndoCopy("edit", "a", before="die Größe".encode("utf-16")),
        UndoCopy("edit", "a", before=b"\xff" + "Größe".encode()),
        UndoCopy("note", "1", before=json.dumps(asdict(Note("1", "die\nGröße", "", DAY, DAY))).encode()),
    ],
)
def test_words_are_found_in_paths_and_in_every_coding(store, copy, path, key, database):
    kept = store.undo_copies.keep(copy)
    assert found(store, "GRÖSSE") == [("copy", kept)]
    store.forgetting.forget([("copy", kept)], "größe")
    assert found(store, "größe") == []
    assert store.undo_copies.list() == []
    pages = decrypted(path, key)
    assert not any("Größe".encode(coding) in pages for coding in ("utf-8", "cp1252", "utf-16-le"))


def test_a_chinese_file_in_its_old_coding_is_found(store):
    kept = store.undo_copies.keep(UndoCopy("edit", "a", before="我的猫叫薛定谔".encode("gb18030")))
    assert found(store, "薛定谔") == [("copy", kept)]


def test_a_forgotten_note_goes_with_all_that_it_ever_was(store, path, key):
    note = store.notes.add("Safe", "It opens with 4711.")
    earlier = json.dumps(asdict(note)).encode()
    store.undo_copies.keep(UndoCopy("note", note.id, before=earlier))
    store.undo_copies.keep(UndoCopy("reminder", note.id, before=earlier.replace(b"4711", b"0815")))
    assert store.forgetting.forget([("note", note.id)], "4711") == []
    assert store.notes.list() == []
    assert [each.kind for each in store.undo_copies.list()] == ["reminder"]
    assert store.forgetting.forgotten("Safe\nIt opens with 4711.")
    assert b"4711" not in decrypted(path, key)


def test_a_forgotten_reminder_is_gone(store, path, key):
    store.reminders.put(Reminder("r1", "Change 4711", DAY, done_at=DAY))
    store.forgetting.forget([("reminder", "r1"), ("reminder", "unknown"), ("note", "unknown")])
    assert store.reminders.list(done=True) == []
    assert b"4711" not in decrypted(path, key)


def test_a_note_that_is_forgotten_is_no_longer_quoted(store, chat, transcript):
    note = store.notes.add("", "My sister is called Ottilie.")
    asked = transcript.append(chat, Message("user", "Who?", notes="> My sister is called Ottilie.\n> kept"))
    store.forgetting.forget([("note", note.id)])
    assert transcript.get(asked.id).message.notes == "> kept"


def test_the_audit_keeps_of_a_forgotten_call_that_it_happened(
    store, chat, transcript, audited, conversations, path, key
):
    call = ToolCall("c1", "write_file", {"path": "a.txt", "text": "It opens with 4711."})
    asked = transcript.append(chat, Message("assistant", calls=(call,)))
    told = transcript.append(chat, Message("tool", result=ToolResult("c2", "read_file", "no", ok=False)))
    other = conversations.create().id
    audited("c1", call.arguments)
    audited("c2", {"path": "b.txt"}, fault="There is no b.txt.")
    audited("c1", {"path": "elsewhere"}, in_chat=other)
    audited("c3", {"path": "c.txt"})
    store.forgetting.forget([("message", asked.id), ("message", told.id)])
    kept, elsewhere, second, first = store.audit.list()
    assert (first.arguments, first.tool, first.verdict) == ("", "write_file", "once")
    assert (second.arguments, second.fault) == ("", "")
    assert "c.txt" in kept.arguments
    assert "elsewhere" in elsewhere.arguments
    assert b"4711" not in decrypted(path, key)


def test_the_audit_loses_the_words_wherever_they_are(store, audited):
    audited("1", {"text": "line one\nline two"})
    audited("2", {}, fault="There is no 'one line'.")
    audited("3", {"text": "nothing of it"}, tool="one line")
    store.forgetting.forget([], "one line")
    third, second, first = store.audit.list()
    assert (first.arguments, second.fault) == ("", "")
    assert (third.tool, third.arguments) == ("", '{"text": "nothing of it"}')


def test_a_forgotten_result_keeps_no_source_figure_or_way_back(store, chat, transcript):
    figure = {"kind": "table", "title": "Safe", "columns": ["code"], "rows": [["4711"]]}
    results = [
        ToolResult("1", "read_file", "x", untrusted=True, source="4711.txt", seal="ab12"),
        ToolResult("2", "run_python", "x", figure=figure, undo_id="u"),
    ]
    for result in results:
        told = transcript.append(chat, Message("tool", result=result))
        assert found(store, "4711") == [("message", told.id)]
        store.forgetting.forget([("message", told.id)], "4711")
        assert found(store, "4711") == []
        assert transcript.get(told.id).message.result == ToolResult(
            result.call_id, result.name, "", untrusted=result.untrusted
        )


def test_what_was_forgotten_is_forgotten_in_another_database_too(store, tmp_path, key, audited, monkeypatch):
    monkeypatch.setattr(room, "_LONGEST", 100)
    other = Database.open(tmp_path / "old.db", key)
    old = Store(other)
    old.notes.add("Safe", "It opens with 4711.")
    old.notes.add("", "kept")
    old.reminders.put(Reminder("r1", "Change 4711", DAY))
    old.undo_copies.keep(UndoCopy("edit", "a.txt", before=b"the 4711"))
    kept = old.undo_copies.keep(UndoCopy("edit", "a.txt", before=b"the 0815"))
    old.undo_copies.keep(UndoCopy("edit", "a.txt", before=b"word " * 100))  # too long to be sure of
    entry = AuditEntry(0, "", "", "1", "write_file", "write", '{"text": "4711"}', "", "once", False, True, 0, 0.0)
    old.audit.add(entry)
    store.forgetting.forget([], "4711")
    assert store.forgetting.forget_again(other) == 4
    assert [note.text for note in old.notes.list()] == ["kept"]
    assert old.reminders.list() == []
    assert [copy.id for copy in old.undo_copies.list()] == [kept]
    assert old.audit.list()[0].arguments == ""
    assert Forgetting(other).find("4711") == []
    other.close()
    assert b"4711" not in decrypted(tmp_path / "old.db", key)
