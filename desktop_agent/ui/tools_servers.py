"""The MCP servers: programs of others that offer tools, confined to what the user allows them."""

import shlex
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.records import McpServer
from desktop_agent.tools.mcp import definition
from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.fields import breakable, line, say
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_switch import Switch
from desktop_agent.ui.question import Choice, Question
from desktop_agent.ui.sentences import told
from desktop_agent.ui.server_dialog import ServerDialog
from desktop_agent.ui.text_view import TextView
from desktop_agent.ui.tools_card import ToolsCard
from desktop_agent.ui.tools_groups import about_tool
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.tool_desk import ServerState, ToolInfo

translate = QCoreApplication.translate


class ServerCard(ToolsCard):
    """One server; all signals carry the McpServer, `switched` whether chats may use it too."""

    switched = Signal(object, bool)
    probed = Signal(object)
    edited = Signal(object)
    removed = Signal(object)

    def __init__(self, state: "ServerState", parent: QWidget | None = None) -> None:
        super().__init__("plug", parent)
        self.switch = Switch("", "accent")
        self.switch.clicked.connect(lambda on: self.switched.emit(self.server, on))
        self.head.addWidget(self.switch)
        self.state, self.reach = self.mark("tag"), self.mark()
        self.command = TextView("code")
        self.body.addWidget(self.command)
        self.detail, self.unseen = self.line("danger"), self.line("warning")
        self._tools = QVBoxLayout()
        self._tools.setSpacing(4)
        self.body.addLayout(self._tools)
        self.body.addLayout(self._buttons())
        self.fill(state)

    def _buttons(self) -> Flow:
        self.probe = push_button(self.tr("Start and look"))
        self.edit, self.remove = IconButton("pencil", self.tr("Change")), IconButton("trash", self.tr("Remove"))
        self.probe.clicked.connect(lambda: self.probed.emit(self.server))
        self.edit.clicked.connect(lambda: self.edited.emit(self.server))
        self.remove.clicked.connect(lambda: self.removed.emit(self.server))
        buttons = Flow(spacing=8)
        for button in (
            self.probe,
            self.edit.show_text(self.edit.toolTip()),
            self.remove.show_text(self.remove.toolTip()),
        ):
            buttons.addWidget(button)
        return buttons

    def fill(self, state: "ServerState") -> None:
        """Show how it is now."""
        self.server = server = state.server
        name = visible(server.name, kept="")
        self.title.setText(name)
        self.switch.setChecked(server.enabled)
        self.switch.setAccessibleName(self.tr("{name}: chats may use it").format(name=name))
        for button in (self.edit, self.remove, self.probe):
            button.setAccessibleName(f"{button.text()}: {name}")
        say(self.state, _state(state.state), {"running": "tag-accent", "failed": "danger"}.get(state.state, "tag"))
        say(self.reach, self._reach(), "small")
        self.command.setAccessibleName(self.tr("Command"))
        self.command.show_plain(visible(shlex.join(server.command), kept=""))
        say(self.detail, breakable(told(visible(state.detail))), "danger" if state.state == "failed" else "small")
        say(self.unseen, breakable(self._unseen()), "warning")
        self.show_busy(on=False)
        self._show_tools(state.tools)

    def _reach(self) -> str:
        """Return what the server may reach, in words."""
        server = self.server
        parts = (
            self.tr("%Ln folders", "", len(server.folders)) if server.folders else "",
            self.tr("%Ln of them to change", "", len(server.writable)) if server.writable else "",
            self.tr("the network") if server.network else "",
        )
        return " · ".join(part for part in parts if part) or self.tr("It reaches nothing of yours")

    def _unseen(self) -> str:
        """Return a sentence about folders that the command names and the server may not read."""
        folders = ", ".join(visible(folder, kept="") for folder in definition.out_of_sight(self.server))
        return self.tr("Its command names what it may not read: {folders}").format(folders=folders) if folders else ""

    def show_busy(self, *, on: bool) -> None:
        """Say that it is being started, or no longer."""
        self.probe.setEnabled(not on)
        self.probe.setText(self.tr("Starting…") if on else self.tr("Start and look"))

    def _show_tools(self, tools: "tuple[ToolInfo, ...]") -> None:
        while item := self._tools.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        for tool in tools:
            words = f"{visible(tool.title or tool.name, kept='')} — {about_tool(tool)}"
            self._tools.addWidget(line(breakable(words), "small"))


class ServersSection(ToolsSection):
    """Servers are added, switched, looked at, changed and removed."""

    lane: Lane = "pool"

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "plug", translate("ServersSection", "MCP servers"))
        self._cancel = threading.Event()
        words = self.tr("Programs that bring more tools. Each call of such a tool asks first.")
        about = QLabel(words, wordWrap=True)
        set_look(about, "muted")
        self.add = push_button(self.tr("Add a server…"), "primary")
        self.add.clicked.connect(lambda: self.edit(None))
        across = QHBoxLayout()
        across.setSpacing(12)
        across.addWidget(about, 1)
        across.addWidget(self.add, 0, Qt.AlignmentFlag.AlignTop)
        self.top.addLayout(across)

    def cancel(self) -> None:
        """Give up a start that is going on."""
        self._cancel.set()

    def read(self) -> dict[str, Any]:
        return {state.server.name: state for state in self.app.tool_desk.servers()}

    def make(self, item: "ServerState") -> ServerCard:
        card = ServerCard(item)
        card.switched.connect(self._switch)
        card.probed.connect(self._probe)
        card.edited.connect(self.edit)
        card.removed.connect(self._ask_remove)
        return card

    def nothing(self) -> tuple[str, str]:
        about = self.tr(
            "A server from npm or PyPI, or your own, can look up the time, search a wiki or read a calendar."
        )
        return self.tr("There are no servers"), about

    def edit(self, server: McpServer | None) -> None:
        """Let the user add a server, or change one."""
        dialog = ServerDialog(server, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda made, secrets: self._put(dialog, made, secrets))
        dialog.open()

    def _put(self, dialog: ServerDialog, server: McpServer, secrets: dict[str, str]) -> None:
        self.do(lambda: self.app.tool_desk.put_server(server, secrets), lambda _: dialog.accept(), dialog.show_problem)

    def _switch(self, server: McpServer, on: bool) -> None:
        self.do(lambda: self.app.tool_desk.put_server(replace(server, enabled=on), {}))

    def _probe(self, server: McpServer) -> None:
        self._cancel = cancel = threading.Event()
        self.shelf.cards[server.name].show_busy(on=True)
        self.do(
            lambda: self.app.tool_desk.probe_server(server.name, cancel),
            lambda tools: self.said.emit(self.tr("It offers %Ln tools.", "", len(tools)), "", None),
            lambda error: self._not_started(server.name, error),
        )

    def _not_started(self, name: str, error: Exception) -> None:
        if card := self.shelf.cards.get(name):
            card.show_busy(on=False)
            say(card.detail, breakable(told(error)), "danger")

    def _ask_remove(self, server: McpServer) -> None:
        title = self.tr('Remove "{name}"?').format(name=visible(server.name, kept=""))
        about = self.tr("Its secrets go from the keyring. What it changed stays as it is.")
        remove = Choice(self.tr("Remove"), "danger", lambda: self._remove(server))
        Question(title, about, [remove], self.window()).open()

    def _remove(self, server: McpServer) -> None:
        self.shelf.setFocus()  # the card takes the focus with it otherwise
        self.do(lambda: self.app.tool_desk.remove_server(server.name))


def _state(state: str) -> str:
    return {
        "off": translate("ServersSection", "Off"),
        "ready": translate("ServersSection", "Ready: it starts when it is needed"),
        "running": translate("ServersSection", "Running"),
        "failed": translate("ServersSection", "Does not run"),
    }.get(state, state)
