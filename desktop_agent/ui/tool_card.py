"""One tool call: what the model wants to do, the user's decision, and what came of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.ui import theme, tool_names
from desktop_agent.ui.approval_view import ApprovalView
from desktop_agent.ui.buttons import IconButton, push_button, set_look
from desktop_agent.ui.elided_label import ElidedLabel
from desktop_agent.ui.figure_view import FigureView
from desktop_agent.ui.icon_label import IconLabel
from desktop_agent.ui.long_text import LongText
from desktop_agent.ui.question_view import QuestionView
from desktop_agent.ui.sentences import told
from desktop_agent.ui.text_view import TextView
from desktop_agent.visible import visible

LONGEST_RESULT = 8_000


class ToolCard(QFrame):
    """`decided` carries a Decision, `answered` what the user said to the tool's question, both at most once.

    `changed` says that it waits for the user, or no longer does; `undo_wanted` carries the id of the change.
    """

    decided = Signal(str)
    answered = Signal(str)
    changed = Signal()
    undo_wanted = Signal(str)

    def __init__(self, call: ToolCall, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self.call = call
        self.state = "running"
        self.undo_id = ""
        self.approval: ApprovalView | None = None
        self.question: QuestionView | None = None
        self.figure: FigureView | None = None
        self._decision, self._text = "", ""
        self._result: LongText | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 7, 10, 7)
        self._layout.setSpacing(8)
        self._layout.addLayout(self._head())
        self.note = TextView("small")
        self.note.hide()
        set_look(self.note, "past")
        self._layout.addWidget(self.note)
        self._show_state("running", self.tr("Running…"))

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(IconLabel(tool_names.icon(self.call.name), "muted"))
        title = ElidedLabel()
        set_look(title, "strong")
        title.show_text(tool_names.title(self.call.name))
        head.addWidget(title)
        self._summary = ElidedLabel()
        self._summary.setFont(theme.current().font("code"))
        self._summary.show_text(tool_names.summary(self.call))
        policy = self._summary.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # what is beside it stays where it is
        self._summary.setSizePolicy(policy)
        head.addWidget(self._summary, 1)
        self._status = QLabel(textFormat=Qt.TextFormat.PlainText)
        set_look(self._status, "small")
        head.addWidget(self._status)
        self.undo_button = push_button(self.tr("Undo"), "link")
        self.undo_button.hide()
        self.undo_button.clicked.connect(self._undo)
        head.addWidget(self.undo_button)
        self._toggle = IconButton("chevron-right", self.tr("Show the result"))
        self._toggle.setCheckable(True)
        self._toggle.setVisible(False)
        self._toggle.toggled.connect(self._show_result)
        head.addWidget(self._toggle)
        return head

    @property
    def is_waiting(self) -> bool:
        """Whether the user is asked something here."""
        return bool(self.approval or self.question)

    def take_focus(self) -> None:
        """Let the keyboard answer; the default is to deny."""
        if self.approval:
            self.approval.deny_button.setFocus()
        elif self.question:
            self.question.take_focus()

    def ask(self, request: ApprovalRequest) -> None:
        """Ask the user whether the call may be carried out; deny is the default."""
        self.approval = ApprovalView(request)
        self.approval.decided.connect(self._decide)
        self._show_waiting(self.approval)

    def pose(self, question: Question) -> None:
        """Ask the user what the tool wants to know."""
        self.question = QuestionView(question)
        self.question.answered.connect(self._answer)
        self._show_waiting(self.question)

    def _show_waiting(self, view: QWidget) -> None:
        set_look(self, "asking")
        self._summary.hide()
        self._layout.setContentsMargins(16, 14, 16, 14)
        self._layout.addWidget(view)
        self._show_state("asking", self.tr("Waiting for you"))
        self.changed.emit()

    def _decide(self, decision: Decision) -> None:
        self._decision = decision
        self._end_waiting()
        self._show_state("running", self.tr("Not allowed") if decision == "deny" else self.tr("Running…"))
        self.decided.emit(decision)

    def _answer(self, words: str) -> None:
        self._end_waiting()
        self._show_state("running", self.tr("Running…"))
        self.answered.emit(words)

    def _end_waiting(self) -> None:
        for view in (self.approval, self.question):
            if view:
                view.hide()
                view.deleteLater()
        if self.is_waiting:
            self.approval = self.question = None
            set_look(self, "card")
            self._layout.setContentsMargins(12, 7, 10, 7)
            self._summary.show()
            self.changed.emit()

    def finish(self, result: ToolResult) -> None:
        """Show what came of it."""
        self._end_waiting()
        self._text = visible(result.text[:LONGEST_RESULT])
        if len(result.text) > LONGEST_RESULT:
            self._text += "\n" + self.tr("… {count} more characters").format(count=len(result.text) - LONGEST_RESULT)
        if self._decision == "deny":
            self._show_state("refused", self.tr("Not allowed"))
        elif result.ok:
            self._show_state("done", self.tr("Done"))
            self._toggle.setVisible(bool(self._text))
        else:
            self._show_state("failed", self.tr("Failed"))
            self._show_fault()
        if result.figure:
            self.figure = FigureView(result.figure)
            self._layout.addWidget(self.figure)
        self.undo_id = result.undo_id
        self.undo_button.setVisible(bool(self.undo_id))

    def _show_fault(self) -> None:
        """Show a sentence as such; what has lines, such as where code went wrong, as results are shown."""
        if "\n" in self._text.strip():
            self._toggle.setVisible(True)
            self._toggle.setChecked(True)
        else:
            self._say(told(self._text))

    def show_undone(self) -> None:
        """Say that the change was taken back."""
        self._show_state("undone", self.tr("Undone"))
        self.undo_button.hide()
        self._say("")

    def show_problem(self, text: str) -> None:
        """Say why the change could not be taken back; it can be tried again."""
        self.undo_button.setEnabled(True)
        self._say(text)

    def _undo(self) -> None:
        self.undo_button.setEnabled(False)
        self.undo_wanted.emit(self.undo_id)

    def end(self) -> None:
        """The turn ended before the tool did."""
        if self.state in ("running", "asking"):
            self._end_waiting()
            self._show_state("refused", self.tr("Not carried out"))

    def _show_state(self, state: str, text: str) -> None:
        self.state = state
        self._status.setText(text)
        self.setAccessibleName(f"{tool_names.title(self.call.name)}: {text}")

    def _say(self, text: str) -> None:
        self.note.show_plain(text)
        self.note.setVisible(bool(text))

    def _show_result(self, shown: bool) -> None:
        self._toggle.show_icon("chevron-down" if shown else "chevron-right")
        if self._result is None:
            self._result = LongText(self._text.rstrip(), self.tr("Result"))
            self._layout.addWidget(self._result)
        self._result.setVisible(shown)
