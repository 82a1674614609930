"""What the model is told of a call: text from outside is marked as such, sealed and cut."""

import logging
import secrets
from dataclasses import replace

from desktop_agent.errors import UserFacingError
from desktop_agent.messages import ToolCall, ToolResult
from desktop_agent.records import UndoCopy
from desktop_agent.tools.attempt import Attempt, ToolRefusal
from desktop_agent.tools.outcome import Change, Outcome
from desktop_agent.tools.protocols import Judgement, UndoStore
from desktop_agent.tools.shown import shown
from desktop_agent.visible import without_controls

LONGEST = 20_000
"""Characters of a result."""
_log = logging.getLogger(__name__)


def finished(attempt: Attempt, outcome: Outcome) -> ToolResult:
    """Return the result of a call that went well."""
    call, tool = attempt.call, attempt.tool
    text = _capped(without_controls(outcome.text))
    result = ToolResult(call.id, call.name, text, figure=outcome.figure, source=outcome.source)
    return _sealed(result) if tool.untrusted else result


def changed(attempt: Attempt, change: Change, undo: UndoStore) -> ToolResult:
    """Make a change, and return what came of it; what undoes it is on disk before."""
    undo_id = undo.keep(_of_chat(change.undo_copy, attempt.conversation_id))
    try:
        text = change.apply()
    except BaseException:
        undo.drop(undo_id)
        raise
    return ToolResult(attempt.call.id, attempt.call.name, text, undo_id=undo_id)


def refused(call: ToolCall, judgement: Judgement) -> ToolResult:
    """Return the result of a call that was not carried out."""
    result = ToolResult(call.id, call.name, judgement.reason, ok=False)
    return _sealed(result) if judgement.untrusted else result


def judged(call: ToolCall, error: Exception) -> Judgement:
    """Return an error as what the policy says of the call; a mistake of the program is logged as well."""
    if isinstance(error, UserFacingError):
        return Judgement("refuse", str(error), untrusted=isinstance(error, ToolRefusal))
    if isinstance(error, OSError):
        return Judgement("refuse", f"The system refused: {error.strerror}.")
    _log.error("The tool %s failed", shown(call.name, 60), exc_info=error)
    return Judgement("refuse", "The tool failed inside. Answer without it.")


def _sealed(result: ToolResult) -> ToolResult:
    return replace(result, untrusted=True, seal=secrets.token_hex(4))


def _of_chat(copy: UndoCopy, conversation_id: str) -> UndoCopy:
    return replace(copy, conversation_id=conversation_id)


def _capped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n[Cut here: {len(text):,} characters in all.]"
