import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.permissions import Permissions


@pytest.fixture
def permissions(database):
    return Permissions(database)


@pytest.fixture
def chats(database):
    conversations = Conversations(database)
    return conversations.create("one").id, conversations.create("two").id


def test_a_grant_holds_everywhere_or_in_its_conversation_only(permissions, chats):
    one, two = chats
    everywhere, here = permissions.grant("/photos", 7, 8), permissions.grant("/bills", 7, 9, one)
    assert permissions.grants(one) == [everywhere, here]
    assert permissions.grants(two) == [everywhere]
    assert permissions.all_grants() == [everywhere, here]


def test_a_grant_comes_back_exactly(permissions, chats):
    device, inode = 2**64 - 1, 2**127 + 1  # Windows has such inodes
    path = "/home/Zoë/caf\udce9/猫"  # a name that is not UTF-8
    made = permissions.grant(path, device, inode, chats[0])
    (found,) = permissions.grants(chats[0])
    assert found == made
    assert (found.path, found.device, found.inode, found.conversation_id) == (path, device, inode, chats[0])


def test_granting_again_keeps_the_id_and_notes_the_new_folder(permissions, chats):
    first = permissions.grant("/bills", 1, 2)
    again = permissions.grant("/bills", 3, 4)
    assert (again.id, again.device, again.inode) == (first.id, 3, 4)
    assert permissions.all_grants() == [again]
    assert permissions.grant("/bills", 3, 4, chats[0]).id != first.id


def test_a_revoked_grant_is_gone_and_its_id_is_not_used_again(permissions, chats):
    first = permissions.grant("/bills", 1, 2)
    permissions.revoke(first.id)
    permissions.revoke(first.id)
    assert permissions.grants(chats[0]) == []
    assert permissions.grant("/other", 1, 3).id > first.id


def test_the_grants_of_a_deleted_conversation_are_not_listed(permissions, database, chats):
    permissions.grant("/bills", 1, 2, chats[0])
    Conversations(database).delete(chats[0])
    assert permissions.all_grants() == []


def test_an_approval_holds_for_its_tool_and_conversation(permissions, chats):
    one, two = chats
    permissions.allow_tool(one, "read_file")
    permissions.allow_tool(one, "read_file")
    assert permissions.tool_allowed(one, "read_file")
    assert not permissions.tool_allowed(one, "list_files")
    assert not permissions.tool_allowed(two, "read_file")


def test_a_conversation_that_is_gone_gets_nothing(permissions):
    with pytest.raises(UserFacingError, match="no longer there"):
        permissions.grant("/bills", 1, 2, "unknown")
    with pytest.raises(UserFacingError, match="no longer there"):
        permissions.allow_tool("unknown", "read_file")
    assert permissions.all_grants() == []


def test_all_of_it_survives_a_restart(permissions, database, path, key, chats):
    made = permissions.grant("/bills", 1, 2, chats[0])
    permissions.allow_tool(chats[0], "read_file")
    database.close()
    again = Database.open(path, key)
    assert Permissions(again).all_grants() == [made]
    assert Permissions(again).tool_allowed(chats[0], "read_file")
    again.close()
