"""The loop that turns one user message into a stream of events."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from desktop_agent.agent.context import ContextWindow
from desktop_agent.agent.prompt import UNSAID, notes
from desktop_agent.agent.protocols import Approver, Journal, Memory, StoredMessageLike, Toolbox
from desktop_agent.agent.turn import Turn
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.events import Event, Recalled, RecalledMemory, TurnFailed, TurnFinished, TurnStopped
from desktop_agent.llm.protocol import ChatModel
from desktop_agent.messages import Message

T = TypeVar("T")
_LOOK_SECONDS = 0.02
_log = logging.getLogger(__name__)


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
        conversation_id = question.conversation_id
        turn = Turn(conversation_id, self.model, self._window, self._toolbox, self._journal, approver, stop)
        try:
            memory, memories = _stoppable(lambda: self._look_up(question), stop)
            yield from self._take_note(question, memories)
            yield from turn.steps()
            self._journal.finish_exchange(question.id, turn.answer_id)
        except Cancelled:
            yield TurnStopped(turn.text, turn.stats)
        except Exception as error:  # noqa: BLE001 -- every turn ends with an event, whatever broke
            self._set_aside(question)
            yield _failure(error)
        else:
            yield TurnFinished(turn.text, turn.stats, turn.is_cut)
            if memory:
                memory.remember(question.id)

    def _look_up(self, question: StoredMessageLike) -> tuple[Memory | None, tuple[RecalledMemory, ...]]:
        """Return memory, which may have to be opened first, and what it has on the question."""
        memory = self._memory()
        return memory, memory.recall(question.message.text, question.conversation_id) if memory else ()

    def _take_note(self, question: StoredMessageLike, memories: tuple[RecalledMemory, ...]) -> Iterator[Event]:
        """Keep the memories with the question: later prompts must begin with the very same text."""
        message = Message("user", question.message.text, notes=notes(self._clock(), memories))
        self._journal.update(question.id, message, "complete")
        if memories:
            yield Recalled(memories)

    def _set_aside(self, question: StoredMessageLike) -> None:
        """Keep what a failed turn brought, but out of later prompts: what failed once would fail them too."""
        self._window.forget(question.conversation_id)
        with suppress(UserFacingError):  # a full disk, say, which may be why the turn failed
            history = self._journal.history(question.conversation_id)
            start = [stored.id for stored in history].index(question.id)
            for stored in history[start:]:
                self._journal.update(stored.id, stored.message, UNSAID)


def _stoppable(work: Callable[[], T], stop: threading.Event) -> T:
    """Return what the work returns; raise Cancelled as soon as `stop` is set, while the work comes to its own end."""
    worker = ThreadPoolExecutor(1, thread_name_prefix="look-up")
    try:
        result = worker.submit(work)
        while not wait([result], _LOOK_SECONDS).done:
            if stop.is_set():
                raise Cancelled
        return result.result()
    finally:
        worker.shutdown(wait=not stop.is_set())


def _failure(error: Exception) -> TurnFailed:
    """Return the error as the turn's last event; a mistake of the program is logged as well."""
    if isinstance(error, UserFacingError):
        return TurnFailed(error.message, error.hint)
    _log.error("A turn failed inside", exc_info=error)
    hint = f"Your question is kept; try it again. ({type(error).__name__})"
    return TurnFailed("Something went wrong inside the program.", hint)
