"""What the model is told: the stable head, and the conversation so far."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.messages import Message, ToolResult
from desktop_agent.paths import resources

FAILED = "failed"
"""Messages with this status are shown to the user but not to the model: their turn was refused."""
UNSAID = frozenset({FAILED, "forgotten"})
"""The statuses of messages that the model does not see; of a forgotten one there is nothing left to see."""

NO_RESULT = "This was interrupted, so there is no result."

NEEDS_EXAMPLES = 3_000_000_000
"""Models with fewer parameters learn from examples what larger ones understand from the instructions alone: of 18
everyday requests the 1.5B starter handled 6 as it should without them, 17 with them."""


def head(parameters: int) -> tuple[Message, ...]:
    """Return the beginning of every prompt for a model of that size.

    It never changes within a version, so that its KV state can be reused.
    """
    prompts = resources() / "prompts"
    system = Message("system", (prompts / "system.txt").read_text(encoding="utf-8").strip())
    if parameters >= NEEDS_EXAMPLES:
        return (system,)
    examples = json.loads((prompts / "examples.json").read_text(encoding="utf-8"))
    return (system, *map(Message.from_dict, examples))


@dataclass(frozen=True)
class Part:
    """A turn as the model sees it: a user message and what follows. `ids` are those of its messages in the chat."""

    messages: tuple[Message, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether there is more than the user's words."""
        return any(message.role != "user" for message in self.messages)

    def plus(self, stored: StoredMessageLike) -> "Part":
        """Return the turn with one more message; a second user message is merged with the first."""
        message, before = stored.message, self.messages
        if before and message.role == before[-1].role == "user":
            message, before = replace(message, text=f"{before[-1].text}\n\n{message.text}"), before[:-1]
        return Part((*before, message), (*self.ids, stored.id))

    def with_results(self) -> "Part":
        """Return the turn with a result for each of its last calls that has none, as after a crash."""
        answers = [message for message in self.messages if message.role == "assistant"]
        calls = answers[-1].calls if answers else ()
        have = {message.result.call_id for message in self.messages if message.result}
        missing = (ToolResult(call.id, call.name, NO_RESULT, ok=False) for call in calls if call.id not in have)
        return replace(self, messages=(*self.messages, *(Message("tool", it.text, result=it) for it in missing)))

    def takes(self, message: Message) -> bool:
        """Tell whether a message belongs into a prompt: no empty answer, no result whose call is gone."""
        if message.role == "assistant":
            return bool(message.raw or message.text)
        if message.role != "tool":
            return True
        calls = {call.id for earlier in self.messages for call in earlier.calls}
        return self.is_answered and (message.result is None or message.result.call_id in {"", *calls})


def turns(history: Iterable[StoredMessageLike]) -> list[Part]:
    """Return the conversation as the model may see it, cut into turns; each begins with a user message.

    What answers a question that is unsaid is unsaid too. User messages that follow each other, as after an interrupted
    turn, become one, and calls without results get some: some templates raise otherwise.
    """
    parts: list[Part] = []
    heard = True
    for stored in history:
        if stored.message.role == "user":
            heard = stored.status not in UNSAID
        if heard and stored.status not in UNSAID and (parts[-1] if parts else Part()).takes(stored.message):
            _add(parts, stored)
    return parts


def _add(parts: list[Part], stored: StoredMessageLike) -> None:
    if parts and stored.message.role != "tool":
        parts[-1] = parts[-1].with_results()
    if not parts or (stored.message.role == "user" and parts[-1].is_answered):
        parts.append(Part())
    parts[-1] = parts[-1].plus(stored)


def previous_question(history: Sequence[StoredMessageLike], question_id: str) -> str:
    """Return what the user said before this question; empty for the first one."""
    said = [it for it in history if it.message.role == "user" and it.status not in UNSAID and it.id != question_id]
    return said[-1].message.text if said else ""
