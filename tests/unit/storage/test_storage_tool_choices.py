"""The MCP servers that the user added, and the tools of each chat."""

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.records import McpServer
from desktop_agent.storage.chat_tools import ChatTools
from desktop_agent.storage.mcp_servers import McpServers

FULL = McpServer(
    "files",
    ("/usr/bin/node", "server.js", "--root", "/data"),
    environment=(("LANG", "de_DE"), ("MODE", "")),
    secrets=("TOKEN",),
    folders=("/data", "/more"),
    writable=("/data",),
    network=True,
    enabled=False,
    created_at="2026-11-22T00:00:00.000000+00:00",
)


@pytest.fixture
def servers(database):
    return McpServers(database)


@pytest.fixture
def choices(database):
    return ChatTools(database)


def test_a_server_comes_back_as_it_was(servers):
    servers.put(FULL)
    servers.put(McpServer("a", ("x",)))
    assert servers.get("files") == FULL
    assert [each.name for each in servers.list()] == ["a", "files"]
    assert servers.get("a").created_at


def test_a_server_of_the_same_name_is_replaced_and_a_deleted_one_gone(servers):
    servers.put(FULL)
    servers.put(McpServer("files", ("other",)))
    assert servers.get("files").command == ("other",)
    for _ in range(2):
        servers.delete("files")
    with pytest.raises(UserFacingError, match="no MCP server 'files'"):
        servers.get("files")


def test_a_chat_has_the_choices_that_were_made_for_it(choices, conversations, chat):
    other = conversations.create().id
    choices.choose(chat, "files", False)
    choices.choose(chat, "mcp:time", True)
    choices.choose(chat, "files", True)
    assert choices.choices(chat) == {"files": True, "mcp:time": True}
    assert choices.choices(other) == {}


def test_choices_go_with_their_chat(choices, conversations, chat, database):
    choices.choose(chat, "files", True)
    conversations.delete(chat)
    conversations.purge_deleted()
    assert database.select("SELECT count(*) FROM chat_tools") == [(0,)]
    with pytest.raises(UserFacingError, match="no longer there"):
        choices.choose(chat, "files", True)
