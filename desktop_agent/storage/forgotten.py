"""What must not come back by itself, known by hashes only.

The salt is in the same database: it keeps the hashes of two homes apart and tables of ready hashes useless. Who has the
key can still test a guess, as for any hash of a short text.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from desktop_agent import lexical

if TYPE_CHECKING:
    from sqlite3 import Connection

_LONGEST = 16
"""Terms of forgotten words that are looked for inside other texts."""


def note(db: "Connection", text: str) -> None:
    """Keep hashes of a text: as it is written, and of its words in any order."""
    _insert(db, _whole(_salt(db), text))


def note_words(db: "Connection", words: str) -> None:
    """Keep hashes of words that no text may hold."""
    salt, terms = _salt(db), lexical.terms(words)
    inside = [_hash(salt, b"inside", " ".join(terms))] if 0 < len(terms) <= _LONGEST else []
    _insert(db, [*_whole(salt, words), *inside])


def is_forgotten(db: "Connection", text: str) -> bool:
    """Return whether the text, or words in it, were forgotten."""
    query = "SELECT 1 FROM forgotten WHERE hash = ?"
    return any(db.execute(query, (hash_,)).fetchone() for salt in _salts(db) for hash_ in _all(salt, text))


def kept(db: "Connection") -> tuple[list[bytes], list[bytes]]:
    """Return the salts and the hashes of all that was forgotten."""
    return _salts(db), [row[0] for row in db.execute("SELECT hash FROM forgotten")]


def lookup(salts: list[bytes], hashes: list[bytes]) -> Callable[[str], bool]:
    """Return what says for many texts, wherever they are, whether they are among what was forgotten."""
    known = set(hashes)
    return lambda text: bool(known) and any(hash_ in known for salt in salts for hash_ in _all(salt, text))


def adopt(db: "Connection", salts: list[bytes], hashes: list[bytes]) -> None:
    """Take over what was forgotten in another home; its salt replaces one here that nothing was hashed with."""
    if salts and not db.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone():
        db.execute("DELETE FROM salt")
    new = "INSERT INTO salt SELECT ? WHERE NOT EXISTS (SELECT 1 FROM salt WHERE value = ?)"
    db.executemany(new, [(salt, salt) for salt in salts])
    _insert(db, hashes)


def allow(db: "Connection", text: str) -> None:
    """Drop the hashes of a text that the user says anew."""
    hashes = [(hash_,) for salt in _salts(db) for hash_ in _all(salt, text)]
    db.executemany("DELETE FROM forgotten WHERE hash = ?", hashes)


def _salt(db: "Connection") -> bytes:
    """Return the salt for new hashes."""
    return _salts(db)[0]


def _salts(db: "Connection") -> list[bytes]:
    """Return this home's salt, and those of homes that were imported."""
    return [row[0] for row in db.execute("SELECT value FROM salt ORDER BY rowid")]


def _insert(db: "Connection", hashes: list[bytes]) -> None:
    db.executemany("INSERT INTO forgotten VALUES (?) ON CONFLICT DO NOTHING", [(hash_,) for hash_ in hashes])


def _all(salt: bytes, text: str) -> Iterator[bytes]:
    yield from _whole(salt, text)
    terms = lexical.terms(text)
    for start in range(len(terms)):
        for end in range(start + 1, min(start + _LONGEST, len(terms)) + 1):
            yield _hash(salt, b"inside", " ".join(terms[start:end]))


def _whole(salt: bytes, text: str) -> list[bytes]:
    kinds = {b"text": lexical.normal(text), b"terms": " ".join(sorted(set(lexical.terms(text))))}
    return [_hash(salt, kind, value) for kind, value in kinds.items() if value]


def _hash(salt: bytes, kind: bytes, value: str) -> bytes:
    return blake2b(value.encode(), digest_size=16, key=salt, person=kind).digest()
