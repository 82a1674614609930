"""One conversation at a time on the panel: opening, asking, stopping, and showing what happens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_agent.approvals import Decision
from desktop_agent.events import (
    ContextChanged,
    Event,
    PromptProgress,
    TextDelta,
    ThinkingDelta,
    ToolCallRequested,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from desktop_agent.ui import formats, history
from desktop_agent.ui.background import Background
from desktop_agent.ui.chat_panel import ChatPanel
from desktop_agent.ui.history import StoredTurn
from desktop_agent.ui.temporary import Temporary, is_temporary
from desktop_agent.ui.turn_view import TurnView
from desktop_agent.ui.turns import LiveTurn, Turns

if TYPE_CHECKING:
    from desktop_agent.app import App


class Chat(QObject):
    """`listed` is emitted when the list of conversations is out of date, `opening` when another one is shown.

    `model_wanted` is emitted instead of asking while `can_ask` is false. `without_model` is what the status line says
    while no model is loaded.
    """

    listed = Signal()
    model_wanted = Signal()
    opening = Signal(str)

    def __init__(self, app: "App", background: Background, panel: ChatPanel) -> None:
        super().__init__(panel)
        self.conversation_id = ""
        self.can_ask = True
        self.without_model = ""
        self.turns = Turns(app, background)
        self.turns.began.connect(self._on_begin)
        self.turns.happened.connect(self._on_event)
        self.turns.posed.connect(self._on_question)
        self._app, self._background, self._panel = app, background, panel
        self.temporary = Temporary(app, background, self)
        self._drafts: dict[str, str] = {}
        self._contexts: dict[str, ContextChanged] = {}
        self._view: TurnView | None = None
        self._shown: LiveTurn | None = None
        panel.composer.sent.connect(self.send)
        panel.composer.stopped.connect(self.stop)
        panel.transcript.decided.connect(self._decide)
        panel.transcript.answered.connect(self._answer)
        panel.transcript.retried.connect(self.edit_again)

    def new(self) -> None:
        """Begin a conversation; it exists once something is asked."""
        self.temporary.leave(lambda: self.begin(""), self._panel)

    def begin(self, conversation_id: str) -> None:
        """Show a conversation in which nothing was said yet; it may not exist yet."""
        self._leave(conversation_id)
        self._panel.show_welcome()
        self._arrive()
        self._panel.composer.setFocus()

    def open(self, conversation_id: str, focus: str = "") -> None:
        """Show a conversation, at a message when its id is given."""
        if conversation_id == self.conversation_id:
            self._open(conversation_id, focus)
        else:
            self.temporary.leave(lambda: self._open(conversation_id, focus), self._panel)

    @property
    def has_words(self) -> bool:
        """Whether something was said or written here."""
        return bool(self._panel.transcript.views or self._panel.composer.text.strip())

    def _open(self, conversation_id: str, focus: str) -> None:
        self._leave(conversation_id)
        live = self.turns.live
        live = live if live and live.conversation_id == conversation_id else None
        self._background.run(
            lambda: self._read(conversation_id),
            done=lambda turns: self._show(conversation_id, turns, live, focus),
        )

    def send(self, text: str) -> None:
        """Ask, in this conversation or in a new one."""
        if self.turns.live:
            return
        if not self.can_ask:
            self.model_wanted.emit()
            return
        self._panel.show_transcript()
        self._panel.composer.clear()
        self._follow(self.turns.start(self.conversation_id, text))
        self._view.answer.wait(self.tr("Thinking…") if self._app.model else self.tr("Waiting for the model…"))
        self._show_busy()

    def stop(self) -> None:
        """End the running turn."""
        if self.turns.live:
            self.turns.stop()
            self._panel.status.show_state(self.tr("Stopping…"))

    def edit_again(self, text: str) -> None:
        """Give a question's text back to the user."""
        composer = self._panel.composer
        composer.write(f"{text}\n{composer.text}" if composer.text.strip() else text)
        composer.setFocus()

    def _decide(self, call_id: str, decision: Decision) -> None:
        self.turns.decide(call_id, decision)
        if not (self._view and self._view.answer.offer_focus()):
            self._panel.composer.setFocus()

    def _answer(self, words: str) -> None:
        self.turns.answer(words)
        self._panel.composer.setFocus()
        self._panel.status.show_state(self.tr("Using a tool…"))

    def _leave(self, for_id: str) -> None:
        """Keep the draft and forget what is shown."""
        if not is_temporary(self.conversation_id):
            self._drafts[self.conversation_id] = self._panel.composer.text
        self.conversation_id = for_id
        self._view = self._shown = None
        self.opening.emit(for_id)

    def _arrive(self) -> None:
        panel = self._panel
        panel.composer.write(self._drafts.get(self.conversation_id, ""))
        panel.status.show_context(self._contexts.get(self.conversation_id))
        self._show_busy()

    def _read(self, conversation_id: str) -> list[StoredTurn]:
        messages = self._app.transcript_of(conversation_id).history(conversation_id)
        return history.turns(messages, self._app.desk.recalled)

    def _show(self, conversation_id: str, turns: Sequence[StoredTurn], live: LiveTurn | None, focus: str) -> None:
        if conversation_id != self.conversation_id:
            return  # another one was chosen meanwhile
        if live:
            started = [event.message_id for event in live.events if isinstance(event, TurnStarted)]
            turns = [turn for turn in turns if not (started and turn.holds(started[0]))]
        self._panel.transcript.show_turns(turns, focus)
        self._panel.show_transcript()
        if live:
            self._follow(live)
        self._arrive()

    def _follow(self, turn: LiveTurn) -> None:
        """Show a live turn, with what happened so far."""
        self._shown, self._view = turn, self._panel.transcript.begin(turn.text)
        for event in turn.events:
            if isinstance(event, ToolCallRequested) and event.call.id in turn.decided:
                event = ToolCallRequested(event.call, needs_approval=False)  # noqa: PLW2901
            self._view.show_event(event)
        if turn.question:
            self._view.answer.pose(turn.question)

    def _on_begin(self, turn: LiveTurn) -> None:
        if self._shown is turn:
            self.conversation_id = turn.conversation_id
            self.opening.emit(turn.conversation_id)
        self.listed.emit()

    def _on_event(self, turn: LiveTurn, event: Event) -> None:
        if self._shown is turn:
            self._view.show_event(event)
            if isinstance(event, ToolCallRequested) and event.needs_approval:
                self._offer_focus()
        self._show_progress(turn, event)

    def _on_question(self, turn: LiveTurn) -> None:
        if self._shown is turn and turn.question:
            self._view.answer.pose(turn.question)
            self._offer_focus()
        self._panel.status.show_state(self.tr("Waiting for you"))

    def _offer_focus(self) -> None:
        """Deny is the default, but nobody is interrupted while writing."""
        if not self._panel.composer.text:
            self._view.answer.offer_focus()

    def _show_progress(self, turn: LiveTurn, event: Event) -> None:
        status = self._panel.status
        match event:
            case TurnStarted():
                if self._app.model:
                    status.show_state(self.tr("Thinking…"))
                self.listed.emit()
            case ContextChanged():
                self._contexts[turn.conversation_id] = event
                if turn.conversation_id == self.conversation_id:
                    status.show_context(event)
            case PromptProgress(done, total):
                text = self.tr("Reading {done} of {total} tokens")
                status.show_state(text.format(done=formats.number(done), total=formats.number(total)))
            case ThinkingDelta():
                status.show_state(self.tr("Thinking…"))
            case TextDelta():
                status.show_state(self.tr("Writing…"))
            case ToolCallRequested(_, needs_approval):
                status.show_state(self.tr("Waiting for you") if needs_approval else self.tr("Using a tool…"))
            case TurnFinished(_, stats) | TurnStopped(_, stats):
                status.show_speed(stats)
                self._end()
            case TurnFailed():
                self._end()

    def _end(self) -> None:
        self._show_busy()
        self.listed.emit()

    def _show_busy(self) -> None:
        live = self.turns.live
        self._panel.composer.set_busy(live is not None)
        if live is None:
            self._panel.status.show_state(self.tr("Ready") if self._app.model else self.without_model)
        elif live is not self._shown:
            self._panel.status.show_state(self.tr("Answering in another chat…"))
