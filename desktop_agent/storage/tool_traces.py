"""What tool calls leave behind beside the chat: their arguments in the audit, and what undoes their changes."""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from desktop_agent.messages import Json

if TYPE_CHECKING:
    from sqlite3 import Connection

_RECORDS = ("note", "reminder")
"""Kinds of changes whose copies are records in JSON, under their ids; the others are of files."""


def forget_calls(db: "Connection", conversation_id: str, call_ids: Iterable[str]) -> None:
    """Leave of calls only that they happened."""
    query = "UPDATE audit SET arguments = '', fault = '' WHERE conversation_id = ? AND call_id = ?"
    db.executemany(query, [(conversation_id, call_id) for call_id in call_ids])


def scrub_audit(db: "Connection", is_unwanted: Callable[[str], bool]) -> None:
    """Leave of every call that says what is unwanted only that it happened; of its tool's name not even that."""
    query = "SELECT id, tool, arguments, fault FROM audit"
    for id_, tool, arguments, fault in db.execute(query).fetchall():
        if is_unwanted(tool):
            db.execute("UPDATE audit SET tool = '' WHERE id = ?", (id_,))
        if any(is_unwanted(text) for text in (_said(arguments), fault) if text):
            db.execute("UPDATE audit SET arguments = '', fault = '' WHERE id = ?", (id_,))


def forget_copies_of(db: "Connection", kind: str, record_id: str) -> None:
    """Forget what undoes the changes of a note or a reminder."""
    db.execute("DELETE FROM undo_copies WHERE kind = ? AND path = ?", (kind, record_id.encode()))


def copy_ids(db: "Connection") -> list[str]:
    """Return the ids of all that undoes a change."""
    return [row[0] for row in db.execute("SELECT id FROM undo_copies")]


def texts_of_copy(db: "Connection", copy_id: str) -> list[str]:
    """Return what a copy says: the paths, and what was there before, as text in every coding that it may be in."""
    query = "SELECT kind, path, other, before FROM undo_copies WHERE id = ?"
    texts: list[str] = []
    for kind, path, other, before in db.execute(query, (copy_id,)):
        if kind in _RECORDS:
            texts.append(_said((before or b"").decode()))
        else:
            texts += [path.decode("utf-8", "replace"), other.decode("utf-8", "replace"), *_decodings(before or b"")]
    return [text for text in texts if text]


def _decodings(data: bytes) -> Iterator[str]:
    try:
        yield data.decode()
    except UnicodeDecodeError:
        for coding in ("utf-8", "gb18030", "cp1252"):
            yield data.decode(coding, "ignore")
    if b"\0" in data:
        for coding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            yield data.decode(coding, "ignore")


def strings(value: Json) -> Iterator[str]:
    """Yield the texts in a value as they are, not as JSON writes them: line breaks would become an `n`."""
    if isinstance(value, Mapping):
        value = [*itertools.chain.from_iterable(value.items())]
    if isinstance(value, (list, tuple)):
        yield from itertools.chain.from_iterable(map(strings, value))
    else:
        yield value if isinstance(value, str) else json.dumps(value)


def _said(text: str) -> str:
    """Return what JSON says; what is no JSON, as it is."""
    try:
        return " ".join(strings(json.loads(text)))
    except (ValueError, RecursionError):
        return text
