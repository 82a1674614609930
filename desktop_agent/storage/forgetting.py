"""Forgetting that is true: what is forgotten is in no page of the database any more, not even decrypted."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_agent import lexical
from desktop_agent.messages import Message, ToolResult
from desktop_agent.storage import forgotten, saved_memories, titles, tool_traces, word_index
from desktop_agent.storage.database import Database
from desktop_agent.storage.literal_search import Found as Found  # noqa: PLC0414 -- what find returns
from desktop_agent.storage.literal_search import aside, find, said
from desktop_agent.storage.traces import Traces, is_own_line

if TYPE_CHECKING:
    from sqlite3 import Connection

_LONGEST = 50_000
"""Characters of a text that is examined for what was forgotten elsewhere; longer ones that tools left go unseen."""


class Forgetting:
    """Finds words in one database and removes what holds them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, words: str) -> list[Found]:
        """Return every place that has these words, literally but for case and punctuation, in deleted chats too."""
        return find(self._database, words)

    def forget(self, items: Iterable[tuple[str, str]], words: str = "") -> list[str]:
        """Forget messages, memories, suggestions, titles, notes, reminders and what undoes changes.

        Returns the ids of the turns that they were.

        A message is emptied; its place in the chat stays. With it go what was saved or proposed from it in its own
        words, its chat's title when that was made of it, the lines of notes and of thinking that quote it, all that was
        thought in its own turn, what the audit has of its tool calls, and an answer that is just being written where
        the model has read it. With a note or a reminder goes what undoes its changes. A message that has the `words`
        in its notes or its thinking only loses those lines. What is unknown is skipped.

        All or nothing: when the disk is full nothing is forgotten, and UserFacingError says so.
        """
        wanted = list(items)
        gone = self._database.run(lambda db: remove(db, wanted, words))
        self._database.checkpoint()
        return gone

    def forget_again(self, elsewhere: Database) -> int:
        """Forget in another database, which comes from outside, what was forgotten in this one.

        Returns in how many places it was. What has such words here was spared by the user, and is there.
        """
        salts, hashes = self._database.read(forgotten.kept)
        if not hashes:
            return 0
        is_forgotten = forgotten.lookup(salts, hashes)
        spared = self._database.read(lambda db: set(_forgotten_places(db, is_forgotten)))

        def forget(db: "Connection") -> int:
            _drop_lines(db, is_forgotten)
            tool_traces.scrub_audit(db, lambda text: len(text) > _LONGEST or is_forgotten(text))
            wanted = [place for place in _forgotten_places(db, is_forgotten) if place not in spared]
            forgotten.adopt(db, salts, hashes)
            remove(db, wanted)
            return len(wanted)

        count = elsewhere.run(forget)
        elsewhere.checkpoint()
        return count

    def forgotten(self, text: str) -> bool:
        """Return whether this was forgotten: the same text, its words in another order, or forgotten words in it."""
        return self._database.read(lambda db: forgotten.is_forgotten(db, text))


def _forgotten_places(db: "Connection", is_forgotten: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    for kind, query in _SHORT_TEXTS.items():
        yield from ((kind, id_) for id_, text in db.execute(query) if is_forgotten(text))
    for id_, content in db.execute("SELECT id, content FROM messages"):
        if any(map(is_forgotten, said(Message.from_dict(json.loads(content))))):
            yield "message", id_
    for copy_id in tool_traces.copy_ids(db):
        if any(len(text) > _LONGEST or is_forgotten(text) for text in tool_traces.texts_of_copy(db, copy_id)):
            yield "copy", copy_id


def _drop_lines(db: "Connection", is_forgotten: Callable[[str], bool]) -> None:
    for message_id, content in db.execute(_WITH_ASIDES).fetchall():
        message = Message.from_dict(json.loads(content))
        changed = without_lines(message, is_forgotten)
        if changed != message:
            db.execute(_CHANGE, (json.dumps(changed.to_dict()), message_id))


def without_lines(message: Message, is_forgotten: Callable[[str], bool]) -> Message:
    """Return the message without the lines of its notes, and of its thinking, that have forgotten words."""
    lines = [line for line in message.notes.split("\n") if is_own_line(line) or not is_forgotten(line)]
    thought = [line for line in message.thinking.split("\n") if not is_forgotten(line)]
    return _rethought(replace(message, notes="\n".join(lines)), "\n".join(thought))


def remove(db: "Connection", items: list[tuple[str, str]], words: str = "") -> list[str]:
    """Do what `Forgetting.forget` does, within a transaction."""
    return _Removal(db, words).remove(items)


class _Removal:
    """One act of forgetting, within one transaction."""

    def __init__(self, db: "Connection", words: str) -> None:
        self._db = db
        self._words = words
        self._texts: list[str] = []
        self._turns: list[str] = []
        self._chats: set[str] = set()

    def remove(self, items: list[tuple[str, str]]) -> list[str]:
        """Remove the items and every trace of them; return the ids of turns that are gone."""
        steps = {
            "message": self._message,
            "memory": self._memory,
            "suggestion": self._suggestion,
            "title": self._title,
            "note": self._note,
            "reminder": self._reminder,
            "copy": self._copy,
        }
        for kind, id_ in items:
            steps[kind](id_)
        if self._words:
            forgotten.note_words(self._db, self._words)
        self._scrub_asides()
        self._forget_answers()
        tool_traces.scrub_audit(self._db, Traces(self._texts, self._words).are_in)
        word_index.optimise(self._db)
        return self._turns

    def _message(self, message_id: str) -> None:
        query = "SELECT position, conversation_id, content FROM messages WHERE id = ?"
        row = self._db.execute(query, (message_id,)).fetchone()
        if row is None:
            return
        position, conversation_id, content = row
        message = Message.from_dict(json.loads(content))
        traces = Traces([message.text], self._words)
        if any(map(traces.has_words, aside(message))) and not any(map(traces.has_words, said(message))):
            return  # the notes and the thinking of all messages are scrubbed anyway
        self._leave_memory(position, message_id)
        self._chats.add(conversation_id)
        query = "UPDATE messages SET content = ?, status = 'forgotten' WHERE id = ?"
        self._db.execute(query, (json.dumps(_emptied(message, traces).to_dict()), message_id))
        call_ids = [call.id for call in message.calls] + [message.result.call_id if message.result else ""]
        tool_traces.forget_calls(self._db, conversation_id, call_ids)
        self._forget_text(message.text)
        self._untitle(conversation_id, titles.from_text(message.text))
        self._remove_derived(message_id, message.text, traces)
        if message.role == "user":
            self._forget_thinking(position, conversation_id)

    def _forget_thinking(self, position: int, conversation_id: str) -> None:
        """Forget what was thought about a question: it says the same in other words."""
        for message_id, content in self._db.execute(_ANSWERS, (conversation_id, position)).fetchall():
            message = Message.from_dict(json.loads(content))
            if message.role == "user":
                return
            self._change(message_id, message, _rethought(message, ""))

    def _leave_memory(self, position: int, message_id: str) -> None:
        if self._db.execute("SELECT 1 FROM turns WHERE position = ?", (position,)).fetchone():
            word_index.remove_turn(self._db, position)
            self._turns.append(message_id)

    def _remove_derived(self, message_id: str, said: str, traces: Traces) -> None:
        words = set(lexical.terms(said))
        for query, remove in ((_SAVED_FROM, self._memory), (_SUGGESTED_FROM, self._suggestion)):
            for id_, text in self._db.execute(query, (message_id,)).fetchall():
                if traces.are_in(text) or words.issuperset(lexical.terms(text)):
                    remove(id_)

    def _memory(self, memory_id: str) -> None:
        for (text,) in self._db.execute("SELECT text FROM saved_memories WHERE id = ?", (memory_id,)).fetchall():
            saved_memories.delete(self._db, memory_id)
            self._forget_text(text)
            self._turns.append(f"memory-{memory_id}")

    def _suggestion(self, suggestion_id: str) -> None:
        query = "DELETE FROM suggestions WHERE id = ? RETURNING text"
        for (text,) in self._db.execute(query, (suggestion_id,)).fetchall():
            self._forget_text(text)

    def _title(self, conversation_id: str) -> None:
        for (title,) in self._db.execute("SELECT title FROM conversations WHERE id = ?", (conversation_id,)).fetchall():
            self._texts.append(title)
            self._untitle(conversation_id, title)

    def _note(self, note_id: str) -> None:
        query = "DELETE FROM notes WHERE id = ? RETURNING title || char(10) || text"
        self._forget_record("note", note_id, query)

    def _reminder(self, reminder_id: str) -> None:
        self._forget_record("reminder", reminder_id, "DELETE FROM reminders WHERE id = ? RETURNING text")

    def _forget_record(self, kind: str, id_: str, query: str) -> None:
        for (text,) in self._db.execute(query, (id_,)).fetchall():
            self._forget_text(text)
        tool_traces.forget_copies_of(self._db, kind, id_)

    def _copy(self, copy_id: str) -> None:
        self._db.execute("DELETE FROM undo_copies WHERE id = ?", (copy_id,))

    def _untitle(self, conversation_id: str, title: str) -> None:
        query = "UPDATE conversations SET title = '', title_folded = '' WHERE id = ? AND title = ?"
        self._db.execute(query, (conversation_id, title))

    def _forget_text(self, text: str) -> None:
        self._texts.append(text)
        forgotten.note(self._db, text)

    def _scrub_asides(self) -> None:
        """Take quotes out of the notes and the thinking of all messages."""
        traces = Traces(self._texts, self._words)
        for message_id, content in self._db.execute(_WITH_ASIDES).fetchall():
            message = Message.from_dict(json.loads(content))
            changed = replace(message, notes=traces.scrubbed(message.notes))
            self._change(message_id, message, _rethought(changed, traces.scrubbed(message.thinking)))

    def _change(self, message_id: str, message: Message, changed: Message) -> None:
        if changed != message:
            values = (json.dumps(changed.to_dict()), message_id)
            self._chats.update(row[0] for row in self._db.execute(f"{_CHANGE} RETURNING conversation_id", values))

    def _forget_answers(self) -> None:
        """Forget what is just being written in these chats: the model read what is forgotten, and may repeat it."""
        for message_id, conversation_id in self._db.execute(_WRITTEN_NOW).fetchall():
            if conversation_id in self._chats:
                self._message(message_id)


_WITH_ASIDES = """
    SELECT id, content FROM messages
    WHERE json_extract(content, '$.notes') <> '' OR json_extract(content, '$.thinking') <> ''
"""
_ANSWERS = "SELECT id, content FROM messages WHERE conversation_id = ? AND position > ? ORDER BY position"
_CHANGE = "UPDATE messages SET content = ? WHERE id = ?"
_WRITTEN_NOW = "SELECT id, conversation_id FROM messages WHERE status = 'streaming'"
_SHORT_TEXTS = {
    "title": "SELECT id, title FROM conversations",
    "memory": "SELECT id, text FROM saved_memories",
    "suggestion": "SELECT id, text FROM suggestions",
    "note": "SELECT id, title || char(10) || text FROM notes",
    "reminder": "SELECT id, text FROM reminders",
}
_SAVED_FROM = "SELECT id, text FROM saved_memories WHERE message_id = ?"
_SUGGESTED_FROM = "SELECT id, text FROM suggestions WHERE message_id = ?"


def _emptied(message: Message, traces: Traces) -> Message:
    """Return the message without content. Calls and results stay in pairs: some models' templates insist on it."""
    calls = tuple(replace(call, name=_unless(traces, call.name), arguments={}) for call in message.calls)
    told = message.result
    result = told and ToolResult(told.call_id, _unless(traces, told.name), "", told.ok, told.untrusted)
    return Message(message.role, calls=calls, result=result)


def _rethought(message: Message, thinking: str) -> Message:
    """Return the message with other thinking; as it was decoded it then no longer is."""
    return message if thinking == message.thinking else replace(message, thinking=thinking.strip(), raw="")


def _unless(traces: Traces, name: str) -> str:
    return "" if traces.has_words(name) else name
