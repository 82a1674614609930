"""What is said in a conversation, as plain values. Ids and order are the storage's business."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

Role: TypeAlias = Literal["system", "user", "assistant", "tool"]
Json: TypeAlias = Any
"""A value that `json` can write: None, bool, int, float, str, list, dict."""


@dataclass(frozen=True)
class ToolCall:
    """The model's wish to use a tool."""

    id: str
    name: str
    arguments: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolResult:
    """What a tool answered. Untrusted text comes from outside (a file, a page) and is data, never an instruction.

    `figure` is a table or a chart for the window to draw (see `tools.figure`), which the model does not see. `undo_id`
    names the change in the undo history, empty when nothing was changed. `source` is where untrusted text comes from,
    `seal` a random word that marks its beginning and end for the model: the text cannot know it, so it cannot feign
    its end.
    """

    call_id: str
    name: str
    text: str
    ok: bool = True
    untrusted: bool = False
    figure: Json = None
    undo_id: str = ""
    source: str = ""
    seal: str = ""


@dataclass(frozen=True)
class Message:
    """One turn's part.

    `text` is what a person reads. `notes` is what the program put before the user's words in the prompt (date, recalled
    memories); it is kept because the prompt of the next turn must start with the very same text. `raw` is an answer
    exactly as it was decoded, tool markers included, for the same reason; empty when it equals `text`. `author` names
    the person who speaks where that is not simply the user or the assistant, as in an imported chat. `noted` holds the
    ids of the turns (see Turn) that are quoted in `notes`. `thinking` is what a model thought before this answer; it is
    shown apart, and is in later prompts only where `raw` has it and the model's template keeps it.
    """

    role: Role
    text: str = ""
    notes: str = ""
    raw: str = ""
    calls: tuple[ToolCall, ...] = ()
    result: ToolResult | None = None
    author: str = ""
    noted: tuple[str, ...] = ()
    thinking: str = ""

    def to_dict(self) -> dict[str, Json]:
        """Return a value for `json`; empty fields are left out."""
        return {key: value for key, value in asdict(self).items() if value not in ("", (), [], None)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Json]) -> "Message":
        """Return the message that `to_dict` wrote."""
        result = data.get("result")
        return cls(
            role=data["role"],
            text=data.get("text", ""),
            notes=data.get("notes", ""),
            raw=data.get("raw", ""),
            calls=tuple(ToolCall(**call) for call in data.get("calls", ())),
            result=ToolResult(**result) if result else None,
            author=data.get("author", ""),
            noted=tuple(data.get("noted", ())),
            thinking=data.get("thinking", ""),
        )


Origin: TypeAlias = Literal["chat", "said", "suggested", "written"]
"""Where a memory comes from: a turn of a chat; or a saved one that the user asked for in a chat ("remember that …"),
that the model suggested and the user accepted, or that the user wrote on the Memory page."""


@dataclass(frozen=True)
class Turn:
    """One message of a chat, or a saved memory, as memory searches and recalls it.

    `id` is the message's id, or `memory-` and the saved memory's id. `date` is ISO 8601 in UTC. `speaker` is who said
    it, as it is indexed: the author, or User or Assistant. `origin` is "chat" for a message.
    """

    id: str
    conversation_id: str
    conversation_title: str
    date: str
    speaker: str
    text: str
    origin: Origin = "chat"


@dataclass(frozen=True)
class SavedMemory:
    """A short fact that the user keeps. Times are ISO 8601 in UTC, empty when there is none; `valid_until` is a day.

    `message_id` and `conversation_id` lead to the message that it comes from; empty when there is none any more.
    `replaced_by` is the id of the memory that made it invalid: what contradicts is set aside, never deleted.
    """

    id: str
    text: str
    origin: Origin
    created_at: str
    updated_at: str
    message_id: str = ""
    conversation_id: str = ""
    conversation_title: str = ""
    pinned: bool = False
    valid_until: str = ""
    replaced_by: str = ""
    used_at: str = ""


@dataclass(frozen=True)
class RecallQuery:
    """What to look up for a question.

    `before` is the user's previous message in the same chat, which a short question may lean on. `in_prompt` holds the
    ids of turns (see Turn) that the model sees anyway. `tokens` is how long the recalled notes may be together. With
    `ahead` the question is still being typed, and nothing is noted as used.
    """

    text: str
    conversation_id: str = ""
    before: str = ""
    in_prompt: frozenset[str] = frozenset()
    tokens: int = 500
    ahead: bool = False


@dataclass(frozen=True)
class ToolSpec:
    """A tool as the model sees it. `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, Json]
