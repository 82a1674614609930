"""Notes as the model reads and plans them."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.records import Note
from desktop_agent.tools.diff import diff
from desktop_agent.tools.one_of import LONGEST_HEADING, heading, short_id
from desktop_agent.tools.protocols import NoteStore
from desktop_agent.tools.records import RecordChange

LONGEST = 100_000
"""Characters of a note."""
_SHOWN = 8_000
"""Characters of notes that are told whole, about 2,000 tokens."""
_LISTED = 100


def adding(store: NoteStore, title: str, text: str) -> RecordChange[Note]:
    """Plan a new note. A title that is too long to be shown whole is its first line instead."""
    time, title = _now(), " ".join(title.split())
    if len(title) > LONGEST_HEADING:
        title, text = "", f"{title}\n{text}"
    note = Note(uuid4().hex, title, text.strip(), time, time)
    return _change(store, None, note, f"The note is kept: [{short_id(note)}] {heading(note)}")


def rewriting(store: NoteStore, note: Note, text: str) -> RecordChange[Note]:
    """Plan another text for a note; raises UserFacingError when it has this text."""
    after = replace(note, text=text.strip(), updated_at=_now())
    if after.text == note.text:
        raise UserFacingError("The note has this very text already.", "Nothing is to be done.")
    return _change(store, note, after, f"The note was changed: [{short_id(note)}] {heading(after)}")


def deleting(store: NoteStore, note: Note) -> RecordChange[Note]:
    """Plan that a note goes."""
    return _change(store, note, None, f"The note was deleted: {heading(note)}")


def told(notes: list[Note]) -> str:
    """Return notes as the model reads them: whole as long as there is room, then only what they are called."""
    left = _SHOWN
    parts: list[str] = []
    for note in notes[:_LISTED]:
        head = f"[{short_id(note)}] {heading(note)} ({note.updated_at[:10]})"
        has_more = note.title or note.text != heading(note)
        whole = f"{head}\n{note.text}" if has_more and note.text else head
        parts.append(whole if len(whole) <= left else f"{head} (long: look it up by its id)" if parts else whole[:left])
        left -= len(parts[-1])
    if len(notes) > _LISTED:
        parts.append(f"… and {len(notes) - _LISTED} more")
    return "\n\n".join(parts)


def _change(store: NoteStore, before: Note | None, after: Note | None, said: str) -> RecordChange[Note]:
    note = after or before
    assert note is not None  # noqa: S101 -- a change is of something
    if not heading(note):
        raise UserFacingError("An empty note cannot be kept.", "Write something into it.")
    if after and len(after.text) + len(after.title) > LONGEST:
        raise UserFacingError(f"A note has at most {LONGEST:,} characters.", "Write a file instead.")
    shown = diff(_page(before), _page(after))
    preview = Preview("note", heading(note), text=shown.text, added=shown.added, removed=shown.removed)
    return RecordChange(store, before, after, preview, said, risk=_TOO_LONG if shown.cut else "")


_TOO_LONG = "It is too long to be shown whole."


def _page(note: Note | None) -> str:
    """Return the text of a note that ends in a line end, so that nobody is told that none follows."""
    return f"{note.text}\n" if note and note.text else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
