"""One turn in the transcript: the user's words and the answer, from the store or live."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_agent.events import (
    Event,
    MemorySaved,
    PromptProgress,
    Recalled,
    TextDelta,
    ThinkingDelta,
    ToolCallRequested,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from desktop_agent.ui import formats
from desktop_agent.ui.answer_view import AnswerView
from desktop_agent.ui.bubble import Bubble
from desktop_agent.ui.history import StoredTurn
from desktop_agent.ui.note import Note
from desktop_agent.ui.sentences import told


class TurnView(QWidget):
    """`decided`, `answered`, `memory_shown` and `change_shown` as in AnswerView.

    `retried` carries the question's text.
    """

    decided = Signal(str, str)
    answered = Signal(str)
    memory_shown = Signal(object)
    change_shown = Signal(object)
    retried = Signal(str)

    def __init__(self, question: str, width: int, *, is_forgotten: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(width, 0)
        self.question = question
        self.is_over = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        if question:
            layout.addWidget(Bubble(question, width))
        elif is_forgotten:
            layout.addWidget(Note("quiet", self.tr("This message was forgotten.")))
        self.answer = AnswerView(width)
        self.answer.decided.connect(self.decided)
        self.answer.answered.connect(self.answered)
        self.answer.memory_shown.connect(self.memory_shown)
        self.answer.change_shown.connect(self.change_shown)
        self.answer.retried.connect(lambda: self.retried.emit(self.question))
        layout.addWidget(self.answer)

    @classmethod
    def stored(cls, turn: StoredTurn, width: int) -> "TurnView":
        """Return the view of a turn from the store."""
        question = turn.question.message.text if turn.question else ""
        view = cls(question, width, is_forgotten=turn.is_question_forgotten)
        view.answer.recall(turn.recalled)
        for reply in turn.replies:
            message = reply.message
            if message.thinking:
                view.answer.show_thoughts(message.thinking)
            if message.text and message.role == "assistant":
                view.answer.feed(message.text)
                view.answer.end_text()
            for call in message.calls:
                view.answer.request(call)
            if message.result:
                view.answer.finish_call(message.result)
        view.is_over = True
        view.answer.end(turn.status)
        return view

    def show_event(self, event: Event) -> None:
        """Show what happened in a live turn."""
        match event:
            case TurnStarted():
                self.answer.wait(self.tr("Thinking…"))
            case MemorySaved(memory):
                self.answer.show_saved(memory)
            case Recalled(memories):
                self.answer.recall(memories)
            case PromptProgress(done, total) if total:
                self.answer.wait(self.tr("Reading… {percent} %").format(percent=formats.number(100 * done // total)))
            case ThinkingDelta(text, seconds):
                self.answer.think(text, seconds)
            case TextDelta(text):
                self.answer.feed(text)
            case ToolCallRequested(call, needs_approval, request):
                self.answer.request(call, request if needs_approval else None)
            case ToolFinished(result):
                self.answer.finish_call(result)
                self.answer.wait(self.tr("Thinking…"))
            case TurnFinished(_, stats, cut):
                self._end("cut" if cut else "complete", stats=stats)
            case TurnStopped(_, stats):
                self._end("stopped", stats=stats)
            case TurnFailed(message, hint):
                self._end("failed", told(f"{message} {hint}".strip()))

    def _end(self, status: str, message: str = "", **how: object) -> None:
        self.is_over = True
        self.answer.end(status, message, **how)
