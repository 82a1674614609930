"""What tools leave behind, as plain values that the database keeps. Times are ISO 8601 in UTC, empty for never."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from desktop_agent.approvals import Decision, Effect

Verdict: TypeAlias = Literal["allowed", "refused"] | Decision
"""Who decided on a call: the policy ("allowed", "refused"), or the user."""


@dataclass(frozen=True)
class AuditEntry:
    """One tool call and what became of it.

    `arguments` is JSON, empty when it was forgotten or its chat was deleted. `digest` is that of the approval, empty
    when none was asked for. `result_size` counts the characters that the model got, `fault` says why there was no
    result. `undone_at` is when the change `undo_id` was taken back.
    """

    id: int
    at: str
    conversation_id: str
    call_id: str
    tool: str
    effect: Effect
    arguments: str
    digest: str
    verdict: Verdict
    tainted: bool
    ok: bool
    result_size: int
    seconds: float
    fault: str = ""
    undo_id: str = ""
    undone_at: str = ""


@dataclass(frozen=True)
class UndoCopy:
    """What it takes to undo one change.

    For files: `kind` is the Preview's kind; `root`, `device` and `inode` are the granted folder's, `path` and `other`
    (where it was moved to; the outermost folder that was made for a new file) lie below it. `before` is the content
    before, None where there was no file, and for a move what `tools.moved` keeps; `after` the SHA-256 of the content
    after, in hex, empty where there is no file. `mode` is the file's. For notes and reminders `path` is the id and
    `before` the record before, as JSON.
    """

    kind: str
    path: str
    root: str = ""
    device: int = 0
    inode: int = 0
    other: str = ""
    before: bytes | None = None
    after: str = ""
    mode: int = 0o600
    id: str = ""
    conversation_id: str = ""
    created_at: str = ""
    undone_at: str = ""


@dataclass(frozen=True)
class StandingApproval:
    """A tool that needs no further question: in one conversation or, without one, always; in one folder or in all.

    `spec` is the SHA-256 of the tool's description and schema in hex: what changes under its name is asked for anew.
    """

    id: int
    tool: str
    spec: str
    conversation_id: str
    folder: str
    created_at: str


@dataclass(frozen=True)
class Note:
    """A note that the user or the model wrote."""

    id: str
    title: str
    text: str
    created_at: str
    updated_at: str


@dataclass(frozen=True)
class Reminder:
    """Something to be reminded of at `due_at`; with `repeat` the next time is set when it was shown."""

    id: str
    text: str
    due_at: str
    repeat: Literal["", "daily", "weekly", "monthly", "yearly"] = ""
    created_at: str = ""
    shown_at: str = ""
    done_at: str = ""


@dataclass(frozen=True)
class McpServer:
    """A program that offers tools over stdin and stdout.

    `command` is the program and its arguments. `environment` holds plain values by name, `secrets` the names of values
    that are in the keyring. `folders` are absolute paths that it may read, `writable` those of them that it may change.
    With `network` it may open connections. `enabled` says whether new chats may use it.
    """

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    network: bool = False
    enabled: bool = True
    created_at: str = ""
