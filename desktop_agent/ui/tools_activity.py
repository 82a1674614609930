"""Every call of a tool: who allowed it, and what came of it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QLineEdit, QWidget

from desktop_agent.messages import ToolCall
from desktop_agent.records import AuditEntry
from desktop_agent.ui import formats, theme, tool_names
from desktop_agent.ui.background import Background
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.fields import breakable, say
from desktop_agent.ui.flow import Flow
from desktop_agent.ui.memory_box import Box
from desktop_agent.ui.sentences import told
from desktop_agent.ui.tools_card import ToolsCard, words_view
from desktop_agent.ui.tools_section import ToolsSection
from desktop_agent.visible import visible

if TYPE_CHECKING:
    from desktop_agent.app import App

translate = QCoreApplication.translate
AT_ONCE = 100
SEARCH_MS = 150


class ActivityCard(ToolsCard):
    """One call; its arguments unfold. `undo_wanted` carries the change's id."""

    undo_wanted = Signal(str)

    def __init__(self, entry: AuditEntry, parent: QWidget | None = None) -> None:
        super().__init__(tool_names.icon(entry.tool), parent)
        self.undo = push_button(self.tr("Undo"), "link")
        self.undo.clicked.connect(lambda: self.undo_wanted.emit(self._undo_id))
        self.toggle = IconButton("chevron-right", self.tr("Show the details"))
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show_details)
        self.head.addWidget(self.undo)
        self.head.addWidget(self.toggle)
        self.verdict, self.tainted = self.mark("tag"), self.mark("tag")
        self.undone, self.when = self.mark("tag-accent"), self.mark()
        self.summary = ElidedLabel()
        self.summary.setFont(theme.current().font("code"))
        self.body.addWidget(self.summary)
        self.fault = self.line("danger")
        self.details: QWidget | None = None
        self.fill(entry)

    def fill(self, entry: AuditEntry) -> None:
        """Show how it is now."""
        self._entry, self._undo_id = entry, entry.undo_id
        self.title.setText(tool_names.title(entry.tool))
        summary = next((" ".join(value.split()) for _, value in _arguments(entry)), "")
        self.summary.show_text(summary)
        self.summary.setVisible(bool(summary))
        say(self.verdict, _verdict(entry.verdict), "tag")
        say(self.tainted, self.tr("after text from outside") if entry.tainted else "", "tag")
        say(self.undone, self.tr("Undone") if entry.undone_at else "", "tag-accent")
        say(self.when, formats.moment(entry.at), "small")
        refused = entry.verdict in ("deny", "refused")
        say(self.fault, "" if refused else breakable(told(visible(_last_line(entry.fault)))), "danger")
        self.undo.setVisible(bool(entry.undo_id) and not entry.undone_at)

    def _facts(self) -> list[tuple[str, str]]:
        entry = self._entry
        result = self.tr("%Ln characters", "", entry.result_size) if entry.ok else told(visible(entry.fault))
        facts = [(self.tr("Result"), result), (self.tr("Duration"), formats.seconds(entry.seconds))]
        return [*facts, (self.tr("Approval"), entry.digest)] if entry.digest else facts

    def _show_details(self, on: bool) -> None:
        self.toggle.show_icon("chevron-down" if on else "chevron-right")
        if self.details is None:
            self.details = _grid([*_arguments(self._entry), *self._facts()])
            self.body.addWidget(self.details)
        self.details.setVisible(on)


def _last_line(fault: str) -> str:
    """Return what went wrong: of what code printed about it the end; all of it is in the details."""
    return fault.strip().rpartition("\n")[2]


def _grid(rows: list[tuple[str, str]]) -> QWidget:
    """Return names and values, nothing cut off."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 4, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(rows):
        label = QLabel(name, textFormat=Qt.TextFormat.PlainText)
        set_look(label, "muted")
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words_view(value, name), row, 1)
    return box


class ActivitySection(ToolsSection):
    """The calls, newest first, with a filter. `undone` says that a change was taken back."""

    undone = Signal()

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(app, background, "history", translate("ActivitySection", "Activity"))
        self.conversation_id = ""
        self._count = AT_ONCE
        self.search = QLineEdit(placeholderText=self.tr("Search tools and arguments"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.search.placeholderText())
        self.only_here = Box(self.tr("This chat only"))
        self.export = IconButton("download", self.tr("Save the list as a file"))
        self.export.show_text(self.tr("Export…"), "choice")
        self.earlier = push_button(self.tr("Show earlier calls"), "link")
        self.earlier.hide()
        self._later = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._later.timeout.connect(self._from_start)
        self.search.textChanged.connect(lambda _words: self._later.start())
        self.only_here.toggled.connect(self._from_start)
        self.export.clicked.connect(self._choose_file)
        self.earlier.clicked.connect(self._more)
        row = Flow(spacing=10)
        for widget in (self.only_here, self.export):
            row.addWidget(widget)
        self.top.addWidget(self.search)
        self.top.addLayout(row)
        self.layout_.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_chat(self, conversation_id: str) -> None:
        """Take this for the chat that the box is about."""
        self.conversation_id = conversation_id
        self.only_here.setVisible(bool(conversation_id))

    def read(self) -> dict[str, Any]:
        entries = self.app.tool_desk.audit(self._chat, self.search.text().strip(), 0, self._count)
        return {str(entry.id): entry for entry in entries}

    def show_items(self, items: dict[str, Any]) -> None:
        super().show_items(items)
        self.earlier.setVisible(len(items) >= self._count)

    def make(self, item: AuditEntry) -> ActivityCard:
        card = ActivityCard(item)
        card.undo_wanted.connect(self._undo)
        return card

    def nothing(self) -> tuple[str, str]:
        if self.search.text().strip() or self._chat:
            return self.tr("No call fits"), self.tr("Try other words, or look at all chats.")
        return self.tr("No tool was used yet"), self.tr("Every call is listed here, with who allowed it.")

    def save(self, path: str) -> None:
        """Write the calls into a file."""
        chat = self._chat
        self.background.run(
            lambda: self.app.tool_desk.export_audit(Path(path), chat), self._saved, self.fail, lane="pool"
        )

    @property
    def _chat(self) -> str:
        return self.conversation_id if self.only_here.isChecked() else ""

    def _from_start(self) -> None:
        self._count = AT_ONCE
        self.refresh()

    def _more(self) -> None:
        self._count += AT_ONCE
        self.refresh()

    def _choose_file(self) -> None:
        kinds = self.tr("JSON lines (*.jsonl);;Table (*.csv)")
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the list as a file"), "activity.jsonl", kinds)
        if path:
            self.save(path)

    def _saved(self, count: int) -> None:
        self.said.emit(self.tr("%Ln calls were saved.", "", count), "", None)

    def _undo(self, undo_id: str) -> None:
        self.do(lambda: self.app.tool_desk.undo(undo_id), self._has_undone)

    def _has_undone(self, sentence: str) -> None:
        self.said.emit(told(sentence), "", None)
        self.undone.emit()


def _verdict(verdict: str) -> str:
    return {
        "allowed": translate("ActivitySection", "No question was needed"),
        "refused": translate("ActivitySection", "Refused by the rules"),
        "once": translate("ActivitySection", "You allowed it once"),
        "chat": translate("ActivitySection", "You allowed it in the chat"),
        "folder": translate("ActivitySection", "You allowed it in the folder"),
        "always": translate("ActivitySection", "You always allow it"),
        "deny": translate("ActivitySection", "You denied it"),
    }.get(verdict, verdict)


def _arguments(entry: AuditEntry) -> list[tuple[str, str]]:
    if not entry.arguments:
        return [(translate("ActivitySection", "Arguments"), translate("ActivitySection", "Forgotten"))]
    try:
        return tool_names.rows(ToolCall(entry.call_id, entry.tool, json.loads(entry.arguments)))
    except (ValueError, AttributeError, RecursionError):  # no object, or none that can be read
        return [(translate("ActivitySection", "Arguments"), visible(entry.arguments))]
