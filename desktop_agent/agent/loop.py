"""The loop that turns one user message into a stream of events."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import dropwhile
from typing import TypeVar

from desktop_agent.agent import notes
from desktop_agent.agent.context import NOTES_SHARE, ContextWindow
from desktop_agent.agent.draft import Draft, is_draft
from desktop_agent.agent.lookup import LookUp, attempt
from desktop_agent.agent.notes import Notes
from desktop_agent.agent.pace import ReadingPace
from desktop_agent.agent.prompt import FAILED, previous_question
from desktop_agent.agent.protocols import Approver, Journal, Memory, StoredMessageLike, Toolbox
from desktop_agent.agent.turn import Turn
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.events import Event, MemorySaved, Recalled, TurnFailed, TurnFinished, TurnStopped
from desktop_agent.llm.protocol import ChatModel, Request
from desktop_agent.messages import Message, RecallQuery, SavedMemory

T = TypeVar("T")
_LOOK_SECONDS = 0.02
_log = logging.getLogger(__name__)


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Agent:
    """One model, one toolbox, and the memory of each chat, asked for when a turn begins; None where there is none.

    Runs one turn at a time, on the caller's thread.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- all that an agent is made of
        self,
        model: ChatModel,
        toolbox: Toolbox,
        memory: Callable[[str], Memory | None],
        journal: Journal,
        clock: Callable[[], datetime] = _local_now,
        thinking: Callable[[], bool] = lambda: False,
    ) -> None:
        """`memory` is given the conversation's id; `thinking` says whether a model that can is to think first."""
        self.model = model
        self._toolbox = toolbox
        self._memory = memory
        self._journal = journal
        self._clock = clock
        self._window = ContextWindow(model, toolbox.specs, thinking)
        self._pace = ReadingPace()

    def run(self, question: StoredMessageLike, approver: Approver, stop: threading.Event) -> Iterator[Event]:
        """Yield the events of a turn whose question is on disk, ending with TurnFinished, TurnStopped or TurnFailed.

        The answer is journalled while it is written. `stop` ends the turn within 200 ms. What was said is remembered
        after the last event, so drain the iterator.
        """
        conversation_id = question.conversation_id
        turn = Turn(question, self.model, self._window, self._toolbox, self._journal, approver, stop)
        memory: Memory | None = None
        try:
            memory = _stoppable(lambda: attempt(lambda: self._memory(conversation_id), None), stop)
            saved = attempt(partial(memory.take_wish, question), None) if memory else None
            if saved:
                yield MemorySaved(saved)
            history = self._journal.history(conversation_id)
            yield from self._take_note(question, self._look_up(memory, question, history, self._window, stop), saved)
            yield from turn.steps()
        except Cancelled:
            yield TurnStopped(turn.text, turn.stats)
        except Exception as error:  # noqa: BLE001 -- every turn ends with an event, whatever broke
            self._set_aside(question)
            yield _failure(error)
            return
        else:
            yield TurnFinished(turn.text, turn.stats, turn.is_cut)
        self._pace.observe(turn.stats)
        if memory and turn.text:
            attempt(partial(memory.remember, (question.id, *turn.answer_ids)), None)

    def read_ahead(self, conversation_id: str, text: str, stop: threading.Event) -> int:
        """Let the model read what is certain of a chat's next prompt; return how many of its tokens are ready.

        `text` is the question as far as it is typed; it gets the notes that it would get now. Nothing is written, kept
        or remembered of it. `stop` ends it within 200 ms. What does not fit is not read.
        """
        try:
            request = self._ahead(conversation_id, text, stop)
            return self.model.prepare(request, stop)
        except (Cancelled, UserFacingError):
            return 0

    def _ahead(self, conversation_id: str, text: str, stop: threading.Event) -> Request:
        """Return the next request, as far as it is known."""
        window, history = self._window.aside(), [*self._journal.history(conversation_id)]
        if text.strip():
            draft = Draft(conversation_id, Message("user", text))
            memory = _stoppable(lambda: attempt(lambda: self._memory(conversation_id), None), stop)
            noted = self._look_up(memory, draft, [*history, draft], window, stop)
            history.append(draft.with_notes(noted.text, noted.turn_ids))
        return window.request(conversation_id, history, allow_calls=True)[0]

    def _look_up(
        self,
        memory: Memory | None,
        question: StoredMessageLike,
        history: Sequence[StoredMessageLike],
        window: ContextWindow,
        stop: threading.Event,
    ) -> Notes:
        """Return the notes for the question, which ends the history, with what memory has on it."""
        if memory is None:
            return notes.write(self._clock())
        conversation_id = question.conversation_id
        tokens = min(self._pace.tokens, self.model.context_size // NOTES_SHARE)
        view = window.view(conversation_id, history, tokens)
        before = previous_question(history, question.id)
        query = RecallQuery(question.message.text, conversation_id, before, tokens=tokens, ahead=is_draft(question))
        found = _stoppable(LookUp(memory, query, view, window.cost).find, stop)
        return notes.write(self._clock(), found, {it.memory_id for it in found if view.outdates(it)})

    def _take_note(self, question: StoredMessageLike, noted: Notes, saved: SavedMemory | None) -> Iterator[Event]:
        """Keep the notes with the question: later prompts must begin with the very same text."""
        message = replace(question.message, notes=noted.text, noted=noted.turn_ids)
        self._journal.update(question.id, message, "complete")
        recalled = tuple(it for it in noted.memories if not saved or it.memory_id != saved.id)
        if recalled:
            yield Recalled(recalled)

    def _set_aside(self, question: StoredMessageLike) -> None:
        """Keep what a failed turn brought, but out of later prompts: what failed once would fail them too."""
        self._window.forget(question.conversation_id)
        with suppress(UserFacingError):  # a full disk, say, which may be why the turn failed
            history = self._journal.history(question.conversation_id)
            for stored in dropwhile(lambda stored: stored.id != question.id, history):  # a purged chat has none
                self._journal.update(stored.id, stored.message, FAILED)


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
