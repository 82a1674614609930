"""Everything a user can do with tools; the window and the terminal drive the same desk."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from desktop_agent.approvals import Effect
from desktop_agent.errors import UserFacingError
from desktop_agent.records import AuditEntry, McpServer, Note, Reminder, StandingApproval, UndoCopy
from desktop_agent.reminding import Reminding
from desktop_agent.sandbox.layers import Layer
from desktop_agent.space import Space, Spaces
from desktop_agent.storage.audit_export import export_audit
from desktop_agent.storage.store import Store
from desktop_agent.tooling import Tooling
from desktop_agent.tools.mcp import definition, installing
from desktop_agent.tools.records import RecordUndo
from desktop_agent.tools.reminders import Repeat
from desktop_agent.tools.tool import FOREIGN, Tool
from desktop_agent.tools.undo import Undo


@dataclass(frozen=True)
class ToolInfo:
    """A tool as people see it. `problem` says why it is off; empty when it is not."""

    name: str
    title: str
    description: str
    effect: Effect
    problem: str = ""


@dataclass(frozen=True)
class ToolGroup:
    """Tools that are switched on and off together. `problem` says why all of them are off."""

    name: str
    title: str
    enabled: bool
    problem: str
    tools: tuple[ToolInfo, ...]


@dataclass(frozen=True)
class ServerState:
    """An MCP server and how it is; `detail` says why it failed. `tools` are those it has, as far as they are known."""

    server: McpServer
    state: Literal["off", "ready", "running", "failed"]
    detail: str
    tools: tuple[ToolInfo, ...]


@dataclass(frozen=True)
class ToolDesk:
    """The tools in the user's hands. Any thread may use it; every method may block, and raises UserFacingError.

    `set_default` says whether chats begin with a group of tools; `keep_secret` keeps a server's secret by both names,
    and drops it when it is empty.
    """

    tooling: Tooling
    spaces: Spaces
    reminding: Reminding
    set_default: Callable[[str, bool], None]
    keep_secret: Callable[[str, str, str], None]

    def groups(self, conversation_id: str) -> list[ToolGroup]:
        """Return all groups with what holds in a chat, or without an id in chats that are yet to begin."""
        choices = self._space(conversation_id).store.chat_tools.choices(conversation_id) if conversation_id else {}
        groups: dict[str, list[ToolInfo]] = {}
        for tool in self.tooling.tools(lambda _group: True):
            groups.setdefault(tool.group, []).append(self._info(tool))
        return [_group(name, choices.get(name, self.tooling.enabled(name)), tools) for name, tools in groups.items()]

    def choose(self, conversation_id: str, group: str, enabled: bool) -> None:
        """Switch a group on or off in a chat, or without an id in all chats that are yet to begin."""
        if conversation_id:
            self._space(conversation_id).store.chat_tools.choose(conversation_id, group, enabled)
        else:
            self.set_default(group, enabled)

    def layers(self) -> tuple[Layer, ...]:
        """Return what the last self-test found; nothing before there was one."""
        return self.tooling.layers()

    def check(self, cancel: threading.Event) -> tuple[Layer, ...]:
        """Test every layer anew. Raises Cancelled."""
        return self.tooling.check(cancel)

    def approvals(self) -> list[StandingApproval]:
        """Return what needs no further question."""
        return self._kept.permissions.standing_approvals()

    def withdraw(self, approval_id: int) -> None:
        """Ask again."""
        self._kept.permissions.withdraw(approval_id)

    def audit(self, conversation_id: str = "", words: str = "", before: int = 0, count: int = 200) -> list[AuditEntry]:
        """Return calls, newest first: of a chat, with these words, older than the one with the id `before`."""
        return self._space(conversation_id).store.audit.list(conversation_id, words, before, count)

    def export_audit(self, path: Path, conversation_id: str = "") -> int:
        """Write the calls of a chat, or all, to a file; return how many. See `storage.audit_export`."""
        return export_audit(self._space(conversation_id).store.audit, path, conversation_id)

    def changes(self, conversation_id: str = "") -> list[UndoCopy]:
        """Return the changes that tools made, newest first."""
        return self._space(conversation_id).store.undo_copies.list(conversation_id)

    def undo(self, undo_id: str) -> str:
        """Take a change back, and say so. When it cannot be, nothing is changed."""
        for space in reversed(self.spaces.all()):  # the kept one last, whose error is the one to read
            try:
                space.store.undo_copies.get(undo_id)
            except UserFacingError:
                continue
            return self._undo(space.store).undo(undo_id)
        return self._undo(self._kept).undo(undo_id)

    def notes(self, words: str = "") -> Sequence[Note]:
        """Return the notes with these words, the last changed first."""
        return self._kept.notes.list(words)

    def add_note(self, title: str, text: str) -> Note:
        """Keep a note."""
        return self._kept.notes.add(title, text)

    def put_note(self, note: Note) -> None:
        """Change a note, or bring it back."""
        self._kept.notes.put(note)

    def delete_note(self, note_id: str) -> None:
        """Delete a note."""
        self._kept.notes.delete(note_id)

    def reminders(self, *, done: bool = False) -> Sequence[Reminder]:
        """Return the reminders to come, the next first; with `done` those that are done as well."""
        return self._kept.reminders.list(done=done)

    def add_reminder(self, text: str, when: str, repeat: Repeat = "") -> Reminder:
        """Keep a reminder for a time in words: "in 20 minutes", "tomorrow 9:00", "2026-12-24 18:00"."""
        return self.reminding.add(text, when, repeat)

    def put_reminder(self, reminder: Reminder) -> None:
        """Change a reminder, or bring it back."""
        self._kept.reminders.put(reminder)

    def finish_reminder(self, reminder_id: str) -> None:
        """Remind of it no more."""
        self.reminding.finish(reminder_id)

    def delete_reminder(self, reminder_id: str) -> None:
        """Delete a reminder."""
        self._kept.reminders.delete(reminder_id)

    def due_reminders(self) -> list[Reminder]:
        """Return what is to be shown now, each once; what repeats is set to its next time."""
        return self.reminding.due()

    def servers(self) -> list[ServerState]:
        """Return the MCP servers by name."""
        return [self._state(server) for server in self._kept.mcp_servers.list()]

    def put_server(self, server: McpServer, secrets: Mapping[str, str]) -> None:
        """Keep a server, and its secrets in the keyring; secrets that are not given stay as they are,
        and those that it has no more are dropped.

        One whose command is npx or uvx with a package is installed, which may take minutes, and run from there.
        What was allowed to its tools before is asked anew, unless it is only switched on or off.
        """
        known = {each.name: each for each in self._kept.mcp_servers.list()}.get(server.name)
        if known is None or replace(known, enabled=server.enabled) != server:
            grantable = self.spaces.kept.folders.checked
            server = definition.checked(server, grantable, self.tooling.programs, self.tooling.closing)
            self._withdraw_all(server.name)
        for name in set(known.secrets if known else ()) - set(server.secrets):
            self.keep_secret(server.name, name, "")
        for name, value in secrets.items():
            self.keep_secret(server.name, name, value)
        self._kept.mcp_servers.put(server)
        self.tooling.stop(server.name)

    def remove_server(self, name: str) -> None:
        """End a server and forget it, with its secrets."""
        for secret in self._kept.mcp_servers.get(name).secrets:
            self.keep_secret(name, secret, "")
        self._kept.mcp_servers.delete(name)
        self._withdraw_all(name)
        self.tooling.stop(name)
        installing.remove(self.tooling.programs / name)

    def probe_server(self, name: str, cancel: threading.Event) -> tuple[ToolInfo, ...]:
        """Start a server and return its tools. Raises UserFacingError when it cannot be started, Cancelled."""
        return tuple(map(self._info, self.tooling.start(name, cancel)))

    def _withdraw_all(self, server: str) -> None:
        for space in self.spaces.all():
            permissions = space.store.permissions
            for approval in permissions.standing_approvals():
                if approval.tool.startswith(f"{server}_"):
                    permissions.withdraw(approval.id)

    @property
    def _kept(self) -> Store:
        return self.spaces.kept.store

    def _space(self, conversation_id: str) -> Space:
        return self.spaces.of(conversation_id)

    def _info(self, tool: Tool) -> ToolInfo:
        return ToolInfo(tool.name, tool.title, tool.spec.description, tool.effect, self.tooling.problem(tool))

    def _state(self, server: McpServer) -> ServerState:
        status = self.tooling.servers.status(server.name)
        tools = tuple(map(self._info, self.tooling.servers.known(server.name)))
        return ServerState(server, status.state, status.detail, tools)

    def _undo(self, store: Store) -> Undo:
        """Return the way back of a store's changes; notes and reminders are always the kept ones."""
        notes, reminders = RecordUndo(self._kept.notes, Note), RecordUndo(self._kept.reminders, Reminder)
        return Undo(store.undo_copies, {"note": notes, "reminder": reminders})


def _group(name: str, enabled: bool, tools: Sequence[ToolInfo]) -> ToolGroup:
    problems = {tool.problem for tool in tools}
    shared = problems.pop() if len(problems) == 1 else ""
    return ToolGroup(name, name.removeprefix(FOREIGN).capitalize(), enabled, shared, tuple(tools))
