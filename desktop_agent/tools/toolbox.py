"""The tools on offer, with the policy over them, the audit behind them and the way back."""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeGuard

from desktop_agent.approvals import ApprovalRequest, Decision
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import ToolCall, ToolResult, ToolSpec
from desktop_agent.records import AuditEntry, Verdict
from desktop_agent.tools import policy
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.outcome import Change, Outcome
from desktop_agent.tools.protocols import Asker, AuditLog, Judgement, PermissionStore, UndoStore
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.shown import shown
from desktop_agent.tools.tool import Tool

_log = logging.getLogger(__name__)
_LONGEST = 20_000
CHANGED = "This is not what the user agreed to: something changed in between. Nothing was done."


@dataclass(frozen=True)
class Approval:
    """The user's answer to a request."""

    request: ApprovalRequest
    decision: Decision


class Toolbox:
    """Implements the agent's Toolbox protocol.

    `offered` returns the tools of a chat; `fault` says why a sandbox layer is missing, nothing when it is there;
    `services` is what tools are given beside the Scope and the Asker of their call.
    """

    def __init__(  # noqa: PLR0913, PLR0917 -- all that a call passes through
        self,
        offered: Callable[[str], Sequence[Tool]],
        folders: Folders,
        permissions: PermissionStore,
        audit: AuditLog,
        undo: UndoStore,
        services: Mapping[type, object],
        fault: Callable[[str], str],
    ) -> None:
        self._offered = offered
        self._folders = folders
        self._permissions = permissions
        self._audit = audit
        self._undo = undo
        self._services = services
        self._fault = fault

    def specs(self, conversation_id: str) -> tuple[ToolSpec, ...]:
        """Return the tools of a chat as the model sees them, always in the same order."""
        return tuple(tool.spec for tool in self._offered(conversation_id))

    def judge(self, call: ToolCall, conversation_id: str) -> Judgement:
        """Refuse what cannot work, before the user is asked; ask for what the policy says; allow the rest."""
        try:
            with self._folders.open(conversation_id) as scope:
                return self._judge(call, conversation_id, scope)
        except UserFacingError as error:
            return Judgement("refuse", str(error))
        except OSError as error:
            return Judgement("refuse", f"The system refused: {error.strerror}.")

    def _judge(self, call: ToolCall, conversation_id: str, scope: Scope) -> Judgement:
        tool = self._tool(call.name, conversation_id)
        tool.check(call.arguments)
        if tool.effect == "none":
            return Judgement("allow")
        if Scope in tool.given.values():
            scope.require_roots()
        change = self._plan(tool, call, scope) if tool.effect == "write" else None
        return self._judgement(tool, call, conversation_id, change)

    def _judgement(self, tool: Tool, call: ToolCall, conversation_id: str, change: Change | None) -> Judgement:
        tainted = self._permissions.is_tainted(conversation_id)
        folder, risk = (change.folder, change.risk) if change else ("", "")
        spec = policy.spec_digest(tool.spec)
        standing = self._permissions.tool_allowed(tool.name, spec, conversation_id, folder)
        if not policy.must_ask(tool.effect, standing=standing, tainted=tainted, risky=bool(risk)):
            return Judgement("allow")
        preview = change.preview if change else None
        request = ApprovalRequest(
            call,
            policy.digest(call, tool.spec, preview),
            tool.effect,
            policy.scopes(tool.effect, tainted=tainted, risky=bool(risk), in_folder=bool(folder)),
            preview,
            folder,
            tainted,
            risk,
        )
        return Judgement("ask", request=request)

    def keep(self, approval: Approval, conversation_id: str) -> None:
        """Keep an answer that counts for more than one call; "once", "deny" and what was not on offer do not."""
        request = approval.request
        if approval.decision not in request.scopes:
            return
        spec = policy.spec_digest(self._tool(request.call.name, conversation_id).spec)
        chat = "" if approval.decision == "always" else conversation_id
        folder = request.folder if approval.decision == "folder" else ""
        self._permissions.allow_tool(request.call.name, spec, chat, folder)

    def run(
        self,
        call: ToolCall,
        conversation_id: str,
        cancel: threading.Event,
        asker: Asker,
        approval: Approval | None = None,
    ) -> ToolResult:
        """Run the call, if the policy allows it or the user approved this very one, and write it into the audit.

        Faults of the tool come back as a result with `ok` false; only Cancelled is raised.
        """
        verdict: Verdict = approval.decision if approval else "allowed"
        with self._audited(call, conversation_id, verdict, approval) as audited:
            audited.result = self._safely(call, conversation_id, cancel, asker, approval)
        return audited.result

    def decline(
        self, call: ToolCall, conversation_id: str, reason: str, approval: Approval | None = None
    ) -> ToolResult:
        """Return the result of a call that the policy or the user refused, and write it into the audit."""
        with self._audited(call, conversation_id, "deny" if approval else "refused", approval) as audited:
            audited.result = ToolResult(call.id, call.name, reason, ok=False)
        return audited.result

    def _safely(
        self, call: ToolCall, conversation_id: str, cancel: threading.Event, asker: Asker, approval: Approval | None
    ) -> ToolResult:
        if cancel.is_set():
            raise Cancelled
        try:
            with self._folders.open(conversation_id, cancel) as scope:
                return self._carry_out(call, conversation_id, scope, asker, approval)
        except Cancelled:
            raise
        except UserFacingError as error:
            return ToolResult(call.id, call.name, str(error), ok=False, untrusted=True)
        except OSError as error:
            return ToolResult(call.id, call.name, f"The system refused: {error.strerror}.", ok=False)
        except Exception:  # noqa: BLE001 -- a tool's fault must not end the turn
            _log.exception("The tool %s failed", shown(call.name, 60))
            return ToolResult(call.id, call.name, "The tool failed inside. Answer without it.", ok=False)

    def _carry_out(
        self, call: ToolCall, conversation_id: str, scope: Scope, asker: Asker, approval: Approval | None
    ) -> ToolResult:
        """Judge again, since things may have changed since the user was asked; then run what they agreed to."""
        tool = self._tool(call.name, conversation_id)
        returned = tool.run(call.arguments, self._given(scope, asker)) if tool.effect == "write" else None
        change = returned if _is_change(returned) else None
        now = self._judgement(tool, call, conversation_id, change) if tool.effect != "none" else Judgement("allow")
        if now.request and (approval is None or approval.request.digest != now.request.digest):
            return ToolResult(call.id, call.name, CHANGED, ok=False)
        if change:
            return self._make(call, conversation_id, change)
        if returned is None:
            returned = tool.run(call.arguments, self._given(scope, asker))
        outcome = returned if isinstance(returned, Outcome) else Outcome(str(returned))
        return ToolResult(
            call.id,
            call.name,
            _capped(outcome.text),
            untrusted=tool.untrusted,
            figure=outcome.figure,
            source=outcome.source,
            seal=secrets.token_hex(4) if tool.untrusted else "",
        )

    def _make(self, call: ToolCall, conversation_id: str, change: Change) -> ToolResult:
        """Make a change; what undoes it is on disk before."""
        undo_id = self._undo.keep(replace(change.undo_copy, conversation_id=conversation_id))
        try:
            text = change.apply()
        except BaseException:
            self._undo.drop(undo_id)
            raise
        return ToolResult(call.id, call.name, text, undo_id=undo_id)

    def _plan(self, tool: Tool, call: ToolCall, scope: Scope) -> Change | None:
        returned = tool.run(call.arguments, self._given(scope, None))
        return returned if _is_change(returned) else None

    def _given(self, scope: Scope, asker: Asker | None) -> dict[type, object]:
        return {**self._services, Scope: scope, Asker: asker}

    def _tool(self, name: str, conversation_id: str) -> Tool:
        """Return a tool that is on offer and whose layers are there; raises UserFacingError."""
        offered = {tool.name: tool for tool in self._offered(conversation_id)}
        if name not in offered:
            raise UserFacingError(f"There is no tool '{shown(name, 60)}'.", f"Tools: {', '.join(offered)}.")
        for layer in offered[name].needs:
            if fault := self._fault(layer):
                raise UserFacingError(f"{offered[name].title} is off: {fault}")
        return offered[name]

    @contextmanager
    def _audited(
        self, call: ToolCall, conversation_id: str, verdict: Verdict, approval: Approval | None
    ) -> "Iterator[_Audited]":
        audited = _Audited(ToolResult(call.id, call.name, "Stopped by the user.", ok=False))
        started = time.monotonic()
        try:
            yield audited
        finally:
            result = audited.result
            known = {tool.name: tool.effect for tool in self._offered(conversation_id)}
            entry = AuditEntry(
                id=0,
                at="",
                conversation_id=conversation_id,
                call_id=call.id,
                tool=call.name,
                effect=known.get(call.name, "none"),
                arguments=json.dumps(dict(call.arguments), ensure_ascii=False),
                digest=approval.request.digest if approval else "",
                verdict=verdict,
                tainted=self._permissions.is_tainted(conversation_id),
                ok=result.ok,
                result_size=len(result.text),
                seconds=round(time.monotonic() - started, 3),
                fault="" if result.ok else result.text[:500],
                undo_id=result.undo_id,
            )
            self._audit.add(entry)


@dataclass
class _Audited:
    result: ToolResult


def _is_change(returned: object) -> TypeGuard[Change]:
    return hasattr(returned, "apply")


def _capped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n[Cut here: {len(text):,} characters in all.]"
