"""What is put before the user ahead of an effect, and what they may answer. Plain values, without identity."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from desktop_agent.messages import ToolCall

Effect: TypeAlias = Literal["none", "read", "compute", "write", "act"]
"""What a call does beyond answering.

- none: nothing (the clock, the calculator);
- read: it looks at something of the user's (granted folders, the clipboard, notes);
- compute: it runs code that can reach nothing;
- write: it changes something of the user's, and can be undone;
- act: it does what this program can neither foresee nor undo (a tool of an MCP server).
"""

Decision: TypeAlias = Literal["once", "chat", "folder", "always", "deny"]
"""Allow this one call; this tool in this chat; this tool in this folder, in this chat; this tool always; or deny."""


@dataclass(frozen=True)
class Preview:
    """What a change would do, made before it is done.

    `kind` says how to show it. `label` is the file's path, `other` a second one (where a file is moved to). `text` is a
    unified diff without its two head lines for "create" and "edit", empty for the others. `added` and `removed` count
    lines. All of it is safe to show.
    """

    kind: Literal["create", "edit", "move", "delete", "note", "reminder"]
    label: str
    other: str = ""
    text: str = ""
    added: int = 0
    removed: int = 0


@dataclass(frozen=True)
class ApprovalRequest:
    """One call that waits for the user.

    `digest` is the SHA-256, in hex, of the tool, the arguments and the preview: an approval holds for nothing else.
    `scopes` are the decisions on offer beside "once" and "deny". `folder` is the granted folder that "folder" is about.
    With `tainted`, text from outside is in the conversation, so what was allowed before is asked for anew. `risk` says
    in a sentence what else is unusual about the call; mostly empty.
    """

    call: ToolCall
    digest: str
    effect: Effect
    scopes: tuple[Decision, ...] = ()
    preview: Preview | None = None
    folder: str = ""
    tainted: bool = False
    risk: str = ""


@dataclass(frozen=True)
class Question:
    """What a tool asks the user. With `choices` one of them, or own words; without, own words."""

    text: str
    choices: tuple[str, ...] = ()
