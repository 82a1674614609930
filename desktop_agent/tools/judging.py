"""What the policy says of one call, as things are now."""

from desktop_agent.approvals import ApprovalRequest
from desktop_agent.tools import policy
from desktop_agent.tools.attempt import Attempt
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.protocols import Approval, Judgement, PermissionStore


class Judge:
    """Knows what the user allowed, and whether text from outside is in a chat."""

    def __init__(self, permissions: PermissionStore) -> None:
        self._permissions = permissions

    def judge(self, attempt: Attempt, change: Change | None) -> Judgement:
        """Return whether the call is allowed, or what the user is to be asked. `change` is what it would do."""
        tool, call = attempt.tool, attempt.call
        folder, risk = (change.folder, change.risk) if change else ("", "")
        anew = bool(risk or call.arguments.get(tool.reads))
        spec = policy.spec_digest(tool.spec)
        standing = self._permissions.tool_allowed(tool.name, spec, attempt.conversation_id, folder)
        tainted = attempt.foreign or self._permissions.is_tainted(attempt.conversation_id)
        if not policy.must_ask(tool.effect, standing=standing, tainted=tainted, anew=anew):
            return Judgement("allow")
        scopes = policy.scopes(tool.effect, tainted=tainted, anew=anew, in_folder=bool(folder))
        digest = policy.digest(call, tool.spec, change)
        preview = change.preview if change else None
        request = ApprovalRequest(call, digest, tool.effect, scopes, preview, folder, tainted, risk)
        return Judgement("ask", request=request)

    def agreed(self, attempt: Attempt, change: Change | None, approval: Approval | None) -> bool:
        """Return whether the call may be carried out as things are now: they may have changed since it was judged."""
        now = self.judge(attempt, change)
        if now.request is None:
            return True
        return approval is not None and approval.decision != "deny" and approval.request.digest == now.request.digest
