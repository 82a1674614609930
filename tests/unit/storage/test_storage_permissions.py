import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import Message, ToolResult
from desktop_agent.storage.conversations import Conversations
from desktop_agent.storage.database import Database
from desktop_agent.storage.forgetting import Forgetting
from desktop_agent.storage.permissions import Permissions
from desktop_agent.storage.transcript import Transcript

SPEC = "0" * 64


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


def test_an_approval_holds_for_its_tool_as_described_in_its_conversation(permissions, chats):
    one, two = chats
    permissions.allow_tool("read_file", SPEC, one)
    permissions.allow_tool("read_file", SPEC, one)
    assert permissions.tool_allowed("read_file", SPEC, one)
    assert not permissions.tool_allowed("list_files", SPEC, one)
    assert not permissions.tool_allowed("read_file", SPEC, two)
    assert not permissions.tool_allowed("read_file", "another description", one)
    assert len(permissions.standing_approvals()) == 1


def test_an_approval_without_a_conversation_holds_in_all(permissions, chats):
    permissions.allow_tool("read_file", SPEC)
    assert all(permissions.tool_allowed("read_file", SPEC, chat, "/anywhere") for chat in (*chats, "one to come"))


def test_an_approval_for_a_folder_holds_there_only(permissions, chats):
    one, two = chats
    permissions.allow_tool("edit_file", SPEC, one, "/bills")
    assert permissions.tool_allowed("edit_file", SPEC, one, "/bills")
    assert not permissions.tool_allowed("edit_file", SPEC, one)
    assert not permissions.tool_allowed("edit_file", SPEC, one, "/photos")
    assert not permissions.tool_allowed("edit_file", SPEC, two, "/bills")


def test_allowing_what_changed_under_its_name_replaces_what_was_allowed(permissions, chats):
    permissions.allow_tool("lookup", SPEC, chats[0])
    permissions.allow_tool("lookup", "new", chats[0])
    assert permissions.tool_allowed("lookup", "new", chats[0])
    assert not permissions.tool_allowed("lookup", SPEC, chats[0])


def test_standing_approvals_are_listed_and_withdrawn(permissions, database, chats):
    permissions.allow_tool("read_file", SPEC)
    permissions.allow_tool("edit_file", SPEC, chats[0], "/bills")
    permissions.allow_tool("list_files", SPEC, chats[1])
    first, second, third = permissions.standing_approvals()
    assert (first.tool, first.spec, first.conversation_id, first.folder) == ("read_file", SPEC, "", "")
    assert (second.conversation_id, second.folder) == (chats[0], "/bills")
    for _ in range(2):
        permissions.withdraw(first.id)
    assert not permissions.tool_allowed("read_file", SPEC, chats[0])
    Conversations(database).delete(chats[1])
    assert permissions.standing_approvals() == [second]
    Conversations(database).restore(chats[1])
    assert permissions.standing_approvals() == [second, third]
    Conversations(database).delete(chats[1])
    Conversations(database).purge_deleted()
    assert database.select("SELECT tool FROM standing_approvals") == [("edit_file",)]


def test_text_from_outside_taints_its_conversation_for_good(permissions, database, chats):
    transcript = Transcript(database)
    transcript.append(chats[0], Message("tool", "12", result=ToolResult("1", "calculator", "12")))
    assert not permissions.is_tainted(chats[0])
    read = transcript.append(
        chats[0], Message("tool", "x", result=ToolResult("2", "read_file", "x", untrusted=True, source="a.txt"))
    )
    assert permissions.is_tainted(chats[0])
    assert not permissions.is_tainted(chats[1])
    Forgetting(database).forget([("message", read.id)])
    assert permissions.is_tainted(chats[0])  # the model wrote on after it had read it


def test_what_is_recalled_from_a_tainted_chat_taints_as_well(permissions, database, chats):
    transcript, three = Transcript(database), Conversations(database).create("three").id
    transcript.append(chats[0], Message("user", "Which plan?", noted=("memory-1",)))
    answer = transcript.append(chats[0], Message("assistant", "The blue one."))
    recalled = transcript.append(chats[1], Message("user", "And now?", noted=("memory-1", answer.id)))
    transcript.append(three, Message("user", "Sure?", noted=(recalled.id,)))
    assert not any(map(permissions.is_tainted, (*chats, three)))
    transcript.append(chats[0], Message("tool", "x", result=ToolResult("2", "read_file", "x", untrusted=True)))
    assert all(map(permissions.is_tainted, (*chats, three)))


def test_what_is_recalled_from_a_chat_that_is_gone_taints(permissions, database, chats):
    transcript = Transcript(database)
    answer = transcript.append(chats[0], Message("assistant", "The blue one."))
    transcript.append(chats[1], Message("user", "And now?", noted=(answer.id,)))
    Conversations(database).delete(chats[0])
    assert not permissions.is_tainted(chats[1])
    Conversations(database).purge_deleted()
    assert permissions.is_tainted(chats[1])


def test_a_conversation_that_is_gone_gets_nothing(permissions):
    with pytest.raises(UserFacingError, match="no longer there"):
        permissions.grant("/bills", 1, 2, "unknown")
    with pytest.raises(UserFacingError, match="no longer there"):
        permissions.allow_tool("read_file", SPEC, "unknown")
    assert permissions.all_grants() == []


def test_all_of_it_survives_a_restart(permissions, database, path, key, chats):
    made = permissions.grant("/bills", 1, 2, chats[0])
    permissions.allow_tool("read_file", SPEC, chats[0])
    database.close()
    again = Database.open(path, key)
    assert Permissions(again).all_grants() == [made]
    assert Permissions(again).tool_allowed("read_file", SPEC, chats[0])
    again.close()
