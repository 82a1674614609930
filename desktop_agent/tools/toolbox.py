"""The tools on offer, with the policy over them, the audit behind them and the way back."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from desktop_agent.approvals import ApprovalRequest
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import ToolCall, ToolResult, ToolSpec
from desktop_agent.tools import policy, results
from desktop_agent.tools.attempt import Attempt, check_size
from desktop_agent.tools.auditing import Audited, audited
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.judging import Judge
from desktop_agent.tools.protocols import Approval, Asker, AuditLog, Judgement, PermissionStore, UndoStore
from desktop_agent.tools.scope import Scope
from desktop_agent.tools.shown import shown
from desktop_agent.tools.tool import Tool

CHANGED = Judgement("refuse", "This is not what the user agreed to: something changed in between. Nothing was done.")


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
        self._judge = Judge(permissions)
        self._audit = audit
        self._undo = undo
        self._services = services
        self._fault = fault

    def specs(self, conversation_id: str) -> tuple[ToolSpec, ...]:
        """Return the tools of a chat as the model sees them, always in the same order."""
        return tuple(tool.spec for tool in self._offered(conversation_id))

    def judge(self, call: ToolCall, conversation_id: str, cancel: threading.Event | None = None) -> Judgement:
        """Refuse what cannot work, before the user is asked; ask for what the policy says; allow the rest."""
        try:
            with self._attempt(call, conversation_id, cancel) as attempt:
                return self._judge.judge(attempt, attempt.plan())
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 -- a tool's fault must not end the turn
            return results.judged(call, error)

    def keep(self, approval: Approval, conversation_id: str) -> None:
        """Keep an answer that counts for more than one call; "once", "deny" and what was not on offer do not."""
        request = approval.request
        tool = self._by_name(conversation_id).get(request.call.name)
        if tool is None or approval.decision not in request.scopes or _says_something_else(tool, request):
            return
        chat = "" if approval.decision == "always" else conversation_id
        folder = request.folder if approval.decision == "folder" else ""
        self._permissions.allow_tool(tool.name, policy.spec_digest(tool.spec), chat, folder)

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
        with self._audited(call, conversation_id, approval) as entry:
            try:
                with self._attempt(call, conversation_id, cancel, asker) as attempt:
                    entry.result = self._carry_out(attempt, approval)
            except Cancelled:
                raise
            except Exception as error:  # noqa: BLE001 -- likewise
                entry.result = results.refused(call, results.judged(call, error))
        return entry.result

    def decline(
        self, call: ToolCall, conversation_id: str, judgement: Judgement, approval: Approval | None = None
    ) -> ToolResult:
        """Return the result of a call that is not carried out, and write it into the audit."""
        with self._audited(call, conversation_id, approval) as entry:
            entry.verdict = "deny" if approval else "refused"
            entry.result = results.refused(call, judgement)
        return entry.result

    def _carry_out(self, attempt: Attempt, approval: Approval | None) -> ToolResult:
        change = attempt.plan()
        if not self._judge.agreed(attempt, change, approval):
            return results.refused(attempt.call, CHANGED)
        if change:
            return results.changed(attempt, change, self._undo)
        return results.finished(attempt, attempt.run())

    @contextmanager
    def _attempt(
        self, call: ToolCall, conversation_id: str, cancel: threading.Event | None, asker: Asker | None = None
    ) -> Iterator[Attempt]:
        """Hold the folders open for a call that fits a tool on offer. Raises UserFacingError, Cancelled."""
        check_size(call)
        tool = self._tool(call.name, conversation_id)
        tool.check(call.arguments)
        foreign = any(each.is_foreign for each in self._offered(conversation_id))
        with self._folders.open(conversation_id, cancel) as scope:
            scope.check()
            if tool.before:
                tool.before(scope)
            given = {**self._services, Scope: scope, Asker: asker}
            yield Attempt(call, tool, conversation_id, given, foreign)

    def _tool(self, name: str, conversation_id: str) -> Tool:
        """Return a tool that is on offer and whose layers are there; raises UserFacingError."""
        offered = self._by_name(conversation_id)
        if name not in offered:
            raise UserFacingError(f"There is no tool '{shown(name, 60)}'.", f"Tools: {', '.join(offered)}.")
        for layer in offered[name].needs:
            if fault := self._fault(layer):
                raise UserFacingError(f"{offered[name].title} is off: {fault}")
        return offered[name]

    def _by_name(self, conversation_id: str) -> dict[str, Tool]:
        return {tool.name: tool for tool in self._offered(conversation_id)}

    @contextmanager
    def _audited(self, call: ToolCall, conversation_id: str, approval: Approval | None) -> Iterator[Audited]:
        tool = self._by_name(conversation_id).get(call.name)
        entry = Audited(
            call,
            conversation_id,
            tool.effect if tool else "none",
            approval.decision if approval else "allowed",
            self._permissions.is_tainted(conversation_id),
            approval.request.digest if approval else "",
        )
        with audited(self._audit, entry):
            yield entry


def _says_something_else(tool: Tool, request: ApprovalRequest) -> bool:
    """Return whether a tool of another program is described otherwise than when the user was asked."""
    return tool.is_foreign and policy.digest(request.call, tool.spec, None) != request.digest
