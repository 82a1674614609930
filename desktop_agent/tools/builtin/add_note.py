"""A new note."""

from desktop_agent.records import Note
from desktop_agent.tools import notes
from desktop_agent.tools.protocols import NoteStore
from desktop_agent.tools.records import RecordChange
from desktop_agent.tools.tool import tool


@tool("write", group="notes", title="Write note", icon="note", words="note notes jot 笔记 便签 备忘 记下")
def add_note(store: NoteStore, text: str, title: str = "") -> RecordChange[Note]:
    """Write a new note for the user."""
    return notes.adding(store, title, text)
