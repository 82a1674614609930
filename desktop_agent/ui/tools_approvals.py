"""What was allowed for more than one call."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop_agent.errors import UserFacingError
from desktop_agent.records import StandingApproval
from desktop_agent.ui import formats, tool_names
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import push_button
from desktop_agent.ui.fields import say
from desktop_agent.ui.tools_card import ToolsCard
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App


@dataclass(frozen=True)
class Allowed:
    """An approval and the title of its chat; empty when it counts for all."""

    approval: StandingApproval
    chat: str


class ApprovalCard(ToolsCard):
    """`withdrawn` carries the approval's id."""

    withdrawn = Signal(int)

    def __init__(self, allowed: Allowed, parent: QWidget | None = None) -> None:
        super().__init__(tool_names.icon(allowed.approval.tool), parent)
        self.scope, self.folder, self.date = self.line(), self.line("small"), self.line("small")
        self.button = push_button("")
        self.head.addWidget(self.button)
        self.button.clicked.connect(lambda: self.withdrawn.emit(self._id))
        self.fill(allowed)

    def fill(self, allowed: Allowed) -> None:
        """Show how it is now."""
        approval = allowed.approval
        self._id = approval.id
        name = tool_names.title(approval.tool)
        self.title.setText(name)
        in_chat = self.tr('Allowed in the chat "{title}"').format(title=allowed.chat)
        say(self.scope, in_chat if approval.conversation_id else self.tr("Always allowed"))
        say(self.folder, visible(approval.folder, kept=""), "small")
        say(self.date, self.tr("Since {date}").format(date=formats.moment(approval.created_at)), "small")
        self.button.setText(self.tr("Ask again"))
        self.button.setAccessibleName(self.tr("Ask again before: {tool}").format(tool=name))


class ApprovalsSection(ToolsSection):
    """Lists them, so that they can be withdrawn."""

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "shield", QCoreApplication.translate("ApprovalsSection", "Approvals"))

    def read(self) -> dict[str, Any]:
        return {str(each.id): Allowed(each, self._title(each)) for each in self.app.tool_desk.approvals()}

    def _title(self, approval: StandingApproval) -> str:
        if not approval.conversation_id:
            return ""
        try:
            return self.app.conversation(approval.conversation_id).title
        except UserFacingError:
            return ""  # deleted meanwhile

    def make(self, item: Allowed) -> ApprovalCard:
        card = ApprovalCard(item)
        card.withdrawn.connect(lambda id_: self.do(lambda: self.app.tool_desk.withdraw(id_)))
        return card

    def nothing(self) -> tuple[str, str]:
        about = self.tr("What you allow for a whole chat, a folder or always is listed here, and you can take it back.")
        return self.tr("Every call asks"), about
