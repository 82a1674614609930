"""What a model would remember of a closed chat: suggestions for the user to accept or reject, made in idle time."""

import json
import re
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop_agent.lexical import group, normal, terms
from desktop_agent.llm.protocol import ChatModel, Completion, Request
from desktop_agent.messages import Json, Message, Turn
from desktop_agent.paths import resources

PARAMETERS = 6.5e9
"""Smaller models copy sentences word by word, and find facts in small talk."""
IDLE_SECONDS = 120.0
MOST = 8
LONGEST = 200
"""Characters of a fact."""
_READ = 2000
_WRITTEN = 800
"""Tokens of a chat that are looked at, its end if it is longer, and of the answer."""
_USER, _ASSISTANT = 500, 200
"""Characters of one turn."""
_SHARED = 3
"""One in this many words of a fact must stand in the turn that it cites."""
_ABOUT = frozenset({"user", "用", "户", "用户"})
"""Words that stand for the user: every fact has them."""
_ONLY_ASKED = re.compile(
    r"\b(?:ask(?:s|ed|ing)?|wants? to know|wonder(?:s|ed|ing)?)\b|询问|问了|想知道|想了解", re.IGNORECASE
)


@dataclass(frozen=True)
class Suggested:
    """A fact about the user, and the turn that says it."""

    text: str
    turn_id: str


def may_suggest(parameters: int, idle_seconds: float, on_battery: bool | None) -> bool:
    """Tell whether a model of that size may look at closed chats now; not while it is unknown where power comes from.

    `idle_seconds` is how long the user has done nothing.
    """
    return parameters >= PARAMETERS and idle_seconds >= IDLE_SECONDS and on_battery is False


def suggest(model: ChatModel, turns: Sequence[Turn], stop: threading.Event) -> list[Suggested]:
    """Return what a closed chat says about the user, at most eight facts, each with the user's turn that says it.

    One call, which takes a 7B model about a minute on two cores; setting `stop` ends it within 200 ms with nothing. The
    model's cache then holds this prompt and no longer the last chat's. Raises UserFacingError as the model does.
    """
    numbered = _fitting(model, dict(enumerate(turns, 1)))
    if not any(_is_users(turn) for turn in numbered.values()):
        return []
    *_, end = model.generate(_request(numbered), stop)
    if stop.is_set() or not isinstance(end, Completion) or end.reason == "cancelled":
        return []
    found = {normal(each.text): each for each in _grounded(end.message.text, numbered)}
    return list(found.values())[:MOST]


def _is_users(turn: Turn) -> bool:
    return turn.speaker != "Assistant" and turn.origin == "chat"


def _fitting(model: ChatModel, turns: Mapping[int, Turn]) -> dict[int, Turn]:
    """Return the last turns that fit the context and are read in reasonable time."""
    room = min(_READ, model.context_size - min(_WRITTEN, model.context_size // 4))
    numbers = list(turns)

    def fits(first: int) -> bool:
        kept = {number: turns[number] for number in numbers[first:]}
        return model.count_tokens(_request(kept)) <= room

    first = bisect_left(range(len(numbers)), True, key=fits)
    return {number: turns[number] for number in numbers[first:]}


def _request(turns: Mapping[int, Turn]) -> Request:
    task = (resources() / "prompts" / "suggest.txt").read_text(encoding="utf-8").strip()
    chat = "\n".join(_line(number, turn) for number, turn in turns.items())
    messages = (Message("system", task), Message("user", chat))
    return Request(messages, max_tokens=_WRITTEN, schema=_schema(turns))


def _line(number: int, turn: Turn) -> str:
    """Return the turn on a single line, so that no text can pass for another turn."""
    most = _USER if _is_users(turn) else _ASSISTANT
    said = " ".join(turn.text[: 2 * most].split())
    shortened = said if len(said) <= most else f"{said[:most]}…"
    return f"{number}. {turn.speaker} ({turn.date[:10]}): {shortened}"


def _schema(turns: Mapping[int, Turn]) -> dict[str, Json]:
    """Return a schema that only lets the user's turns be cited; the turn comes before the fact that rests on it."""
    cited = [number for number, turn in turns.items() if _is_users(turn)] or [0]
    fact = {"turn": {"enum": cited}, "fact": {"type": "string", "minLength": 1, "maxLength": LONGEST}}
    return _object({"facts": {"type": "array", "items": _object(fact), "maxItems": MOST}})


def _object(properties: Mapping[str, Json]) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _grounded(answer: str, turns: Mapping[int, Turn]) -> Iterator[Suggested]:
    """Yield those facts of the answer that rest on the turn they cite; none when it is not the JSON that was wanted."""
    try:
        facts = json.loads(answer)["facts"]
        pairs = [(turns.get(fact["turn"]), " ".join(fact["fact"].split())) for fact in facts]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    for turn, text in pairs:
        if turn and _is_users(turn) and 0 < len(text) <= LONGEST and _rests_on(text, turn.text):
            yield Suggested(text, turn.id)


def _rests_on(fact: str, said: str) -> bool:
    """Tell whether a fact is in the language of the turn and in its words, and more than that something was asked."""
    words = set(terms(fact)) - _ABOUT
    shared = words.intersection(terms(said))
    return (
        bool(shared)
        and len(shared) * _SHARED >= len(words)
        and group(fact) == group(said)
        and not _ONLY_ASKED.search(fact)
    )
