"""Another text for a note."""

from typing import Annotated

from desktop_agent.records import Note
from desktop_agent.tools import notes
from desktop_agent.tools.one_of import one
from desktop_agent.tools.protocols import NoteStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.tool import tool


@tool("write", group="notes", title="Change note", icon="pencil", words="note notes 笔记 便签 备忘")
def edit_note(
    store: NoteStore,
    note: Annotated[str, "title, words or id"],
    text: str,
    append: Annotated[bool, "add at the end instead of replacing all"] = False,
) -> RecordChange[Note]:
    """Add to a note that is there, or replace its text."""
    found = one(store.list(), note, "note")
    return notes.rewriting(store, found, f"{found.text}\n{text}" if append else text)
