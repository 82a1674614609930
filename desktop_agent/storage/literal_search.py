"""Finds words literally wherever the database holds text, also in chats that are deleted but not purged."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from desktop_agent import lexical
from desktop_agent.messages import Message, ToolResult
from desktop_agent.storage.database import Database
from desktop_agent.storage.tool_traces import strings, texts_of_copy
from desktop_agent.storage.traces import is_own_line

_BATCH = 2000
"""Messages read at once: others want the database as well."""
_BEFORE, _AFTER = 60, 140

Kind = Literal["message", "memory", "suggestion", "title", "note", "reminder", "copy"]
"""A copy is what it takes to undo a change of a file, a note or a reminder."""


@dataclass(frozen=True)
class Found:
    """A place where the words are; `text` is an excerpt, `date` is ISO 8601. A title's id is its conversation's."""

    kind: Kind
    id: str
    conversation_id: str
    conversation_title: str
    date: str
    text: str


def find(database: Database, words: str) -> list[Found]:
    """Return every place that has the words in it, compared by `lexical.normal`; the newest first of each kind."""
    needle = lexical.normal(words)
    if not needle:
        return []
    rows = [row for query in (_MEMORIES, _SUGGESTIONS, _TITLES, _NOTES, _REMINDERS) for row in database.select(query)]
    whole = [found for found in itertools.starmap(Found, rows) if needle in lexical.normal(found.text)]
    short = [replace(found, text=_excerpt(found.text, words)) for found in (*whole, *_in_copies(database, needle))]
    return short + [found for batch in _batches(database) for found in _in_messages(batch, needle, words)]


def texts(message: Message) -> list[str]:
    """Return all that a message has in it anywhere, its own text first."""
    return [*said(message), *aside(message)]


def said(message: Message) -> list[str]:
    """Return what a message says itself, its text first."""
    calls = [f"{call.name} {' '.join(strings(call.arguments))}" for call in message.calls]
    result = _told(message.result) if message.result else []
    raw = message.raw.replace(message.thinking, "", 1) if message.thinking else message.raw
    return [message.text, raw, *calls, *result, message.author]


def aside(message: Message) -> list[str]:
    """Return what goes with a message and can go without it: what its notes quote, and what was thought before it."""
    quoted = "\n".join(line for line in message.notes.split("\n") if not is_own_line(line))
    return [quoted, message.thinking]


def _told(result: ToolResult) -> list[str]:
    return [result.text, result.name, result.source, " ".join(strings(result.figure))]


_MEMORIES = """
    SELECT 'memory', saved.id, ifnull(conversations.id, ''), ifnull(conversations.title, ''), saved.created_at,
        saved.text
    FROM saved_memories AS saved
    LEFT JOIN messages ON messages.id = saved.message_id
    LEFT JOIN conversations ON conversations.id = messages.conversation_id
    ORDER BY saved.number DESC
"""
_SUGGESTIONS = """
    SELECT 'suggestion', suggestions.id, conversations.id, conversations.title, suggestions.created_at, text
    FROM suggestions
    JOIN messages ON messages.id = message_id
    JOIN conversations ON conversations.id = messages.conversation_id
    ORDER BY suggestions.rowid DESC
"""
_TITLES = "SELECT 'title', id, id, title, created_at, title FROM conversations ORDER BY updated_at DESC"
_NOTES = """
    SELECT 'note', id, '', '', updated_at, title || char(10) || text FROM notes ORDER BY updated_at DESC, rowid DESC
"""
_REMINDERS = "SELECT 'reminder', id, '', '', created_at, text FROM reminders ORDER BY created_at DESC, rowid DESC"
_COPIES = """
    SELECT undo_copies.id, ifnull(conversations.id, ''), ifnull(title, ''), undo_copies.created_at
    FROM undo_copies LEFT JOIN conversations ON conversations.id = conversation_id
    ORDER BY undo_copies.created_at DESC, undo_copies.rowid DESC
"""
_MESSAGES = """
    SELECT position, messages.id, conversation_id, title, messages.created_at, content
    FROM messages JOIN conversations ON conversations.id = conversation_id
    WHERE position < ? ORDER BY position DESC LIMIT ?
"""


def _in_copies(database: Database, needle: str) -> Iterator[Found]:
    for id_, chat, title, date in database.select(_COPIES):  # one at a time: they may be large
        texts = database.read(partial(texts_of_copy, copy_id=id_))
        if (text := next((text for text in texts if needle in lexical.normal(text)), None)) is not None:
            yield Found("copy", id_, chat, title, date, text)


def _batches(database: Database) -> Iterator[list[tuple[Any, ...]]]:
    before = 2**62
    while batch := database.select(_MESSAGES, before, _BATCH):
        yield batch
        before = batch[-1][0]


def _in_messages(batch: list[tuple[Any, ...]], needle: str, words: str) -> Iterator[Found]:
    for _position, id_, conversation_id, title, date, content in batch:
        if _may_have(content, needle):
            parts = texts(Message.from_dict(json.loads(content)))
            text = next((text for text in parts if needle in lexical.normal(text)), None)
            if text is not None:
                yield Found("message", id_, conversation_id, title, date, _excerpt(text, words))


def _may_have(content: str, needle: str) -> bool:
    """Tell cheaply that a message cannot have the words: its JSON has \\u where the text is not ASCII."""
    if "\\u" in content:
        return True
    lower = content.lower()
    return all(word in lower for word in needle.split())


def _excerpt(text: str, words: str) -> str:
    """Return the text around the words on one line."""
    line = " ".join(text.split())
    at = next((at for word in (words, *words.split()) if (at := line.casefold().find(word.casefold())) >= 0), 0)
    start, end = max(0, at - _BEFORE), at + _AFTER
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
