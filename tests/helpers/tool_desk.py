"""What the window drives in place of the program's ToolDesk: over a real store, without sandboxes and servers."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop_agent.errors import UserFacingError
from desktop_agent.records import AuditEntry, McpServer, Note, Reminder, StandingApproval, UndoCopy
from desktop_agent.sandbox.layers import Layer
from desktop_agent.storage.store import Store
from desktop_agent.tool_desk import ServerState, ToolGroup, ToolInfo

FILES = (
    ToolInfo("list_files", "List files", "List the files in a folder.", "read"),
    ToolInfo("read_file", "Read file", "Read a text file.", "read"),
    ToolInfo("write_file", "Write file", "Write a text file.", "write"),
)
PYTHON = (ToolInfo("run_python", "Run Python", "Run a Python program.", "compute", "The layer wasm is missing."),)
BASICS = (ToolInfo("current_time", "Look at the clock", "Get the time.", "none"),)
LAYERS = (
    Layer("directory-descriptors", "on"),
    Layer("wasm", "on"),
    Layer("seccomp", "on"),
    Layer("rlimits", "on"),
    Layer("landlock", "unavailable", "This kernel has no Landlock."),
    Layer("bubblewrap", "off", "/usr/bin/bwrap is missing. Install bubblewrap."),
)


@dataclass
class ToolDeskDouble:
    """Has the methods of the program's own; `probes` are the names of servers that were started for a look."""

    store: Store
    probes: list[str] = field(default_factory=list)
    defaults: dict[str, bool] = field(default_factory=dict)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    server_tools: tuple[ToolInfo, ...] = (ToolInfo("time_convert", "", "Convert a time between zones.", "act"),)
    tested: tuple[Layer, ...] = LAYERS

    def groups(self, conversation_id: str) -> list[ToolGroup]:
        """Return three groups; Python is off."""
        chosen = self.store.chat_tools.choices(conversation_id) if conversation_id else self.defaults
        made = (
            ("basics", "Basics", "", BASICS),
            ("files", "Files", "", FILES),
            ("python", "Python", "No wasm.", PYTHON),
        )
        return [ToolGroup(name, title, chosen.get(name, True), fault, tools) for name, title, fault, tools in made]

    def choose(self, conversation_id: str, group: str, enabled: bool) -> None:
        """Keep a choice, for one chat or for those that are yet to begin."""
        if conversation_id:
            self.store.chat_tools.choose(conversation_id, group, enabled)
        else:
            self.defaults[group] = enabled

    def layers(self) -> tuple[Layer, ...]:
        """Return what the last self-test found."""
        return self.tested

    def check(self, cancel: threading.Event) -> tuple[Layer, ...]:
        """Test again: now all is well."""
        self.tested = tuple(replace(layer, state="on", detail="") for layer in LAYERS)
        return self.tested

    def approvals(self) -> list[StandingApproval]:
        """Return what was allowed for more than one call."""
        return self.store.permissions.standing_approvals()

    def withdraw(self, approval_id: int) -> None:
        """Ask again."""
        self.store.permissions.withdraw(approval_id)

    def audit(self, conversation_id: str = "", words: str = "", before: int = 0, count: int = 200) -> list[AuditEntry]:
        """Return calls, newest first."""
        return self.store.audit.list(conversation_id, words, before, count)

    def export_audit(self, path: Path, conversation_id: str = "") -> int:
        """Write the calls as JSON lines."""
        entries = self.audit(conversation_id)
        path.write_text("".join(f"{json.dumps(entry.__dict__)}\n" for entry in entries), encoding="utf-8")
        return len(entries)

    def changes(self, conversation_id: str = "") -> list[UndoCopy]:
        """Return what can be undone, and what was."""
        return self.store.undo_copies.list(conversation_id)

    def undo(self, undo_id: str) -> str:
        """Note that a change was taken back."""
        copy = self.store.undo_copies.get(undo_id)
        if copy.undone_at:
            raise UserFacingError("This change was undone already.")
        self.store.undo_copies.mark_undone(undo_id)
        return f"{copy.path} is as it was before."

    def notes(self, words: str = "") -> Sequence[Note]:
        """Return the notes."""
        return self.store.notes.list(words)

    def add_note(self, title: str, text: str) -> Note:
        """Keep a note."""
        return self.store.notes.add(title, text)

    def put_note(self, note: Note) -> None:
        """Change a note, or bring it back."""
        self.store.notes.put(note)

    def delete_note(self, note_id: str) -> None:
        """Delete a note."""
        self.store.notes.delete(note_id)

    def reminders(self, *, done: bool = False) -> Sequence[Reminder]:
        """Return the reminders."""
        return self.store.reminders.list(done=done)

    def add_reminder(self, text: str, when: str, repeat: str = "") -> Reminder:
        """Keep a reminder; `when` is ISO 8601."""
        try:
            due = datetime.fromisoformat(when).astimezone(UTC).isoformat()
        except ValueError as error:
            raise UserFacingError(f"'{when}' is no time.", "Say it like 2026-12-24 18:00 or in 20 minutes.") from error
        made = Reminder(f"r{len(self.reminders(done=True))}", text, due, repeat)  # type: ignore[arg-type]
        self.put_reminder(made)
        return made

    def put_reminder(self, reminder: Reminder) -> None:
        """Change a reminder, or bring it back."""
        self.store.reminders.put(reminder)

    def finish_reminder(self, reminder_id: str) -> None:
        """Note that it is done."""
        self.put_reminder(replace(self.store.reminders.get(reminder_id), done_at=datetime.now(UTC).isoformat()))

    def delete_reminder(self, reminder_id: str) -> None:
        """Delete a reminder."""
        self.store.reminders.delete(reminder_id)

    def due_reminders(self) -> list[Reminder]:
        """Return those whose time has come, once."""
        now = datetime.now(UTC)
        due = list(self.store.reminders.due(now.isoformat()))
        for each in due:
            self.put_reminder(replace(each, shown_at=(now + timedelta(seconds=1)).isoformat()))
        return due

    def servers(self) -> list[ServerState]:
        """Return the servers; those that were looked at have tools."""
        return [
            ServerState(server, "ready" if server.name in self.probes else "off", "", self._tools(server.name))
            for server in self.store.mcp_servers.list()
        ]

    def put_server(self, server: McpServer, secrets: Mapping[str, str]) -> None:
        """Keep a server and its secrets."""
        self.store.mcp_servers.put(server)
        self.secrets[server.name] = dict(secrets)

    def remove_server(self, name: str) -> None:
        """Forget a server."""
        self.store.mcp_servers.delete(name)

    def probe_server(self, name: str, cancel: threading.Event) -> tuple[ToolInfo, ...]:
        """Start a server for a look; one whose command is "broken" fails."""
        if self.store.mcp_servers.get(name).command[0] == "broken":
            raise UserFacingError(
                f"The server '{name}' did not start: No such file or directory.", "Check its command."
            )
        self.probes.append(name)
        return self.server_tools

    def _tools(self, name: str) -> tuple[ToolInfo, ...]:
        return self.server_tools if name in self.probes else ()
