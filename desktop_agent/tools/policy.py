"""The approval policy: what may happen without asking, and for how much one answer may count. Pure, no state."""

import hashlib
import json
from dataclasses import asdict

from desktop_agent.approvals import Decision, Effect
from desktop_agent.messages import ToolCall, ToolSpec
from desktop_agent.tools.outcome import Change


def must_ask(effect: Effect, *, standing: bool, tainted: bool, anew: bool) -> bool:
    """Return whether the user is to be asked.

    `standing` says that they allowed the tool before, for more than one call. With `tainted`, text from outside is in
    the conversation and may be what the model obeys: then nothing that was allowed before covers an effect. `anew` says
    that this very call is one of those that are asked for every time.
    """
    if effect == "none":
        return False
    if anew or (tainted and effect in ("write", "act")):
        return True
    return not standing


def scopes(effect: Effect, *, tainted: bool, anew: bool, in_folder: bool) -> tuple[Decision, ...]:
    """Return for how much one answer may count, beside this call: "always" only for what changes nothing."""
    if anew:
        return ()
    if effect == "read":
        return ("chat", "folder", "always") if in_folder else ("chat", "always")
    if effect == "compute":
        return ("chat",)
    if tainted:
        return ()
    return ("chat", "folder") if in_folder else ("chat",)


def digest(call: ToolCall, spec: ToolSpec, change: Change | None) -> str:
    """Return what an approval is bound to: the tool as it is described, the exact arguments, the exact change."""
    return _sha256([spec_digest(spec), dict(call.arguments), _facts(change) if change else None])


def _facts(change: Change) -> list[object]:
    """Return what the change is, and what it finds: a preview does not show the content of a file to be deleted."""
    copy = change.undo_copy
    before = hashlib.sha256(copy.before or b"").hexdigest()
    return [asdict(change.preview), change.folder, change.risk, copy.root, copy.device, copy.inode, before]


def spec_digest(spec: ToolSpec) -> str:
    """Return what a standing approval is bound to: the tool's name, description and schema."""
    return _sha256(asdict(spec))


def _sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
