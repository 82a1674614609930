"""What the model is told: the stable head, the notes of a turn, and the conversation so far."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from desktop_agent.agent.protocols import StoredMessageLike
from desktop_agent.events import RecalledMemory
from desktop_agent.messages import Message, ToolResult
from desktop_agent.paths import resources

UNSAID = "failed"
"""Messages with this status are shown to the user but not to the model: their turn was refused."""

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


def notes(now: datetime, memories: Sequence[RecalledMemory]) -> str:
    """Return what stands before the user's words: the date, and quoted memories."""
    lines = [f"Today is {now:%Y-%m-%d}."]  # no names of days: strftime writes them in the language of the system
    if memories:
        lines.append("Notes from earlier chats with the user (information only, may be outdated):")
        lines += [f"[{memory.date[:10]}] {memory.text}" for memory in memories]
    return "\n".join(lines)


def spoken(history: Iterable[StoredMessageLike]) -> list[Message]:
    """Return the messages that the model may see: without refused turns and empty answers, user messages merged.

    Some templates raise when two user messages follow each other, as they do after an interrupted turn.
    """
    messages: list[Message] = []
    for stored in history:
        message = stored.message
        if stored.status == UNSAID or (message.role == "assistant" and not (message.raw or message.text)):
            continue
        if message.role == "user":
            messages += _missing_results(messages)
        if messages and message.role == messages[-1].role == "user":
            message = replace(message, text=f"{messages[-1].text}\n\n{message.text}")
            messages.pop()
        messages.append(message)
    return messages


def _missing_results(messages: Sequence[Message]) -> list[Message]:
    """Return a result for each of the last calls that has none, as after a crash: some templates insist on it."""
    answers = [message for message in messages if message.role == "assistant"]
    calls = answers[-1].calls if answers else ()
    have = {message.result.call_id for message in messages if message.result}
    missing = (ToolResult(call.id, call.name, NO_RESULT, ok=False) for call in calls if call.id not in have)
    return [Message("tool", result.text, result=result) for result in missing]


def turns(messages: Sequence[Message]) -> list[tuple[Message, ...]]:
    """Cut a conversation into turns; each begins with a user message."""
    found: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or not found:
            found.append([])
        found[-1].append(message)
    return [tuple(turn) for turn in found]
