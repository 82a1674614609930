"""The Tools page: what may be used, what was done, what is kept, and the servers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop_agent.app import App
from desktop_agent.records import AuditEntry, McpServer, UndoCopy
from desktop_agent.tool_desk import ToolInfo
from desktop_agent.ui import reminding
from desktop_agent.ui.question import Question
from desktop_agent.ui.server_dialog import KEPT, ServerDialog
from desktop_agent.ui.text_view import TextView
from desktop_agent.ui.tools_activity import ActivityCard
from desktop_agent.ui.tools_groups import about_tool
from desktop_agent.ui.tools_page import ACTIVITY, APPROVALS, GROUPS, LAYERS, NOTES, REMINDERS, SERVERS, ToolsPage
from desktop_agent.ui.window import MainWindow
from tests.helpers.tool_desk import ToolDeskDouble

from .conftest import Windows


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk of tools without sandboxes and servers."""
    opening = App.open

    def with_double(app: App, passphrase: object = None) -> App:
        opening(app, passphrase)
        app.tool_desk = ToolDeskDouble(app.desk.store)
        return app

    monkeypatch.setattr(App, "open", with_double)


def entry(tool: str = "read_file", arguments: str = '{"path": "a.txt"}', **more: object) -> AuditEntry:
    given = {"verdict": "once", "tainted": False, "ok": True, "result_size": 12, "seconds": 0.2, "digest": "ab" * 32}
    return AuditEntry(0, "", "", "c1", tool, "read", arguments, **{**given, **more})


def opened(windows: Windows, qtbot: QtBot, part: int, *, chat: bool = False) -> tuple[MainWindow, ToolsPage]:
    window = windows("unused")
    if chat:
        made = window.app.conversations.create("Norway")
        window.chat.open(made.id)
        qtbot.waitUntil(lambda: not window.panel.is_welcoming)
    window.sidebar.tools.click()
    window.tools.tabs.setCurrentIndex(part)
    return window, window.tools


def cards(section: object) -> list:
    return list(section.shelf.cards.values())


def test_esc_leads_back_to_the_chat(qtbot: QtBot, windows: Windows) -> None:
    window, page = opened(windows, qtbot, GROUPS)
    assert page.isVisible()
    window._escape()
    assert window.panel.isVisible()


def test_a_group_is_switched_off_for_one_chat(qtbot: QtBot, windows: Windows) -> None:
    window, page = opened(windows, qtbot, GROUPS, chat=True)
    qtbot.waitUntil(lambda: len(cards(page.groups)) == 3)
    files = page.groups.shelf.cards["files"]
    assert files.switch.isChecked()
    files.switch.click()
    chat = window.chat.conversation_id
    qtbot.waitUntil(lambda: window.app.desk.store.chat_tools.choices(chat) == {"files": False})
    qtbot.waitUntil(lambda: not files.switch.isChecked())
    assert page.groups.shelf.cards["python"].problem.text() == "No wasm."


def test_without_a_chat_the_choice_is_for_those_to_come(qtbot: QtBot, windows: Windows) -> None:
    window, page = opened(windows, qtbot, GROUPS)
    qtbot.waitUntil(lambda: len(cards(page.groups)) == 3)
    assert "yet to begin" in page.groups.about.text()
    page.groups.shelf.cards["files"].switch.click()
    qtbot.waitUntil(lambda: window.app.tool_desk.defaults == {"files": False})


def test_an_approval_is_withdrawn(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    chat = window.app.conversations.create("Norway").id
    permissions = window.app.desk.store.permissions
    permissions.allow_tool("read_file", "s", chat, "/home/me/papers")
    permissions.allow_tool("list_files", "s")
    window.show_tools(APPROVALS)
    section = window.tools.approvals
    qtbot.waitUntil(lambda: len(cards(section)) == 2)
    assert [card.scope.text() for card in cards(section)] == ['Allowed in the chat "Norway"', "Always allowed"]
    assert cards(section)[0].folder.text() == "/home/me/papers"
    cards(section)[0].button.click()
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    assert [each.tool for each in permissions.standing_approvals()] == ["list_files"]


def test_layers_are_shown_and_tested_again(qtbot: QtBot, windows: Windows) -> None:
    _, page = opened(windows, qtbot, LAYERS)
    qtbot.waitUntil(lambda: len(cards(page.layers)) == 6)
    off = page.layers.shelf.cards["bubblewrap off"]
    assert off.detail.text() == "/usr/bin/bwrap is missing. Install bubblewrap."
    page.layers.button.click()
    qtbot.waitUntil(lambda: "bubblewrap on" in page.layers.shelf.cards)
    assert page.layers.button.isEnabled()


def test_activity_is_searched_unfolded_and_exported(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    window = windows("unused")
    audit = window.app.desk.store.audit
    audit.add(entry())
    audit.add(entry("write_file", '{"path": "b\\u202e.txt"}', verdict="deny", ok=False, fault="No."))
    audit.add(entry("read_file", "", verdict="refused", ok=False))
    window.show_tools(ACTIVITY)
    section = window.tools.activity
    qtbot.waitUntil(lambda: len(cards(section)) == 3)
    assert [card.verdict.text() for card in cards(section)] == [
        "Refused by the rules",
        "You denied it",
        "You allowed it once",
    ]
    section.search.setText("write_file")
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    (card,) = cards(section)
    card.toggle.click()
    shown = [view.toPlainText() for view in card.details.findChildren(TextView)]
    assert shown[0] == "b\\u202e.txt"
    assert shown[-1] == "ab" * 32
    section.search.clear()
    qtbot.waitUntil(lambda: len(cards(section)) == 3)
    section.save(str(tmp_path / "calls.jsonl"))
    qtbot.waitUntil(lambda: window.snackbar.label.text() == "3 calls were saved.")
    assert len((tmp_path / "calls.jsonl").read_text().splitlines()) == 3


def test_a_change_is_undone_from_the_list(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    store = window.app.desk.store
    undo_id = store.undo_copies.keep(UndoCopy("edit", "list.txt", before=b"Milk"))
    store.audit.add(entry("write_file", undo_id=undo_id))
    window.show_tools(ACTIVITY)
    section = window.tools.activity
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    with qtbot.waitSignal(window.tools.undone):
        cards(section)[0].undo.click()
    assert store.undo_copies.get(undo_id).undone_at
    assert window.snackbar.label.text() == "list.txt is as it was before."


def test_notes_are_written_changed_found_deleted_and_brought_back(qtbot: QtBot, windows: Windows) -> None:
    window, page = opened(windows, qtbot, NOTES)
    section = page.notes
    section.add.click()
    qtbot.keyClicks(section.editor.title, "Wifi")
    qtbot.keyClicks(section.editor.text.edit, "The password is on the fridge")
    section.editor.button.click()
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    assert not section.editor.isVisible()
    cards(section)[0].edit.click()
    section.editor.title.setText("Wi-Fi")
    section.editor.button.click()
    qtbot.waitUntil(lambda: cards(section)[0].title.text() == "Wi-Fi")
    section.search.setText("nothing like it")
    qtbot.waitUntil(lambda: not cards(section))
    assert section.shelf.blank.title.text() == "No note fits"
    section.search.clear()
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    cards(section)[0].delete.click()
    qtbot.waitUntil(lambda: not cards(section))
    window.snackbar.button.click()
    qtbot.waitUntil(lambda: len(cards(section)) == 1)


def test_reminders_are_added_and_ticked_off(qtbot: QtBot, windows: Windows) -> None:
    _, page = opened(windows, qtbot, REMINDERS)
    section = page.reminders
    section.text.setText("Call Mr Brandt")
    section.when.setText("whenever")
    section.add.click()
    qtbot.waitUntil(section.problem.isVisible)
    assert section.text.text() == "Call Mr Brandt", "nothing typed is lost"
    section.when.setText((datetime.now() + timedelta(hours=2)).isoformat(timespec="minutes"))
    section.repeat.choose("weekly")
    qtbot.keyClick(section.when, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    assert cards(section)[0].repeat.text() == "Every week"
    cards(section)[0].done.click()
    qtbot.waitUntil(lambda: not cards(section))
    section.with_done.click()
    qtbot.waitUntil(lambda: len(cards(section)) == 1)
    assert not cards(section)[0].done.isVisible()


def test_a_reminder_that_is_due_is_shown_until_it_is_answered(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    window.app.tool_desk.add_reminder("Take the cake out", past)
    window.reminding.look()
    text = "Reminder: Take the cake out"
    qtbot.waitUntil(lambda: text in window.notices._shown)
    banner = window.notices._shown[text]
    window.reminding.look()
    assert [button.text() for button in banner.buttons] == ["Done", "In 10 minutes"]
    banner.buttons[1].click()
    qtbot.waitUntil(lambda: window.app.tool_desk.reminders()[0].due_at > datetime.now(UTC).isoformat())
    assert not banner.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_where_there_is_a_tray_the_desktop_tells_too(
    qtbot: QtBot, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = MagicMock()  # offscreen there is no tray
    monkeypatch.setattr(reminding, "QSystemTrayIcon", desktop)
    window = windows("unused")
    window.app.tool_desk.add_reminder("Call\u200b home", (datetime.now(UTC) - timedelta(minutes=1)).isoformat())
    window.reminding.look()
    tray = desktop.return_value
    qtbot.waitUntil(lambda: tray.showMessage.called)
    assert tray.showMessage.call_args.args[:2] == ("Reminder", "Call\\u200b home")
    (clicked,) = tray.messageClicked.connect.call_args.args
    clicked.emit()
    assert window.tools.isVisible()
    assert window.tools.tabs.currentIndex() == REMINDERS


def test_done_on_the_banner_is_done(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    window.app.tool_desk.add_reminder("Call\u202e home", (datetime.now(UTC) - timedelta(minutes=1)).isoformat())
    window.reminding.look()
    qtbot.waitUntil(lambda: "Reminder: Call\\u202e home" in window.notices._shown)
    window.notices._shown["Reminder: Call\\u202e home"].buttons[0].click()
    qtbot.waitUntil(lambda: list(window.app.tool_desk.reminders()) == [])


def dialog_of(window: MainWindow) -> ServerDialog:
    return window.findChild(ServerDialog)


def test_a_server_is_added_looked_at_switched_off_and_removed(qtbot: QtBot, windows: Windows) -> None:
    window, page = opened(windows, qtbot, SERVERS)
    section = page.servers
    section.add.click()
    dialog = dialog_of(window)
    dialog.button.click()
    assert dialog.problem.text() == "A server needs a name and a command."
    dialog.name.setText("time")
    dialog.command.setText("uvx 'mcp server time")
    dialog.button.click()
    assert "quotation mark" in dialog.problem.text()
    dialog.command.setText("uvx mcp-server-time --local-timezone 'Europe/Berlin'")
    dialog.environment.add("TZ", "UTC")
    dialog.secrets.add("API_KEY", "s3cret")
    dialog.folders.add("/home/me/papers", writable=True)
    dialog.network.setChecked(True)
    dialog.button.click()
    qtbot.waitUntil(lambda: "time" in section.shelf.cards)
    (state,) = window.app.tool_desk.servers()
    assert state.server.command == ("uvx", "mcp-server-time", "--local-timezone", "Europe/Berlin")
    assert state.server.environment == (("TZ", "UTC"),)
    assert (state.server.folders, state.server.writable) == (("/home/me/papers",), ("/home/me/papers",))
    assert state.server.network
    assert window.app.tool_desk.secrets["time"] == {"API_KEY": "s3cret"}
    card = section.shelf.cards["time"]
    card.probe.click()
    qtbot.waitUntil(lambda: card.state.text().startswith("Ready"))
    card.switch.click()
    qtbot.waitUntil(lambda: not window.app.tool_desk.servers()[0].server.enabled)
    card.remove.click()
    window.findChild(Question).buttons[0].click()
    qtbot.waitUntil(lambda: not section.shelf.cards)


def test_a_secret_is_never_read_back_nor_lost(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    window.app.tool_desk.put_server(McpServer("wiki", ("wiki",), secrets=("TOKEN",)), {"TOKEN": "t0ken"})
    window.show_tools(SERVERS)
    section = window.tools.servers
    qtbot.waitUntil(lambda: "wiki" in section.shelf.cards)
    section.shelf.cards["wiki"].edit.click()
    dialog = dialog_of(window)
    (_, value), *_ = dialog.secrets.rows
    assert value.text() == KEPT
    assert value.echoMode() == QLineEdit.EchoMode.Password
    dialog.button.click()
    qtbot.waitUntil(lambda: window.app.tool_desk.secrets["wiki"] == {})
    assert window.app.tool_desk.servers()[0].server.secrets == ("TOKEN",)


def test_a_folder_that_was_forgotten_is_told(qtbot: QtBot, windows: Windows, tmp_path: Path) -> None:
    window = windows("unused")
    window.app.tool_desk.put_server(McpServer("files", ("files", str(tmp_path))), {})
    window.show_tools(SERVERS)
    section = window.tools.servers
    qtbot.waitUntil(lambda: "files" in section.shelf.cards)
    unseen = section.shelf.cards["files"].unseen.text().replace("\u200b", "")  # where it may be broken
    assert unseen == f"Its command names what it may not read: {tmp_path}"


def test_a_server_that_does_not_start_says_why(qtbot: QtBot, windows: Windows) -> None:
    window = windows("unused")
    window.app.tool_desk.put_server(McpServer("broken", ("broken",)), {})
    window.show_tools(SERVERS)
    section = window.tools.servers
    qtbot.waitUntil(lambda: "broken" in section.shelf.cards)
    card = section.shelf.cards["broken"]
    card.probe.click()
    qtbot.waitUntil(card.detail.isVisible)
    assert card.detail.text().startswith("The server 'broken' did not start")
    assert card.probe.isEnabled()


@pytest.mark.parametrize("part", range(7))
def test_everything_can_be_reached_by_keyboard_and_has_a_name(qtbot: QtBot, windows: Windows, part: int) -> None:
    window = windows("unused")
    desk = window.app.tool_desk
    desk.add_note("Wifi", "On the fridge")
    desk.add_reminder("Cake", "2099-01-01T10:00:00+00:00")
    desk.put_server(McpServer("time", ("uvx", "time")), {})
    window.app.desk.store.audit.add(entry())
    window.app.desk.store.permissions.allow_tool("read_file", "s")
    window.show_tools(part)
    section = window.tools._parts[part]
    qtbot.waitUntil(lambda: bool(section.shelf.cards))
    pressed = [
        widget
        for kind in (QPushButton, QToolButton, QCheckBox, QLineEdit)
        for widget in section.findChildren(kind)
        if widget.isVisible() and widget.objectName() != "_q_qlineeditclearbutton"
    ]
    nameless = [each for each in pressed if not (each.accessibleName() or getattr(each, "text", str)())]
    assert nameless == []
    assert all(
        each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in pressed if not isinstance(each.parent(), QLineEdit)
    )


def test_what_a_servers_tool_does_is_told_after_its_own_words() -> None:
    assert about_tool(ToolInfo("time_now", "", "Get the time", "read")) == (
        "Get the time. Can change nothing of yours, and asks first."
    )
    assert about_tool(ToolInfo("read_file", "Read file", "Read a text file.", "read")).startswith("Looks at")


def test_what_went_wrong_in_code_is_its_last_line_and_widens_nothing(qtbot: QtBot) -> None:
    at = "2026-11-22T10:00:00+00:00"
    fault = f"Traceback (most recent call last):\n  {'^' * 200}\nNameError: {'x' * 200}"
    given = {"verdict": "once", "tainted": False, "ok": False, "result_size": 0, "seconds": 0.1, "digest": ""}
    card = ActivityCard(AuditEntry(1, at, "", "c", "run_python", "compute", '{"code": "x"}', fault=fault, **given))
    qtbot.addWidget(card)
    assert card.fault.text().replace("\u200b", "") == f"NameError: {'x' * 200}"
    assert card.minimumSizeHint().width() < 360
    card.toggle.click()
    assert any("^^^" in view.toPlainText() for view in card.findChildren(TextView))
