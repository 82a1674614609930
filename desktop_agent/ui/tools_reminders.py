"""What the user wants to be reminded of."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop_agent.records import Reminder
from desktop_agent.ui import formats
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button
from desktop_agent.ui.fields import field, line, say
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.memory_filters import Choice
from desktop_agent.ui.sentences import told
from desktop_agent.ui.tools_card import ToolsCard
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App

translate = QCoreApplication.translate


class ReminderCard(ToolsCard):
    """`finished` and `deleted` carry the Reminder."""

    finished = Signal(object)
    deleted = Signal(object)

    def __init__(self, reminder: Reminder, parent: QWidget | None = None) -> None:
        super().__init__("bell", parent)
        self.done = push_button(self.tr("Done"))
        self.delete = IconButton("trash", self.tr("Delete"))
        self.done.clicked.connect(lambda: self.finished.emit(self.reminder))
        self.delete.clicked.connect(lambda: self.deleted.emit(self.reminder))
        self.head.addWidget(self.done)
        self.head.addWidget(self.delete)
        self.state, self.due, self.repeat = self.mark("tag"), self.mark(), self.mark()
        self.fill(reminder)

    def fill(self, reminder: Reminder) -> None:
        """Show how it is now."""
        self.reminder = reminder
        text = visible(reminder.text, kept="")
        self.title.setText(text)
        self.done.setAccessibleName(self.tr("Done: {text}").format(text=text))
        self.delete.setAccessibleName(self.tr("Delete: {text}").format(text=text))
        self.done.setVisible(not reminder.done_at)
        overdue = not reminder.done_at and reminder.due_at <= datetime.now(UTC).isoformat()
        say(self.due, formats.moment(reminder.due_at), "warning" if overdue else "small")
        say(self.repeat, repeats()[reminder.repeat] if reminder.repeat else "", "small")
        state = self.tr("Done") if reminder.done_at else self.tr("Due") if overdue else ""
        say(self.state, state, "tag" if reminder.done_at else "tag-accent")


class RemindersSection(ToolsSection):
    """Reminders are added, ticked off and deleted."""

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "bell", translate("RemindersSection", "Reminders"))
        self.text = field(self.tr("Remind me of…"))
        self.when = field(self.tr("When: tomorrow 9:00, in 20 minutes, 2026-12-24 18:00"))
        self.repeat = Choice(self.tr("Repeat"), repeats())
        self.add = push_button(self.tr("Add"), "primary")
        self.problem = line("", "danger")
        self.with_done = Box(self.tr("Show those that are done"))
        self.add.clicked.connect(self._add)
        self.when.returnPressed.connect(self._add)
        self.text.returnPressed.connect(self.when.setFocus)
        for edit in (self.text, self.when):
            edit.textChanged.connect(self._show_button)
        self.with_done.toggled.connect(self.refresh)
        row = Flow(spacing=10)
        for widget in (self.add, self.repeat, self.with_done):
            row.addWidget(widget)
        for widget in (self.text, self.when, self.problem):
            self.top.addWidget(widget)
        self.top.addLayout(row)
        self._show_button()

    def read(self) -> dict[str, Any]:
        return {each.id: each for each in self.app.tool_desk.reminders(done=self.with_done.isChecked())}

    def make(self, item: Reminder) -> ReminderCard:
        card = ReminderCard(item)
        card.finished.connect(self._finish)
        card.deleted.connect(self._delete)
        return card

    def nothing(self) -> tuple[str, str]:
        about = self.tr("Add one here, or tell the assistant what to remind you of, and when.")
        return self.tr("There are no reminders"), about

    def _show_button(self) -> None:
        self.add.setEnabled(bool(self.text.text().strip() and self.when.text().strip()))

    def _add(self) -> None:
        text, when, repeat = self.text.text().strip(), self.when.text().strip(), self.repeat.value
        if text and when:
            self.add.setEnabled(False)
            self.do(lambda: self.app.tool_desk.add_reminder(text, when, repeat), self._added, self._refused)

    def _added(self, reminder: Reminder) -> None:
        for edit in (self.text, self.when):
            edit.clear()
        say(self.problem, "")
        words = self.tr("You will be reminded: {moment}.").format(moment=formats.moment(reminder.due_at))
        self.said.emit(words, "", None)
        self.text.setFocus()

    def _refused(self, error: Exception) -> None:
        say(self.problem, told(error), "danger")
        self._show_button()

    def _finish(self, reminder: Reminder) -> None:
        desk = self.app.tool_desk
        self._take_away(
            reminder, lambda: desk.finish_reminder(reminder.id), self.tr("Done: {text}").format(text=reminder.text)
        )

    def _delete(self, reminder: Reminder) -> None:
        desk = self.app.tool_desk
        self._take_away(reminder, lambda: desk.delete_reminder(reminder.id), self.tr("The reminder is deleted."))

    def _take_away(self, reminder: Reminder, work: Any, words: str) -> None:
        self.shelf.setFocus()  # the card takes the focus with it otherwise

        def undo() -> None:
            self.do(lambda: self.app.tool_desk.put_reminder(reminder))

        self.do(work, lambda _: self.said.emit(visible(words, kept=""), self.tr("Undo"), undo))


def repeats() -> dict[str, str]:
    """Return how a reminder can come again, in words."""
    return {
        "": translate("RemindersSection", "Once"),
        "daily": translate("RemindersSection", "Every day"),
        "weekly": translate("RemindersSection", "Every week"),
        "monthly": translate("RemindersSection", "Every month"),
        "yearly": translate("RemindersSection", "Every year"),
    }
