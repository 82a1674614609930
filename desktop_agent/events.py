"""What happens during a turn, as frozen values with a literal `kind`.

The window, the terminal, JSON lines, the journal and the tests all read these same events.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from desktop_agent.approvals import ApprovalRequest
from desktop_agent.messages import Origin, SavedMemory, ToolCall, ToolResult


@dataclass(frozen=True)
class TurnStats:
    """What one turn cost. Times in seconds, rates in tokens per second; sums over all steps of the turn.

    `prompt_tokens` counts the whole prompt of the last step, `read_tokens` those that had to be read in all steps,
    `reused_tokens` those that were still in the KV cache at the first step, `drafted_tokens` those of the answer that
    were guessed right and so cost no step of their own. `cpu_seconds` is the processor time of all cores, `joules` the
    energy that the processor's own counter shows for that time, None where there is no such counter.
    """

    model: str = ""
    prompt_tokens: int = 0
    read_tokens: int = 0
    reused_tokens: int = 0
    answer_tokens: int = 0
    first_token_seconds: float = 0.0
    read_seconds: float = 0.0
    write_seconds: float = 0.0
    context_size: int = 0
    drafted_tokens: int = 0
    cpu_seconds: float = 0.0
    joules: float | None = None

    @property
    def read_rate(self) -> float:
        """Prefill speed in tokens per second; 0 when nothing was read."""
        return self.read_tokens / self.read_seconds if self.read_seconds else 0.0

    @property
    def write_rate(self) -> float:
        """Decode speed in tokens per second; 0 when nothing was written."""
        return self.answer_tokens / self.write_seconds if self.write_seconds else 0.0


@dataclass(frozen=True)
class RecalledMemory:
    """A note that was put into the prompt, and where it comes from. `date` is ISO 8601.

    `message_id` is the message that it is about, `turn_ids` the ids of all turns in the text (see `messages.Turn`).
    `memory_id` is the saved memory's id, empty for a note from a chat (`origin` "chat").
    """

    conversation_id: str
    conversation_title: str
    message_id: str
    date: str
    text: str
    score: float
    origin: Origin = "chat"
    memory_id: str = ""
    turn_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class TurnStarted:
    """The user's message is on disk."""

    conversation_id: str
    message_id: str
    kind: Literal["turn_started"] = "turn_started"


@dataclass(frozen=True)
class MemorySaved:
    """What the user asked to remember in this message is saved; it can be undone."""

    memory: SavedMemory
    kind: Literal["memory_saved"] = "memory_saved"


@dataclass(frozen=True)
class Recalled:
    """What was looked up in memory for this turn."""

    memories: tuple[RecalledMemory, ...]
    kind: Literal["recalled"] = "recalled"


@dataclass(frozen=True)
class ContextChanged:
    """How full the context is, in tokens, and how many earlier messages no longer fit into it."""

    used: int
    size: int
    left_out: int = 0
    kind: Literal["context_changed"] = "context_changed"


@dataclass(frozen=True)
class PromptProgress:
    """The prompt is being read: `done` of `total` tokens."""

    done: int
    total: int
    kind: Literal["prompt_progress"] = "prompt_progress"


@dataclass(frozen=True)
class TextDelta:
    """More of the answer."""

    text: str
    kind: Literal["text_delta"] = "text_delta"


@dataclass(frozen=True)
class ThinkingDelta:
    """More of what the model thinks before it answers; no part of the answer. `seconds` is how long it has thought."""

    text: str
    seconds: float = 0.0
    kind: Literal["thinking_delta"] = "thinking_delta"


@dataclass(frozen=True)
class ToolCallRequested:
    """The model wants to use a tool. With `needs_approval` the turn waits for the user, and `request` is what to show.

    Calls of one message that need approval follow each other without another event in between: they can be judged
    together.
    """

    call: ToolCall
    needs_approval: bool
    request: ApprovalRequest | None = None
    kind: Literal["tool_call_requested"] = "tool_call_requested"


@dataclass(frozen=True)
class ToolFinished:
    """A tool answered, or was refused (`result.ok` is false)."""

    result: ToolResult
    kind: Literal["tool_finished"] = "tool_finished"


@dataclass(frozen=True)
class TurnFinished:
    """The answer is on disk; with `cut` it ends where the context was full, not where the model meant to."""

    text: str
    stats: TurnStats
    cut: bool = False
    kind: Literal["turn_finished"] = "turn_finished"


@dataclass(frozen=True)
class TurnStopped:
    """The user stopped the turn; what was written so far is on disk."""

    text: str
    stats: TurnStats
    kind: Literal["turn_stopped"] = "turn_stopped"


@dataclass(frozen=True)
class TurnFailed:
    """The turn ended with an error that is said in words; nothing is lost."""

    message: str
    hint: str = ""
    kind: Literal["turn_failed"] = "turn_failed"


Event: TypeAlias = (
    TurnStarted
    | MemorySaved
    | Recalled
    | ContextChanged
    | PromptProgress
    | ThinkingDelta
    | TextDelta
    | ToolCallRequested
    | ToolFinished
    | TurnFinished
    | TurnStopped
    | TurnFailed
)


def to_dict(event: Event) -> dict[str, Any]:
    """Return the event as a value for `json`, its kind first."""
    data = asdict(event)
    return {"kind": data.pop("kind"), **data}
