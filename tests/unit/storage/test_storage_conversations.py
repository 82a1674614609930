import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message
from desktop_agent.records import AuditEntry, UndoCopy
from desktop_agent.storage.audit import Audit
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.transcript import Transcript
from desktop_agent.storage.turns import Turns
from desktop_agent.storage.undo_copies import UndoCopies
from tests.helpers.sqlcipher_pages import decrypted


def test_a_new_one_is_found(conversations):
    made = conversations.create("Holiday plans")
    assert conversations.get(made.id) == made
    assert conversations.list() == [made]
    assert made.title == "Holiday plans"
    assert datetime.now(UTC) - datetime.fromisoformat(made.created_at) < timedelta(minutes=1)


def test_the_last_used_one_comes_first(conversations, database):
    first, second, third = (conversations.create(title) for title in ("first", "second", "third"))
    Transcript(database).append(first.id, Message("user", "hello again"))
    assert [found.id for found in conversations.list()] == [first.id, third.id, second.id]


def test_renaming_changes_the_title_only(conversations):
    made, other = conversations.create("old"), conversations.create("other")
    conversations.rename(made.id, "  a new\n\ttitle\x00 ")
    renamed = conversations.get(made.id)
    assert (renamed.title, renamed.updated_at) == ("a new title", made.updated_at)
    assert conversations.list("new title") == [renamed]
    assert conversations.get(other.id) == other


@pytest.mark.parametrize(
    ("title", "search"),
    [
        ("Groceries", "GROCER"),
        ("Größe der STRASSE", "straße"),
        ("ΌΔΟΣ", "όδος"),
        ("Schrödinger", unicodedata.normalize("NFD", "SCHRÖD")),
        ("周末去上海的计划", "上海"),
        ("50% off_now", "50% OFF_"),
        ("Ｆｕｌｌ width", "full"),
        ("anything", ""),
    ],
)
def test_search_finds_in_any_case_and_script(conversations, title, search):
    made = conversations.create(title)
    assert conversations.list(search) == [made]


@pytest.mark.parametrize("search", ["%", "_", "a_c", "xyz", "'; DROP TABLE conversations; --"])
def test_search_takes_every_character_as_typed(conversations, search):
    conversations.create("abc")
    assert conversations.list(search) == []


def test_a_deleted_one_is_hidden_and_comes_back(conversations):
    made = conversations.create("undo me")
    conversations.delete(made.id)
    assert conversations.list() == []
    with pytest.raises(UserFacingError, match="no such conversation"):
        conversations.get(made.id)
    with pytest.raises(UserFacingError, match="no such conversation"):
        conversations.rename(made.id, "ghost")
    conversations.restore(made.id)
    assert conversations.list() == [made]


@pytest.mark.parametrize("change", ["get", "delete", "restore"])
def test_an_unknown_one_is_named_so(conversations, change):
    with pytest.raises(UserFacingError, match="no such conversation"):
        getattr(conversations, change)("unknown")


def test_purging_removes_the_deleted_one_with_all_that_is_its_own(conversations, database):
    transcript, permissions = Transcript(database), Permissions(database)
    gone, stays = conversations.create("gone"), conversations.create("stays")
    for chat in (gone, stays):
        transcript.append(chat.id, Message("user", "question"))
        transcript.append(chat.id, Message("assistant", "answer"))
        permissions.grant("/folder", 1, 2, chat.id)
        permissions.allow_tool("read_file", "spec", chat.id)
    conversations.delete(gone.id)
    assert conversations.purge_deleted() == [gone.id]
    with pytest.raises(UserFacingError):
        conversations.restore(gone.id)
    assert transcript.history(gone.id) == []
    assert len(transcript.history(stays.id)) == 2
    assert Turns(database).count() == 2
    assert [grant.conversation_id for grant in permissions.all_grants()] == [stays.id]
    assert not permissions.tool_allowed("read_file", "spec", gone.id)
    assert permissions.tool_allowed("read_file", "spec", stays.id)
    assert conversations.purge_deleted() == []


def test_purging_spares_what_was_deleted_lately(conversations):
    made = conversations.create()
    conversations.delete(made.id)
    assert conversations.purge_deleted(timedelta(hours=1)) == []
    conversations.restore(made.id)
    assert conversations.purge_deleted() == []


def test_what_was_purged_is_in_no_page_any_more(conversations, database, path, key):
    secret = "the code of my safe is 4711"
    transcript = Transcript(database)
    chat = conversations.create()
    for _ in range(50):
        transcript.append(chat.id, Message("user", secret * 40))
    answer = transcript.append(chat.id, Message("assistant", secret), "streaming")
    transcript.update(answer.id, Message("assistant", "no"), "complete")
    conversations.create("stays")
    call = AuditEntry(0, "", chat.id, "1", "write_file", "write", f'["{secret}"]', "", "once", False, True, 0, 0.0)
    Audit(database).add(call)
    UndoCopies(database).keep(UndoCopy("edit", "a.txt", before=secret.encode(), conversation_id=chat.id))
    database.checkpoint()
    assert secret.encode() in decrypted(path, key)
    conversations.delete(chat.id)
    conversations.purge_deleted()
    left = decrypted(path, key)
    assert b"4711" not in left
    assert b"stays" in left
    assert path.with_name("test.db-wal").stat().st_size == 0
