"""Notes that the user and the model write."""

import builtins

from desktop_agent import lexical
from desktop_agent.errors import UserFacingError
from desktop_agent.records import Note
from desktop_agent.storage.clock import new_id, now
from desktop_agent.storage.database import Database


class Notes:
    """The notes of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, title: str, text: str) -> Note:
        """Keep a note."""
        time = now()
        note = Note(new_id(), title.strip(), text.strip(), time, time)
        self.put(note)
        return self.get(note.id)

    def put(self, note: Note) -> None:
        """Keep a note as it is; one with the same id is replaced. Raises UserFacingError when it is empty."""
        title, text = _storable(note.title), _storable(note.text)
        if not (title.strip() or text.strip()):
            raise UserFacingError("An empty note cannot be kept.", "Write something into it.")
        values = (note.id, title, text, lexical.normal(f"{title}\n{text}"), note.created_at, note.updated_at)
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?)", *values)

    def get(self, note_id: str) -> Note:
        """Return one; raises UserFacingError when it is gone."""
        rows = self._database.select(f"{_SELECT} WHERE id = ?", note_id)
        if not rows:
            raise UserFacingError("There is no such note any more.", "The list of notes shows those there are.")
        return Note(*rows[0])

    def list(self, words: str = "") -> builtins.list[Note]:
        """Return the notes with these words (literally but for case and punctuation), the last changed first."""
        query = f"{_SELECT} WHERE instr(normal, ?) ORDER BY updated_at DESC, rowid DESC"
        return [Note(*row) for row in self._database.select(query, lexical.normal(words))]

    def delete(self, note_id: str) -> None:
        """Delete a note; harmless when it is gone."""
        self._database.execute("DELETE FROM notes WHERE id = ?", note_id)


_SELECT = "SELECT id, title, text, created_at, updated_at FROM notes"


def _storable(text: str) -> str:
    """Return the text without half characters, which a model can write but no database keeps."""
    return text.encode("utf-8", "replace").decode()
