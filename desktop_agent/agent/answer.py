"""One step's answer, journalled while it streams."""

import time
from collections.abc import Generator, Iterator
from dataclasses import replace

from desktop_agent.agent.protocols import Journal
from desktop_agent.events import PromptProgress, TextDelta, ThinkingDelta, TurnStats
from desktop_agent.llm.protocol import Completion, ModelEvent
from desktop_agent.messages import Message

JOURNAL_SECONDS = 0.5
"""At most this much text can be lost to a power cut."""


class Answer:
    """An assistant message that grows in the journal. `text` is what has been shown so far, without the `thinking`."""

    def __init__(self, journal: Journal, conversation_id: str) -> None:
        self._journal = journal
        self.id = journal.append(conversation_id, Message("assistant"), "streaming").id
        self.text = self.thinking = ""
        self._written_at = time.monotonic()
        self._thinks_since = 0.0

    def stream(
        self, events: Iterator[ModelEvent]
    ) -> Generator[PromptProgress | ThinkingDelta | TextDelta, None, Completion]:
        """Pass the model's events on and return its Completion. Whatever ends the stream, the text so far is kept."""
        final, status = Message("assistant"), "failed"
        try:
            for event in events:
                if isinstance(event, Completion):
                    final, status = event.message, "stopped" if event.reason == "cancelled" else "complete"
                    return event
                yield self._grow(event) if isinstance(event, TextDelta | ThinkingDelta) else event
            raise RuntimeError("the model ended without a Completion")
        except GeneratorExit:
            status = "stopped"
            raise
        finally:
            self.text, self.thinking = final.text or self.text, final.thinking or self.thinking
            self._journal.update(self.id, replace(final, text=self.text, thinking=self.thinking), status)

    def _grow(self, more: TextDelta | ThinkingDelta) -> TextDelta | ThinkingDelta:
        """Take more text, and return it as the turn's event."""
        now = time.monotonic()
        if isinstance(more, TextDelta):
            self.text += more.text
        else:
            self._thinks_since = self._thinks_since or now
            more = replace(more, seconds=round(now - self._thinks_since, 1))
            self.thinking += more.text
        if now - self._written_at >= JOURNAL_SECONDS:
            self._journal.update(self.id, Message("assistant", self.text, thinking=self.thinking), "streaming")
            self._written_at = time.monotonic()
        return more


def add_stats(turn: TurnStats, step: TurnStats) -> TurnStats:
    """Return the turn's figures with one more step; the first says what was reused and how long the user waited."""
    first = turn.prompt_tokens == 0
    return replace(
        turn,
        prompt_tokens=step.prompt_tokens,
        read_tokens=turn.read_tokens + step.read_tokens,
        reused_tokens=step.reused_tokens if first else turn.reused_tokens,
        answer_tokens=turn.answer_tokens + step.answer_tokens,
        first_token_seconds=step.first_token_seconds if first else turn.first_token_seconds,
        read_seconds=turn.read_seconds + step.read_seconds,
        write_seconds=turn.write_seconds + step.write_seconds,
        drafted_tokens=turn.drafted_tokens + step.drafted_tokens,
        cpu_seconds=turn.cpu_seconds + step.cpu_seconds,
        joules=step.joules if first else _sum(turn.joules, step.joules),
    )


def _sum(turn: float | None, step: float | None) -> float | None:
    """Return both together; None when one of them was not counted: half a sum would be no figure."""
    return None if turn is None or step is None else turn + step
