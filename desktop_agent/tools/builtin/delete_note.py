"""A note that goes."""

from typing import Annotated

from desktop_agent.records import Note
from desktop_agent.tools import notes
from desktop_agent.tools.one_of import one
from desktop_agent.tools.protocols import NoteStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.tool import tool


@tool("write", group="notes", title="Delete note", icon="trash", words="note notes 笔记 便签 备忘")
def delete_note(store: NoteStore, note: Annotated[str, "title, words or id"]) -> RecordChange[Note]:
    """Delete a note."""
    return notes.deleting(store, one(store.list(), note, "note"))
