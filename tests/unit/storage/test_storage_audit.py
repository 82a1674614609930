from dataclasses import replace

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import AuditEntry, UndoCopy
from desktop_agent.storage.audit import Audit
from desktop_agent.storage.undo_copies import UndoCopies

ENTRY = AuditEntry(
    id=0,
    at="",
    conversation_id="",
    call_id="c1",
    tool="read_file",
    effect="read",
    arguments='{"path": "Größe.txt"}',
    digest="d" * 64,
    verdict="once",
    tainted=True,
    ok=False,
    result_size=12,
    seconds=0.25,
    fault="There is no such file.",
)


@pytest.fixture
def audit(database):
    return Audit(database)


def test_an_entry_comes_back_as_it_was(audit, chat):
    wanted = replace(ENTRY, conversation_id=chat)
    audit.add(wanted)
    (found,) = audit.list()
    assert found.id == 1
    assert found.at.endswith("+00:00")
    assert replace(found, id=0, at="") == wanted
    assert (found.tainted, found.ok) == (True, False)


def test_what_came_of_a_call_is_noted(audit, chat):
    first, second = audit.add(replace(ENTRY, conversation_id=chat)), audit.add(ENTRY)
    came = {"verdict": "deny", "ok": True, "result_size": 7, "seconds": 1.5, "fault": "\ud83d", "undo_id": "u"}
    audit.finish(first, replace(ENTRY, tool="other", arguments="{}", **came))
    untouched, found = audit.list()
    assert untouched.id == second
    assert replace(untouched, id=0, at="") == ENTRY
    wanted = replace(ENTRY, conversation_id=chat, **{**came, "fault": "\\ud83d"})
    assert replace(found, id=0, at="") == wanted


def test_what_was_forgotten_while_a_call_ran_does_not_come_back(audit, database):
    entry_id = audit.add(ENTRY)
    database.execute("UPDATE audit SET arguments = '', fault = ''")
    audit.finish(entry_id, ENTRY)
    assert (audit.list()[0].fault, audit.list()[0].arguments) == ("", "")


def test_the_newest_come_first_a_page_at_a_time(audit):
    for number in range(5):
        audit.add(replace(ENTRY, call_id=str(number)))
    page = audit.list(count=2)
    assert [each.call_id for each in page] == ["4", "3"]
    assert [each.call_id for each in audit.list(before=page[-1].id)] == ["2", "1", "0"]


def test_entries_are_found_by_conversation_and_by_words(audit, conversations, chat):
    other = conversations.create().id
    audit.add(replace(ENTRY, conversation_id=chat))
    audit.add(replace(ENTRY, conversation_id=other, tool="run_python", arguments='{"code": "1 + 1"}'))
    assert [each.tool for each in audit.list(chat)] == ["read_file"]
    assert [each.tool for each in audit.list(words="PYTHON")] == ["run_python"]
    assert [each.tool for each in audit.list(words="größe.TXT")] == ["read_file"]
    assert audit.list(chat, words="python") == []
    assert audit.list(words="file{") == []  # across the two fields


def test_all_of_them_are_read_in_order_however_many(audit, monkeypatch, chat):
    monkeypatch.setattr("desktop_agent.storage.audit._BATCH", 2)
    for number in range(5):
        audit.add(replace(ENTRY, call_id=str(number), conversation_id=chat if number % 2 else ""))
    assert [each.call_id for each in audit.all()] == ["0", "1", "2", "3", "4"]
    assert [each.call_id for each in audit.all(chat)] == ["1", "3"]


def test_what_a_model_writes_can_be_kept(audit):
    audit.add(replace(ENTRY, tool="read\udce9", arguments='{"path": "\udce9"}', fault="\ud83d"))
    (found,) = audit.list()
    assert (found.tool, found.arguments, found.fault) == ("read\\udce9", '{"path": "\\udce9"}', "\\ud83d")


def test_the_audit_outlives_its_chat_but_not_the_words_of_it(audit, conversations, chat):
    audit.add(replace(ENTRY, conversation_id=chat))
    audit.add(ENTRY)
    conversations.delete(chat)
    assert audit.list()[-1].arguments  # it can be restored
    conversations.purge_deleted()
    kept, gone = audit.list()
    assert (gone.conversation_id, gone.arguments, gone.fault) == ("", "", "")
    assert (gone.tool, gone.verdict, gone.digest) == (ENTRY.tool, ENTRY.verdict, ENTRY.digest)
    assert (kept.arguments, kept.fault) == (ENTRY.arguments, ENTRY.fault)


def test_a_conversation_that_is_gone_is_said_so(audit):
    with pytest.raises(UserFacingError, match="no longer there"):
        audit.add(replace(ENTRY, conversation_id="unknown"))


def test_an_undo_is_on_record_after_its_copy_is_gone(audit, database):
    copies = UndoCopies(database)
    undo_id = copies.keep(UndoCopy("edit", "a.txt", before=b"x"))
    audit.add(replace(ENTRY, undo_id=undo_id))
    audit.add(ENTRY)
    copies.mark_undone(undo_id)
    copies.mark_undone("")
    copies.drop(undo_id)
    other, undone = audit.list()
    assert undone.undone_at
    assert not other.undone_at
