"""The Tools page: what the assistant may use, what it did, what keeps it from harm, and what it looks after."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, set_look
from desktop_agent.ui.memory_shelf import beside
from desktop_agent.ui.tools_activity import ActivitySection
from desktop_agent.ui.tools_approvals import ApprovalsSection
from desktop_agent.ui.tools_groups import GroupsSection
from desktop_agent.ui.tools_layers import LayersSection
from desktop_agent.ui.tools_notes import NotesSection
from desktop_agent.ui.tools_reminders import RemindersSection
from desktop_agent.ui.tools_servers import ServersSection

if TYPE_CHECKING:
    from desktop_agent.app import App

GROUPS, SERVERS, NOTES, REMINDERS, ACTIVITY, APPROVALS, LAYERS = range(7)


class ToolsPage(QWidget):
    """`left` comes from Back. `said` carries a sentence for the snackbar with its button and what that does.

    `undone` says that a change was taken back.
    """

    left = Signal()
    said = Signal(str, str, object)
    undone = Signal()

    def __init__(self, app: "App", background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.groups = GroupsSection(app, background)
        self.servers = ServersSection(app, background)
        self.notes = NotesSection(app, background)
        self.reminders = RemindersSection(app, background)
        self.activity = ActivitySection(app, background)
        self.approvals = ApprovalsSection(app, background)
        self.layers = LayersSection(app, background)
        self._parts = (
            self.groups,
            self.servers,
            self.notes,
            self.reminders,
            self.activity,
            self.approvals,
            self.layers,
        )
        self.tabs = QTabBar(expanding=False, drawBase=False, usesScrollButtons=True)
        self.tabs.setAccessibleName(self.tr("Parts of the tools"))
        self._lay_out()
        self.tabs.currentChanged.connect(self._show_part)
        self.activity.undone.connect(self.undone)
        for part in self._parts:
            part.said.connect(self.said)

    def open(self, conversation_id: str, title: str, part: int | None = None) -> None:
        """Show the page as things are now; what counts for one chat, for this one."""
        self.groups.show_chat(conversation_id, title)
        self.activity.show_chat(conversation_id)
        if part is not None:
            self.tabs.setCurrentIndex(part)
        self.tabs.setFocus()
        self.refresh()

    def refresh(self) -> None:
        """Read again what is in sight."""
        self._parts[self.tabs.currentIndex()].refresh()

    def search(self) -> None:
        """Let the user type what to look for, where there is something to look through."""
        part = self._parts[self.tabs.currentIndex()]
        if part in (self.notes, self.activity):
            part.search.setFocus()
            part.search.selectAll()

    def stop(self) -> None:
        """Give up what is going on."""
        self.layers.cancel()
        self.servers.cancel()

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        names = (
            self.tr("In this chat"),
            self.tr("Servers"),
            self.tr("Notes"),
            self.tr("Reminders"),
            self.tr("Activity"),
            self.tr("Approvals"),
            self.tr("Protection"),
        )
        for name, part in zip(names, self._parts, strict=True):
            self.tabs.addTab(name)
            self._pages.addWidget(part)
        top = QWidget()
        inside = QVBoxLayout(top)
        inside.setContentsMargins(0, 8, 0, 10)
        inside.addWidget(self.tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header())
        layout.addWidget(beside(top, self.groups.shelf))
        layout.addWidget(self._pages, 1)

    def _header(self) -> QFrame:
        header = QFrame()
        set_look(header, "header")
        back = IconButton("chevron-left", self.tr("Back to the chat"))
        back.clicked.connect(self.left)
        title = QLabel(self.tr("Tools"))
        set_look(title, "title")
        layout = QHBoxLayout(header)
        layout.setContentsMargins(12, 9, 12, 9)
        layout.setSpacing(8)
        layout.addWidget(back)
        layout.addWidget(title, 1)
        return header

    def _show_part(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self.refresh()
