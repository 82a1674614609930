"""The notes of an earlier answer, read again from where they come from."""

from collections.abc import Iterable
from itertools import groupby

from desktop_agent.events import RecalledMemory
from desktop_agent.memory.snippets import MEMORY
from desktop_agent.messages import Turn


def noted(turns: Iterable[Turn]) -> list[RecalledMemory]:
    """Return turns as notes with their text as it is now: each saved memory, and what stood together of one chat."""
    groups = groupby(turns, key=lambda turn: turn.id if turn.id.startswith(MEMORY) else turn.conversation_id)
    return [_note(list(group)) for _, group in groups]


def _note(turns: list[Turn]) -> RecalledMemory:
    first = turns[0]
    is_saved = first.id.startswith(MEMORY)
    return RecalledMemory(
        conversation_id=first.conversation_id,
        conversation_title=first.conversation_title,
        message_id="" if is_saved else first.id,
        date=first.date,
        text=first.text if is_saved else "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns),
        score=0.0,
        origin=first.origin,
        memory_id=first.id.removeprefix(MEMORY) if is_saved else "",
        turn_ids=tuple(turn.id for turn in turns),
    )
