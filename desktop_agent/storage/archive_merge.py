"""Adding what an archive holds to a database, all or nothing, through the same steps that storage itself takes."""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from desktop_agent import lexical
from desktop_agent.messages import Message, Origin, SavedMemory
from desktop_agent.storage import forgetting, forgotten, retention, saved_memories, titles
from desktop_agent.storage.archive_file import ArchiveReader, Row
from desktop_agent.storage.clock import utc
from desktop_agent.storage.literal_search import said

if TYPE_CHECKING:
    from sqlite3 import Connection

_ROLES = {"user", "assistant", "tool"}
"""No chat has system messages: one from outside would instruct the model with the program's voice."""
_STATUSES = {"complete", "streaming", "interrupted", "stopped", "failed", "forgotten"}
_ID = re.compile("[0-9a-z]{1,64}")
"""Without a hyphen: with one, an id could pass for that of a temporary chat, or of a memory among turns."""
_ORIGINS = {"said", "suggested", "written"}
_SINCE_TOOLS = {"notes", "reminders"}
"""Tables that older programs did not write."""
_REPEATS = {"", "daily", "weekly", "monthly", "yearly"}
Outcome = Literal["added", "known", "forgotten", "left"]


@dataclass(frozen=True)
class ImportReport:
    """What an import added; how much was here already, and how much was not brought back because it was forgotten here.

    `folders` is how many allowed folders the archive lists. None of them is allowed here.
    """

    conversations: int
    messages: int
    memories: int
    suggestions: int
    known: int
    forgotten: int
    folders: int
    notes: int
    reminders: int

    def __str__(self) -> str:
        """Say it in a few sentences."""
        said = [f"Added: {self.conversations} chats, {self.messages} messages, {self.memories} saved memories."]
        if self.notes or self.reminders:
            said.append(f"Added as well: {self.notes} notes, {self.reminders} reminders.")
        if self.known:
            said.append(f"Here already: {self.known}.")
        if self.forgotten:
            said.append(f"Left out because they were forgotten here: {self.forgotten}.")
        if self.folders:
            said.append(f"Folders that were allowed there: {self.folders}; allow them here again where you want.")
        return " ".join(said)


class Merge:
    """One import, within a transaction. What has an id that is here already stays as it is here."""

    def __init__(self, db: "Connection", archive: ArchiveReader) -> None:
        self._db = db
        self._archive = archive
        self._is_forgotten = forgotten.lookup(*forgotten.kept(db))
        self._unwanted: list[tuple[str, str]] = []
        self._count: Counter[tuple[str, Outcome]] = Counter()

    def run(self) -> ImportReport:
        """Add everything. Raises ValueError, KeyError, TypeError or AttributeError for rows that mean nothing."""
        self._add("conversations", self._conversation)
        self._add("messages", self._message)
        self._add("memories", self._memory)
        self._add("suggestions", self._suggestion)
        self._add("notes", self._note)
        self._add("reminders", self._reminder)
        self._add("dismissals", self._dismissal)
        self._add("examined", self._examined)
        salts, hashes = (list(self._archive.rows(table)) for table in ("salts", "forgotten"))
        forgotten.adopt(self._db, [_bytes(row["salt"]) for row in salts], [_bytes(row["hash"]) for row in hashes])
        if self._unwanted:
            forgetting.remove(self._db, self._unwanted)
        self._add("folders", lambda _row: "left")
        return self._report()

    def _add(self, table: str, add: Callable[[Row], Outcome]) -> None:
        if table in _SINCE_TOOLS and not self._archive.has(table):
            return
        for row in self._archive.rows(table):
            self._count[table, add(row)] += 1

    def _report(self) -> ImportReport:
        count, counted = self._count, ("conversations", "messages", "memories", "suggestions", "notes", "reminders")
        added = {table: count[table, "added"] for table in counted}
        known, gone = (sum(count[table, outcome] for table in counted) for outcome in ("known", "forgotten"))
        return ImportReport(**added, known=known, forgotten=gone, folders=count["folders", "left"])

    def _conversation(self, row: Row) -> Outcome:
        id_, title, created_at, updated_at = _texts(row, "id", "title", "created_at", "updated_at")
        if self._is_here("conversations", id_):
            shown = self._db.execute(_SHOW, (id_,)).fetchall()  # one that was deleted and not purged yet
            return "added" if shown else "known"
        title, times = titles.clean(title), (utc(created_at), utc(updated_at))
        flags = bool(row["uses_memory"]), bool(row["saves_memory"])
        self._db.execute(_CONVERSATION, (id_, title, titles.fold(title), *times, *flags))
        if self._is_forgotten(title):
            self._unwanted.append(("title", id_))
        return "added"

    def _message(self, row: Row) -> Outcome:
        id_, conversation_id, time, status = _texts(row, "id", "conversation_id", "created_at", "status")
        message = forgetting.without_lines(_message(row["content"]), self._is_forgotten)
        if self._is_here("messages", id_):
            return "known"
        if status not in _STATUSES or not self._is_here("conversations", conversation_id):
            raise ValueError("a message without a place")
        status, time = "interrupted" if status == "streaming" else status, utc(time)
        values = (id_, conversation_id, time, status, json.dumps(message.to_dict()), bool(row["private"]))
        self._db.execute(_MESSAGE, values)
        self._db.execute(_LATER, (time, conversation_id))
        retention.settle(self._db, id_, paused=False)
        return self._unless_forgotten("message", id_, said(message))

    def _memory(self, row: Row) -> Outcome:
        id_, text, origin, created_at, updated_at = _texts(row, "id", "text", "origin", "created_at", "updated_at")
        message_id, until, replaced_by, used_at = _texts(row, "message_id", "valid_until", "replaced_by", "used_at")
        if origin not in _ORIGINS:
            raise ValueError("an unknown origin")
        if self._is_here("saved_memories", id_) or (not replaced_by and self._is_said(text)):
            return "known"
        made = SavedMemory(id_, text, cast(Origin, origin), utc(created_at), utc(updated_at), message_id)
        made = replace(made, pinned=bool(row["pinned"]), valid_until=until, replaced_by=replaced_by, used_at=used_at)
        saved_memories.insert(self._db, made)
        return self._unless_forgotten("memory", id_, [text])

    def _suggestion(self, row: Row) -> Outcome:
        id_, text, message_id, created_at = _texts(row, "id", "text", "message_id", "created_at")
        if self._is_here("suggestions", id_):
            return "known"
        if self._is_forgotten(text):
            return "forgotten"
        values = (id_, text, lexical.normal(text), utc(created_at), message_id)
        return "added" if self._db.execute(_SUGGESTION, (*values, lexical.normal(text))).fetchall() else "known"

    def _note(self, row: Row) -> Outcome:
        id_, title, text, created_at, updated_at = _texts(row, "id", "title", "text", "created_at", "updated_at")
        said = f"{title}\n{text}"
        if self._is_here("notes", id_):
            return "known"
        if self._is_forgotten(said):
            return "forgotten"
        self._db.execute(_NOTE, (id_, title, text, lexical.normal(said), utc(created_at), utc(updated_at)))
        return "added"

    def _reminder(self, row: Row) -> Outcome:
        id_, text, due_at, repeat, created_at = _texts(row, "id", "text", "due_at", "repeat", "created_at")
        shown_at, done_at = (each and utc(each) for each in _texts(row, "shown_at", "done_at"))
        if repeat not in _REPEATS:
            raise ValueError("an unknown repetition")
        if self._is_here("reminders", id_):
            return "known"
        if self._is_forgotten(text):
            return "forgotten"
        self._db.execute(_REMINDER, (id_, text, utc(due_at), repeat, utc(created_at), shown_at, done_at))
        return "added"

    def _dismissal(self, row: Row) -> Outcome:
        (turn_id,) = _texts(row, "turn_id")
        self._db.execute(_DISMISSAL, (turn_id, int(row["count"]), turn_id, turn_id))
        return "left"

    def _examined(self, row: Row) -> Outcome:
        self._db.execute(_EXAMINED, _texts(row, "message_id"))
        return "left"

    def _unless_forgotten(self, kind: str, id_: str, said: list[str]) -> Outcome:
        """Note what must not come back: it is forgotten again at the end, with its traces in all that was added."""
        if not any(map(self._is_forgotten, said)):
            return "added"
        self._unwanted.append((kind, id_))
        return "forgotten"

    def _is_here(self, table: str, id_: str) -> bool:
        return bool(self._db.execute(_HERE[table], (id_,)).fetchone())

    def _is_said(self, text: str) -> bool:
        """Return whether a saved memory that holds says the same."""
        query = "SELECT 1 FROM living_memories WHERE number IN (SELECT -number FROM saved_memories WHERE normal = ?)"
        return bool(self._db.execute(query, (lexical.normal(text),)).fetchone())


_HERE = {
    table: f"SELECT 1 FROM {table} WHERE id = ?"  # noqa: S608
    for table in ("conversations", "messages", "saved_memories", "suggestions", "notes", "reminders")
}
_SHOW = "UPDATE conversations SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL RETURNING id"
_CONVERSATION = """
    INSERT INTO conversations (id, title, title_folded, created_at, updated_at, uses_memory, saves_memory)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_MESSAGE = "INSERT INTO messages (id, conversation_id, created_at, status, content, private) VALUES (?, ?, ?, ?, ?, ?)"
_LATER = "UPDATE conversations SET updated_at = max(updated_at, ?) WHERE id = ?"
_SUGGESTION = """
    INSERT INTO suggestions (id, text, normal, created_at, message_id)
    SELECT ?, ?, ?, ?, id FROM living_turns WHERE id = ? AND NOT EXISTS (SELECT 1 FROM suggestions WHERE normal = ?)
    ON CONFLICT DO NOTHING RETURNING id
"""
_NOTE = "INSERT INTO notes (id, title, text, normal, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
_REMINDER = """
    INSERT INTO reminders (id, text, due_at, repeat, created_at, shown_at, done_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_DISMISSAL = """
    INSERT INTO dismissals SELECT ?, ? WHERE EXISTS (SELECT 1 FROM messages WHERE id = ?)
        OR EXISTS (SELECT 1 FROM saved_memories WHERE 'memory-' || id = ?)
    ON CONFLICT DO NOTHING
"""
_EXAMINED = """
    INSERT INTO examined SELECT conversation_id, position FROM messages WHERE id = ? ON CONFLICT DO NOTHING
"""


def _texts(row: Row, *names: str) -> list[str]:
    values = [row[name] for name in names]
    if not all(isinstance(value, str) for value in values):
        raise ValueError("a text is needed")
    if "id" in row and not _ID.fullmatch(row["id"]):
        raise ValueError("this is no id")
    return values


def _message(content: Row) -> Message:
    message = Message.from_dict(content)
    texts = [message.text, message.notes, message.raw, message.author, message.thinking, *message.noted]
    for call in message.calls:
        texts += [call.id, call.name, *call.arguments.keys()]
    if message.result:
        told = message.result
        texts += [told.call_id, told.name, told.text, told.undo_id, told.source, told.seal]
    if message.role not in _ROLES or not all(isinstance(text, str) for text in texts):
        raise ValueError("this is no message")
    return message


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
