"""What is in the notes."""

from typing import Annotated

from desktop_agent.errors import UserFacingError
from desktop_agent.tools.notes import told
from desktop_agent.tools.one_of import ID_LENGTH, heading, matching
from desktop_agent.tools.protocols import NoteStore
from desktop_agent.tools.tool import tool


@tool("read", group="notes", title="Read notes", icon="note", words="note notes 笔记 便签 备忘")
def read_notes(store: NoteStore, words: Annotated[str, "words or id; empty for all"] = "") -> str:
    """Read the user's notes."""
    there = list(store.list())
    found = [note for note in there if len(words) >= ID_LENGTH and note.id.startswith(words.strip("[] ").lower())]
    found = found or (matching(there, words) if words.strip() else there)
    if found:
        return told(found)
    if not there:
        return "There are no notes."
    raise UserFacingError("No note has these words.", f"There are: {', '.join(map(heading, there[:20]))}.")
