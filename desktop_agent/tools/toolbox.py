"""The tools on offer and the policy over them."""

import logging
import threading
from collections.abc import Iterable

from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import ToolCall, ToolResult, ToolSpec
from desktop_agent.tools.folders import Folders
from desktop_agent.tools.protocols import Judgement, PermissionStore
from desktop_agent.tools.shown import shown
from desktop_agent.tools.tool import Tool

_log = logging.getLogger(__name__)
_LONGEST = 20_000


class Toolbox:
    """Implements the agent's Toolbox protocol."""

    def __init__(self, tools: Iterable[Tool], folders: Folders, permissions: PermissionStore) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._folders = folders
        self._permissions = permissions

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return the tools as the model sees them, always in the same order."""
        return tuple(tool.spec for tool in self._tools.values())

    def judge(self, call: ToolCall, conversation_id: str) -> Judgement:
        """Refuse what cannot work, before the user is asked; ask for what reads; allow the rest."""
        try:
            tool = self._tool(call.name)
            tool.check(call.arguments)
            if tool.effect == "none":
                return Judgement("allow")
            with self._folders.open(conversation_id) as scope:
                scope.require_roots()
        except UserFacingError as error:
            return Judgement("refuse", str(error))
        return Judgement("allow" if self._permissions.tool_allowed(conversation_id, call.name) else "ask")

    def allow_in_conversation(self, tool: str, conversation_id: str) -> None:
        """Do not ask again for this tool in this conversation."""
        self._permissions.allow_tool(conversation_id, tool)

    def run(self, call: ToolCall, conversation_id: str, cancel: threading.Event) -> ToolResult:
        """Run the call. Faults of the tool come back as a result with `ok` false; only Cancelled is raised."""
        if cancel.is_set():
            raise Cancelled
        try:
            tool = self._tool(call.name)
            with self._folders.open(conversation_id, cancel) as scope:
                text = tool.run(call.arguments, scope)
        except Cancelled:
            raise
        except UserFacingError as error:
            return ToolResult(call.id, call.name, str(error), ok=False, untrusted=True)
        except OSError as error:
            return ToolResult(call.id, call.name, f"The system refused: {error.strerror}.", ok=False)
        except Exception:  # noqa: BLE001 -- a tool's fault must not end the turn
            _log.exception("The tool %s failed", call.name)
            return ToolResult(call.id, call.name, "The tool failed inside. Answer without it.", ok=False)
        return ToolResult(call.id, call.name, _capped(text), untrusted=tool.effect != "none")

    def _tool(self, name: str) -> Tool:
        if name not in self._tools:
            raise UserFacingError(f"There is no tool '{shown(name, 60)}'.", f"Tools: {', '.join(self._tools)}.")
        return self._tools[name]


def _capped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n[Cut here: {len(text):,} characters in all.]"
