"""An answer: thinking, text and tool cards in the order they came, below them what was recalled."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_agent.approvals import ApprovalRequest, Question
from desktop_agent.events import RecalledMemory, TurnStats
from desktop_agent.messages import SavedMemory, ToolCall, ToolResult
from desktop_agent.ui import figures, formats
from desktop_agent.ui.batch_bar import BatchBar
from desktop_agent.ui.buttons import CopyButton, IconButton, set_look
from desktop_agent.ui.note import Note
from desktop_agent.ui.recalled import RecalledView
from desktop_agent.ui.saved_note import SavedNote
from desktop_agent.ui.streamed_text import StreamedText
from desktop_agent.ui.thinking_view import ThinkingView
from desktop_agent.ui.tool_card import ToolCard


class AnswerView(QWidget):
    """`decided` carries a call's id and the decision, `answered` what the user said to a tool's question.

    `memory_shown` carries the RecalledView or SavedNote that was added, `change_shown` a ToolCard whose call changed
    something.
    """

    decided = Signal(str, str)
    answered = Signal(str)
    memory_shown = Signal(object)
    change_shown = Signal(object)
    retried = Signal()

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(width, 0)
        self.setAccessibleName(self.tr("Answer"))
        self.cards: dict[str, ToolCard] = {}
        self.texts: list[StreamedText] = []
        self.thoughts: list[ThinkingView] = []
        self._open_text: StreamedText | None = None
        self._open_thought: ThinkingView | None = None
        self._recalled: list[RecalledView] = []
        self._batch: BatchBar | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(10)
        self._waiting = QLabel(textFormat=Qt.TextFormat.PlainText, visible=False)
        set_look(self._waiting, "muted")
        self._layout.addWidget(self._waiting)

    @property
    def text(self) -> str:
        """The whole answer as markdown."""
        return "\n\n".join(part.text.strip() for part in self.texts if part.text.strip())

    def wait(self, reason: str) -> None:
        """Say what is going on until something is there to show; an empty reason hides the line."""
        self._waiting.setText(reason)
        self._waiting.setVisible(bool(reason))
        if reason:
            self._add(self._waiting)

    def recall(self, memories: Sequence[RecalledMemory]) -> None:
        """Show what was recalled, under all that comes before the end."""
        if memories:
            view = RecalledView(memories)
            self._add(view)
            self._recalled.append(view)
            self.memory_shown.emit(view)

    def show_saved(self, memory: SavedMemory) -> None:
        """Show what the user asked to remember."""
        note = SavedNote(memory)
        self._add(note)
        self.memory_shown.emit(note)

    def think(self, text: str, seconds: float) -> None:
        """Add to what is being thought, for so many seconds by now."""
        self.wait("")
        if self._open_thought is None:
            self.end_text()
            self._open_thought = self._add_thought(ThinkingView())
        self._open_thought.feed(text, seconds)

    def show_thoughts(self, text: str) -> None:
        """Show what was thought, folded."""
        self.end_text()
        self._add_thought(ThinkingView(text))

    def _add_thought(self, view: ThinkingView) -> ThinkingView:
        self.thoughts.append(view)
        self._add(view)
        return view

    def feed(self, text: str) -> None:
        """Add text to the answer."""
        self.wait("")
        self._end_thought()
        if self._open_text is None:
            self._open_text = StreamedText(self.width())
            self.texts.append(self._open_text)
            self._add(self._open_text)
        self._open_text.feed(text)

    def end_text(self) -> None:
        """Render the text so far for good; what follows begins a new one."""
        if self._open_text:
            self._open_text.finish()
            self._open_text = None

    def _end_thought(self) -> None:
        if self._open_thought:
            self._open_thought.finish()
            self._open_thought = None

    def request(self, call: ToolCall, request: ApprovalRequest | None = None) -> None:
        """Show a tool call, with the question whether it may be carried out where there is one."""
        self._end_thought()
        self.end_text()
        self.wait("")
        card = self.cards[call.id] = ToolCard(call)
        card.decided.connect(lambda decision: self.decided.emit(call.id, decision))
        card.answered.connect(self.answered)
        self._add(card)
        if request:
            card.ask(request)
            self._batch = self._batch or BatchBar()
            self._batch.add(card)
            self._add(self._batch)  # it moves along

    def pose(self, question: Question) -> None:
        """Show what the tool asks that is running."""
        running = [card for card in self.cards.values() if card.state == "running"]
        if running:
            running[0].pose(question)

    def offer_focus(self) -> bool:
        """Give the focus to what waits for the user, unless it is there; return whether anything waits."""
        waiting = [card for card in self.cards.values() if card.is_waiting]
        if waiting and not any(card.isAncestorOf(QApplication.focusWidget()) for card in waiting):
            waiting[0].take_focus()
        return bool(waiting)

    @property
    def changes(self) -> list[ToolCard]:
        """The cards of calls that changed something."""
        return [card for card in self.cards.values() if card.undo_id]

    def finish_call(self, result: ToolResult) -> None:
        """Show what a tool answered."""
        self._batch = None
        if card := self.cards.get(result.call_id):
            card.finish(result)
            if card.undo_id:
                self.change_shown.emit(card)

    def end(self, status: str, message: str = "", stats: TurnStats | None = None) -> None:
        """Show how the turn ended; `message` says why it failed."""
        self.wait("")
        self._end_thought()
        self.end_text()
        for card in self.cards.values():
            card.end()
        self._recalled.clear()
        if self.text:
            self._add(self._actions(stats))
        if status in _NOTES:
            self._add(self._note(status, message))

    def _note(self, status: str, message: str) -> Note:
        look, text, retry = {
            "stopped": ("quiet", self.tr("Stopped."), False),
            "cut": ("quiet", self.tr("The context is full, so the answer ends here."), False),
            "interrupted": ("quiet", self.tr("Interrupted: the program ended while this was being written."), True),
            "forgotten": ("quiet", self.tr("This message was forgotten."), False),
            "unanswered": ("quiet", self.tr("This question has no answer yet."), True),
            "failed": ("failure", message or self.tr("This question could not be answered. Nothing is lost."), True),
        }[status]
        note = Note(look, text, self.tr("Edit and try again") if retry else "")
        note.pressed.connect(self.retried)
        return note

    def _actions(self, stats: TurnStats | None) -> QWidget:
        actions = QWidget()
        layout = QHBoxLayout(actions)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self.copy_button = CopyButton(lambda: self.text, self.tr("Copy the whole answer"))
        layout.addWidget(self.copy_button)
        if stats and stats.answer_tokens:
            self._add_details(layout, stats)
        layout.addStretch()
        return actions

    def _add_details(self, layout: QHBoxLayout, stats: TurnStats) -> None:
        label = QLabel(_describe(stats), textFormat=Qt.TextFormat.PlainText, wordWrap=True, visible=False)
        set_look(label, "small")
        button = IconButton("info", self.tr("How fast this answer was")).show_text(self.tr("Details"), "small")
        button.setCheckable(True)
        button.toggled.connect(label.setVisible)
        layout.addWidget(button)
        layout.addWidget(label, 1)

    def _add(self, widget: QWidget) -> None:
        widget.resize(self.width(), widget.height())
        self._layout.removeWidget(widget)  # the waiting line moves along
        self._layout.insertWidget(self._layout.count() - len(self._recalled), widget)


translate = QCoreApplication.translate
_NOTES = ("stopped", "cut", "interrupted", "unanswered", "failed", "forgotten")


def _describe(stats: TurnStats) -> str:
    """Return an answer's figures in one line."""
    parts = [
        translate("AnswerView", "{rate} writing").format(rate=formats.rate(stats.write_rate)),
        translate("AnswerView", "{rate} reading").format(rate=formats.rate(stats.read_rate)) if stats.read_rate else "",
        translate("AnswerView", "first word after {time}").format(time=formats.seconds(stats.first_token_seconds)),
        translate("AnswerView", "{count} tokens").format(count=formats.number(stats.answer_tokens)),
        *figures.cost(stats),
    ]
    return " · ".join(part for part in parts if part)
