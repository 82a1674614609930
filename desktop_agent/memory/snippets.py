"""What was found, with what was said around it, as short as the prompt wants it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import chain

from desktop_agent.events import RecalledMemory
from desktop_agent.memory.excerpt import cost, line
from desktop_agent.memory.ranking import Hit
from desktop_agent.messages import Turn

MEMORY = "memory-"
"""How the id of a saved memory's turn begins."""
_HIT_TOKENS, _NEIGHBOUR_TOKENS = 160, 60
"""At most for a turn that was found, unless it is the best, and for one beside it."""
_LEAST_TOKENS = 12
"""A shorter piece of a turn says nothing."""
_LABEL_TOKENS = 8
"""What the date above a note costs."""


@dataclass
class _Passage:
    """Turns of one chat that belong together because of the hits among them, the best of which is the first."""

    best: Hit
    turns: dict[str, Turn]
    lines: dict[str, str] = field(default_factory=dict)


def snippets(
    hits: Sequence[Hit], words: Collection[str], tokens: int, left_out: Collection[str] = ()
) -> tuple[RecalledMemory, ...]:
    """Return hits, best first, as notes of about so many tokens together, best first; scores are the hits' own.

    Hits with common neighbours are one note. Room goes to the hits first, then to their neighbours; long turns are cut
    around the words. No turn is in two notes, and none that is `left_out` in any.
    """
    passages = _joined(hits, left_out)
    places = {id_: passage for passage in passages for id_ in passage.turns}
    room = float(tokens)
    for number, hit in enumerate(hits):
        room = _write(places[hit.turn_id], hit.turn, words, room, _HIT_TOKENS if number else tokens)
    for turn in chain.from_iterable(hit.run for hit in hits if places[hit.turn_id].lines):
        if turn.id in places and turn.id not in places[turn.id].lines:
            room = _write(places[turn.id], turn, words, room, _NEIGHBOUR_TOKENS)
    return tuple(_memory(passage) for passage in passages if passage.lines)


def _joined(hits: Sequence[Hit], left_out: Collection[str]) -> list[_Passage]:
    passages: list[_Passage] = []
    for hit in hits:
        new = _Passage(hit, {turn.id: turn for turn in hit.run if turn.id not in left_out})
        touching = [passage for passage in passages if not passage.turns.keys().isdisjoint(new.turns)]
        whole = touching[0] if touching else new
        for other in (*touching[1:], new):
            whole.turns.update(other.turns)
        passages = [passage for passage in passages if passage not in touching[1:]] + ([] if touching else [new])
    return passages


def _write(passage: _Passage, turn: Turn, words: Collection[str], room: float, most: int) -> float:
    """Give a passage the line of a turn when there is room, and return the room that is left."""
    label = 0 if passage.lines else _LABEL_TOKENS
    if room - label < _LEAST_TOKENS:
        return room
    written = line(turn, int(min(room - label, most)), words)
    passage.lines[turn.id] = written
    return room - label - cost(written)


def _memory(passage: _Passage) -> RecalledMemory:
    best = passage.best.turn
    ids = sorted(passage.lines, key=lambda id_: passage.turns[id_].date)
    return RecalledMemory(
        conversation_id=best.conversation_id,
        conversation_title=best.conversation_title,
        message_id="" if best.id.startswith(MEMORY) else best.id,
        date=best.date,
        text="\n".join(passage.lines[id_] for id_ in ids),
        score=round(passage.best.score, 4),
        origin=best.origin,
        memory_id=best.id.removeprefix(MEMORY) if best.id.startswith(MEMORY) else "",
        turn_ids=tuple(ids),
    )
