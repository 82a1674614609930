"""Which tools a chat may use."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop_agent.ui import tool_names
from desktop_agent.ui.background import Background, Lane
from desktop_agent.ui.buttons import set_look
from desktop_agent.ui.fields import breakable, line, say
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.memory_switch import Switch
from desktop_agent.ui.sentences import told
from desktop_agent.ui.tools_card import ToolsCard
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.tool_desk import ToolGroup, ToolInfo

translate = QCoreApplication.translate
ICONS = {
    "basics": "clock",
    "files": "folder",
    "documents": "document",
    "python": "code",
    "notes": "note",
    "reminders": "bell",
    "computer": "computer",
}


class GroupCard(ToolsCard):
    """One group with its tools. `chosen` carries its name and whether the chat may use it."""

    chosen = Signal(str, bool)

    def __init__(self, group: "ToolGroup", parent: QWidget | None = None) -> None:
        super().__init__(ICONS.get(group.name, "plug"), parent)
        self.name = group.name
        self.switch = Switch("", "accent")
        self.switch.clicked.connect(lambda on: self.chosen.emit(self.name, on))
        self.head.addWidget(self.switch)
        self.problem = self.line("danger")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.body.addLayout(self._grid)
        self.fill(group)

    def fill(self, group: "ToolGroup") -> None:
        """Show how it is now."""
        title = tool_names.group_title(group.name, group.title)
        self.title.setText(title)
        self.switch.setAccessibleName(self.tr("{group}: may be used").format(group=title))
        self.switch.setChecked(group.enabled)
        say(self.problem, told(group.problem), "danger")
        while item := self._grid.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        for row, tool in enumerate(group.tools):
            self._add(row, tool, tool.problem if tool.problem != group.problem else "")

    def _add(self, row: int, tool: "ToolInfo", problem: str) -> None:
        self._grid.addWidget(IconLabel(tool_names.icon(tool.name)), row, 0, Qt.AlignmentFlag.AlignTop)
        name = QLabel(tool_names.title(tool.name), textFormat=Qt.TextFormat.PlainText)
        self._grid.addWidget(name, row, 1, Qt.AlignmentFlag.AlignTop)
        about = line(breakable(told(problem) or about_tool(tool)), "danger" if problem else "small")
        about.setToolTip(visible(tool.description))
        self._grid.addWidget(about, row, 2)


class GroupsSection(ToolsSection):
    """The groups of one chat, or of those that are yet to begin. A choice counts for that."""

    lane: Lane = "pool"

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "tool", translate("GroupsSection", "Tools"))
        self.conversation_id = ""
        self.about = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_look(self.about, "muted")
        self.top.addWidget(self.about)
        self.show_chat("", "")

    def show_chat(self, conversation_id: str, title: str) -> None:
        """Say which chat the choices are for; without an id, for one that is yet to begin."""
        if conversation_id != self.conversation_id:
            self.shelf.show_items({})  # each card belongs to its chat
        self.conversation_id = conversation_id
        words = self.tr('What the assistant may use in the chat "{title}". Whatever changes something asks first.')
        unbegun = self.tr("What the assistant may use in chats that are yet to begin. Changing something asks first.")
        self.about.setText(words.format(title=title) if conversation_id else unbegun)

    def read(self) -> dict[str, Any]:
        return {group.name: group for group in self.app.tool_desk.groups(self.conversation_id)}

    def make(self, item: "ToolGroup") -> GroupCard:
        card = GroupCard(item)
        card.chosen.connect(self._choose)
        return card

    def nothing(self) -> tuple[str, str]:
        return self.tr("There are no tools"), self.tr("The program was built without them.")

    def _choose(self, group: str, on: bool) -> None:
        chat = self.conversation_id
        self.do(lambda: self.app.tool_desk.choose(chat, group, on))


def about_tool(tool: "ToolInfo") -> str:
    """Return what a tool may do: for one of the program by its effect, for one of a server in the server's words."""
    effects = {
        "none": translate("GroupsSection", "Reaches nothing of yours."),
        "read": translate("GroupsSection", "Looks at something of yours, and asks first."),
        "compute": translate("GroupsSection", "Computes in a sandbox that reaches nothing."),
        "write": translate("GroupsSection", "Changes something, asks first, and can be undone."),
        "act": translate("GroupsSection", "Asks first; what it does cannot be undone here."),
    }
    if tool_names.is_built_in(tool.name):
        return effects.get(tool.effect, "")
    effects["read"] = translate("GroupsSection", "Can change nothing of yours, and asks first.")
    about = visible(tool.description, kept="").strip()
    stop = "" if about.endswith((".", "!", "?", "。", "！", "？")) or not about else "."
    return f"{about}{stop} {effects.get(tool.effect, '')}".strip()
