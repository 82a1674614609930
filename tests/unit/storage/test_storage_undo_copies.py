from dataclasses import replace
from datetime import timedelta

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import UndoCopy
from desktop_agent.storage import undo_copies
from desktop_agent.storage.database import Database
from desktop_agent.storage.undo_copies import UndoCopies

COPY = UndoCopy(
    "edit",
    "caf\udce9/a.txt",
    root="/home/Zoë",
    device=2**64 - 1,
    inode=2**127 + 1,
    other="b\udce9.txt",
    before=b"old \xff\0 content",
    after="a" * 64,
    mode=0o640,
)


@pytest.fixture
def copies(database):
    return UndoCopies(database)


@pytest.fixture
def clock(monkeypatch):
    """Days that have passed when something is kept."""
    passed = [0]
    monkeypatch.setattr(
        undo_copies, "now", lambda ago=timedelta(0), real=undo_copies.now: real(ago - timedelta(days=passed[0]))
    )
    return passed


def test_a_copy_comes_back_as_it_was_after_a_restart_too(copies, database, chat, path, key):
    wanted = replace(COPY, conversation_id=chat)
    undo_id = copies.keep(wanted)
    database.close()
    again = Database.open(path, key)
    found = UndoCopies(again).get(undo_id)
    assert replace(found, id="", created_at="") == wanted
    assert found.id == undo_id
    assert found.created_at
    again.close()


def test_nothing_before_and_an_empty_file_before_are_told_apart(copies):
    created = copies.keep(replace(COPY, kind="create", before=None))
    emptied = copies.keep(replace(COPY, before=b""))
    assert copies.get(created).before is None
    assert copies.get(emptied).before == b""


def test_the_list_is_light_and_the_newest_comes_first(copies, chat):
    first = copies.keep(COPY)
    second = copies.keep(replace(COPY, conversation_id=chat))
    assert [each.id for each in copies.list()] == [second, first]
    assert [each.id for each in copies.list(chat)] == [second]
    assert [each.id for each in copies.list(count=1)] == [second]
    assert all(each.before is None for each in copies.list())


def test_a_copy_that_was_used_or_dropped_says_so(copies):
    used, dropped = copies.keep(COPY), copies.keep(COPY)
    copies.mark_undone(used)
    copies.drop(dropped)
    assert copies.get(used).undone_at
    for gone in (dropped, "unknown"):
        with pytest.raises(UserFacingError, match="no longer be undone"):
            copies.get(gone)


def test_copies_go_with_their_chat(copies, conversations, chat, database):
    copies.keep(replace(COPY, conversation_id=chat))
    kept = copies.keep(COPY)
    conversations.delete(chat)
    assert len(copies.list()) == 2  # it can be restored
    conversations.purge_deleted()
    assert [each.id for each in copies.list()] == [kept]


def test_old_copies_go_when_another_is_kept_or_when_swept(copies, clock):
    copies.keep(COPY)
    clock[0] = 20
    later = copies.keep(COPY)
    clock[0] = 31
    latest = copies.keep(COPY)
    assert [each.id for each in copies.list()] == [latest, later]
    clock[0] = 51
    copies.sweep()
    assert [each.id for each in copies.list()] == [latest]


def test_the_oldest_make_room(copies, monkeypatch):
    monkeypatch.setattr(undo_copies, "LARGEST", 250)
    ids = [copies.keep(replace(COPY, before=b"x" * 100)) for _ in range(2)]
    nothing = copies.keep(replace(COPY, before=None))
    assert len(copies.list()) == 3
    ids.append(copies.keep(replace(COPY, before=b"x" * 100)))
    assert [each.id for each in copies.list()] == [ids[2], nothing, ids[1]]
