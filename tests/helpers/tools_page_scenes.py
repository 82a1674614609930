"""Pictures of the Tools page: every part, both themes, Chinese, narrow, and empty."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_agent.records import AuditEntry, McpServer, UndoCopy
from desktop_agent.ui import translation
from desktop_agent.ui.server_dialog import ServerDialog
from desktop_agent.ui.theme import Theme
from desktop_agent.ui.tools_page import ACTIVITY, APPROVALS, GROUPS, LAYERS, NOTES, REMINDERS, SERVERS
from tests.helpers.tool_desk import ToolDeskDouble

if TYPE_CHECKING:
    from tests.helpers.screenshots import Album, Studio

PARTS = {
    GROUPS: "groups",
    SERVERS: "servers",
    NOTES: "notes",
    REMINDERS: "reminders",
    ACTIVITY: "activity",
    APPROVALS: "approvals",
    LAYERS: "protection",
}
CALL = AuditEntry(0, "", "", "c1", "read_file", "read", '{"path": "Norway/packing-list.md"}', "ab" * 32, "once",
                  tainted=False, ok=True, result_size=1830, seconds=0.04)  # fmt: skip
SERVER = McpServer("time", ("uvx", "mcp-server-time", "--local-timezone", "Europe/Berlin"))
WIKI = McpServer(
    "team-wiki",
    ("node", "/home/me/servers/wiki/index.js"),
    (("WIKI_SPACE", "garden"),),
    ("WIKI_TOKEN",),
    ("/home/me/Documents/wiki", "/home/me/Pictures"),
    ("/home/me/Documents/wiki",),
    network=True,
)


def take(
    album: "Album", application: QApplication, theme: Theme, studio: Callable[..., "AbstractContextManager[Studio]"]
) -> None:
    """Take them all."""
    from tests.helpers.screenshots import settle

    for language, look in (("en", "light"), ("zh_CN", "dark")):
        translation.install(application, language)
        theme.choose(look)
        with studio(notices=True) as at:
            at.start()
            at.app.tool_desk = ToolDeskDouble(at.app.desk.store)  # type: ignore[assignment]
            _empty(album, at, look)
            chat = _fill(at)
            at.window.chat.open(chat)
            settle(0.5)
            at.window.reminding.look()
            settle(0.5)
            at.window.show_tools()
            _tour(album, at, look)
    theme.choose("light")
    translation.install(application, "en")


def _empty(album: "Album", at: "Studio", look: str) -> None:
    from tests.helpers.screenshots import settle

    for part in (SERVERS, NOTES, APPROVALS):
        at.window.show_tools(part)
        settle(0.4)
        album.take(at.window, f"tools-{look}-empty-{PARTS[part]}")


def _fill(at: "Studio") -> str:
    """Put something of everything into the home; return the chat."""
    desk, store = at.app.tool_desk, at.app.desk.store
    chat = at.app.conversations.create("A week in Norway").id
    at.window.chats.refresh()
    store.permissions.allow_tool("list_files", "s")
    store.permissions.allow_tool("read_file", "s", chat, "/home/me/Documents/Norway")
    undo_id = store.undo_copies.keep(UndoCopy("edit", "Norway/packing-list.md", before=b"Milk", conversation_id=chat))
    calls = (
        CALL,
        replace(CALL, tool="write_file", effect="write", undo_id=undo_id, tainted=True),
        replace(CALL, tool="run_python", effect="compute", verdict="deny", ok=False, arguments='{"code": "print(1)"}'),
        replace(CALL, tool="current_time", effect="none", verdict="allowed", digest="", arguments="{}"),
        replace(CALL, verdict="chat", ok=False, fault="There is no file 'Norway/packing-list.md'. Check its name."),
    )
    for call in calls:
        store.audit.add(replace(call, conversation_id=chat))
    desk.add_note("Wi-Fi of the cabin", "The password is on the fridge.\nThe router is under the stairs.")
    desk.add_note("", "Ask Ida for the key before Thursday, she is away at the weekend and nobody else has one. " * 3)
    now = datetime.now(UTC)
    desk.add_reminder("Take the cake out of the oven", (now - timedelta(minutes=1)).isoformat())
    desk.add_reminder("Water the plants", (now + timedelta(days=1)).isoformat(), "weekly")
    desk.put_server(SERVER, {})
    desk.put_server(WIKI, {"WIKI_TOKEN": "x"})
    desk.probe_server("time", at.window.tools.servers._cancel)
    return chat


def _tour(album: "Album", at: "Studio", look: str) -> None:
    from tests.helpers.screenshots import settle

    page = at.window.tools
    for suffix, width in (("", 1180), ("-narrow", 420)):
        at.window.resize(width, 860)
        for part, name in PARTS.items():
            page.tabs.setCurrentIndex(part)
            settle(0.5)
            if part == ACTIVITY and not suffix:
                list(page.activity.shelf.cards.values())[1].toggle.click()
            if part == NOTES and not suffix:
                page.notes.add.click()
            album.take(at.window, f"tools-{look}-{name}{suffix}")
            page.notes.editor.hide()
    at.window.resize(1180, 860)
    page.servers.edit(WIKI)
    settle(0.5)
    dialog = at.window.findChild(ServerDialog)
    dialog.show_problem("The name is taken already. Choose another one.")
    settle(0.3)
    album.take(dialog, f"tools-{look}-server-dialog")
    dialog.reject()
