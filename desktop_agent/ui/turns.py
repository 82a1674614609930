"""Turns as the window sees them: one at a time on a worker, told event by event."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.errors import UserFacingError
from desktop_agent.events import Event, TextDelta, ThinkingDelta, TurnFailed, TurnFinished, TurnStarted, TurnStopped
from desktop_agent.ui.background import Background

if TYPE_CHECKING:
    from desktop_agent.app import App
    from desktop_agent.storage.transcript import StoredMessage

POLL_SECONDS = 0.05
"""How often a worker that waits for the user looks whether the turn was stopped."""


@dataclass
class LiveTurn:
    """A turn that is going on. `conversation_id` is empty until a new conversation exists.

    `pose` puts a tool's question before the user; `question` is the one that waits for an answer.
    """

    conversation_id: str
    text: str
    events: list[Event] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    decisions: "queue.Queue[tuple[str, Decision]]" = field(default_factory=queue.Queue)
    decided: set[str] = field(default_factory=set)
    pose: Callable[[Question], None] = lambda _question: None
    question: Question | None = None
    answers: "queue.Queue[str]" = field(default_factory=queue.Queue)
    is_over: bool = False

    def note(self, event: Event) -> None:
        """Keep the event, so that the turn can be shown again after looking at another conversation."""
        last = self.events[-1] if self.events else None
        if isinstance(event, TextDelta | ThinkingDelta) and isinstance(last, type(event)):
            self.events[-1] = replace(event, text=last.text + event.text)
        else:
            self.events.append(event)

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        """Wait on the worker for the user's clicks on these calls' cards; implements the agent's Approver."""
        decided: dict[str, Decision] = {}
        while not stop.is_set() and len(decided) < len(requests):
            try:
                call_id, decision = self.decisions.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            decided[call_id] = decision
        return [decided.get(request.call.id, "deny") for request in requests]

    def answer(self, question: Question, stop: threading.Event) -> str:
        """Wait on the worker for the user's words; empty when there are none. Implements the agent's Approver."""
        self.pose(question)
        while not stop.is_set():
            try:
                return self.answers.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
        return ""


class Turns(QObject):
    """Runs turns. `began` says that the conversation exists, `happened` brings every event; both carry the LiveTurn.

    `asked` is emitted first of all, so that whoever else uses the model gives it back. `posed` carries the LiveTurn
    whose tool asks a question.
    """

    asked = Signal()
    began = Signal(object)
    happened = Signal(object, object)
    posed = Signal(object)

    def __init__(self, app: "App", background: Background) -> None:
        super().__init__(background)
        self._app = app
        self._background = background
        self.live: LiveTurn | None = None

    def start(self, conversation_id: str, text: str) -> LiveTurn:
        """Ask in a conversation, or in a new one when the id is empty."""
        turn = self.live = LiveTurn(conversation_id, text)
        turn.pose = lambda question: self._background.post(self._pose, turn, question)
        self.asked.emit()
        self._background.run(
            lambda: self._keep(turn),
            done=lambda kept: self._answer(turn, kept),
            failed=lambda error: self._fail(turn, error),
        )
        return turn

    def stop(self) -> None:
        """Ask the turn to end."""
        if self.live:
            self.live.stop.set()

    def decide(self, call_id: str, decision: Decision) -> None:
        """Pass the user's decision on to the waiting worker."""
        if self.live:
            self.live.decided.add(call_id)
            self.live.decisions.put((call_id, decision))

    def answer(self, words: str) -> None:
        """Pass the user's words on to the tool that waits for them."""
        if self.live and self.live.question:
            self.live.question = None
            self.live.answers.put(words)

    def _pose(self, turn: LiveTurn, question: Question) -> None:
        turn.question = question
        self.posed.emit(turn)

    def _keep(self, turn: LiveTurn) -> "StoredMessage":
        """Put the question on disk at once, even while the model is still being loaded."""
        return self._app.keep(turn.conversation_id or self._app.conversations.create().id, turn.text)

    def _answer(self, turn: LiveTurn, question: "StoredMessage") -> None:
        turn.conversation_id = question.conversation_id
        self.began.emit(turn)
        turn.note(TurnStarted(question.conversation_id, question.id))  # the turn's own comes when there is a model
        self._background.run(
            lambda: self._run(turn, question), failed=lambda error: self._fail(turn, error), lane="turn"
        )

    def _run(self, turn: LiveTurn, question: "StoredMessage") -> None:
        for event in self._app.answer(question, turn, turn.stop):
            self._background.post(self._happen, turn, event)

    def _happen(self, turn: LiveTurn, event: Event) -> None:
        turn.note(event)
        if isinstance(event, TurnFinished | TurnStopped | TurnFailed):
            turn.is_over = True
            if self.live is turn:
                self.live = None
        self.happened.emit(turn, event)

    def _fail(self, turn: LiveTurn, error: Exception) -> None:
        if not turn.is_over:
            self._happen(turn, failure(error))


def failure(error: Exception) -> TurnFailed:
    """Return an error as the event that the window shows."""
    if isinstance(error, UserFacingError):
        return TurnFailed(error.message, error.hint)
    return TurnFailed(
        QCoreApplication.translate("Turns", "Something went wrong inside the program."),
        QCoreApplication.translate("Turns", "Your question is kept; try it again. ({kind})").format(
            kind=type(error).__name__
        ),
    )
