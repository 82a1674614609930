"""Writes each call into the audit before it is carried out, and then what became of it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from desktop_agent.approvals import Effect
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.records import AuditEntry, Verdict
from desktop_agent.tools.attempt import LONGEST
from desktop_agent.tools.protocols import AuditLog

STOPPED = "Stopped by the user."
NOT_ENDED = "It did not come to its end."
_FAULT = 500
"""Characters of what went wrong."""


@dataclass
class Audited:
    """One call while it is carried out; what `result` is when it ends is written down."""

    call: ToolCall
    conversation_id: str
    effect: Effect
    verdict: Verdict
    tainted: bool
    digest: str

    def __post_init__(self) -> None:
        self.result = ToolResult(self.call.id, self.call.name, STOPPED, ok=False)


@contextmanager
def audited(log: AuditLog, entry: Audited) -> Iterator[None]:
    """Write the call down, or raise, so that nothing is done unseen; and how the block ended, by an exception too."""
    entry_id = log.add(replace(_written(entry, 0.0), fault=NOT_ENDED))
    started = time.monotonic()
    try:
        yield
    finally:
        log.finish(entry_id, _written(entry, time.monotonic() - started))


def _written(done: Audited, seconds: float) -> AuditEntry:
    result = done.result
    return AuditEntry(
        id=0,
        at="",
        conversation_id=done.conversation_id,
        call_id=done.call.id,
        tool=done.call.name,
        effect=done.effect,
        arguments=_arguments(done.call),
        digest=done.digest,
        verdict=done.verdict,
        tainted=done.tainted,
        ok=result.ok,
        result_size=len(result.text),
        seconds=round(seconds, 3),
        fault="" if result.ok else result.text[:_FAULT],
        undo_id=result.undo_id,
    )


def _arguments(call: ToolCall) -> str:
    """Return the arguments as JSON; of what is refused for its size or depth only what it takes to see that."""
    try:
        text = json.dumps(dict(call.arguments), ensure_ascii=False)
    except (ValueError, TypeError, RecursionError) as error:
        return json.dumps({"": f"cannot be written: {type(error).__name__}"})
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST else json.dumps({"": f"{len(text):,} characters: {text[:1000]}"})
