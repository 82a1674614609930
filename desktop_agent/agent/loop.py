"""The loop that turns one user message into a stream of events."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

from desktop_agent.agent.context import ContextWindow
from desktop_agent.agent.prompt import UNSAID, notes
from desktop_agent.agent.protocols import Approver, Journal, Memory, StoredMessageLike, Toolbox
from desktop_agent.agent.turn import Turn
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.events import Event, Recalled, TurnFailed, TurnFinished, TurnStopped
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.messages import Message


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Agent:
    """One model, one toolbox, one memory, which is asked for when a turn begins: it may come later, or not at all.

    Runs one turn at a time, on the caller's thread.
    """

    def __init__(
        self,
        model: ChatModel,
        toolbox: Toolbox,
        memory: Callable[[], Memory | None],
        journal: Journal,
        clock: Callable[[], datetime] = _local_now,
    ) -> None:
        self.model = model
        self._toolbox = toolbox
        self._memory = memory
        self._journal = journal
        self._clock = clock
        self._window = ContextWindow(model, toolbox.specs())

    def run(self, question: StoredMessageLike, approver: Approver, stop: threading.Event) -> Iterator[Event]:
        """Yield the events of a turn whose question is on disk, ending with TurnFinished, TurnStopped or TurnFailed.

        The answer is journalled while it is written. `stop` ends the turn within 200 ms. After TurnFinished the
        exchange is indexed, so drain the iterator.
        """
        conversation_id, memory = question.conversation_id, self._memory()
        turn = Turn(conversation_id, self.model, self._window, self._toolbox, self._journal, approver, stop)
        try:
            yield from self._recall(question, memory)
            yield from turn.steps()
        except Cancelled:
            yield TurnStopped(turn.text, turn.stats)
        except UserFacingError as error:
            self._set_aside(question)
            yield TurnFailed(error.message, error.hint)
        else:
            self._journal.finish_exchange(question.id, turn.answer_id)
            yield TurnFinished(turn.text, turn.stats)
            if memory:
                memory.remember(question.id)

    def _recall(self, question: StoredMessageLike, memory: Memory | None) -> Iterator[Event]:
        """Look up memories and keep them with the question: later prompts must begin with the very same text."""
        text = question.message.text
        memories = memory.recall(text, question.conversation_id) if memory else ()
        message = Message("user", text, notes=notes(self._clock(), memories))
        self._journal.update(question.id, message, "complete")
        if memories:
            yield Recalled(memories)

    def _set_aside(self, question: StoredMessageLike) -> None:
        """Keep what a failed turn brought, but out of later prompts: what failed once would fail them too."""
        history = self._journal.history(question.conversation_id)
        start = [stored.id for stored in history].index(question.id)
        for stored in history[start:]:
            self._journal.update(stored.id, stored.message, UNSAID)
