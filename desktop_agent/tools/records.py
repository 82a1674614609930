"""Changes of notes and reminders, planned and taken back."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from desktop_agent.approvals import Preview
from desktop_agent.errors import UserFacingError
from desktop_agent.records import Note, Reminder, UndoCopy

R = TypeVar("R", Note, Reminder)
Kind = Literal["note", "reminder"]


class RecordStore(Protocol[R]):
    """Where notes are kept, or reminders."""

    def get(self, id_: str, /) -> R:
        """Return one; raises UserFacingError when it is gone."""

    def put(self, record: R, /) -> None:
        """Keep one as it is; one with the same id is replaced."""

    def delete(self, id_: str, /) -> None:
        """Delete one; harmless when it is gone."""


@dataclass(frozen=True)
class RecordChange(Generic[R]):
    """Implements Change: what was `before`, None for nothing, becomes `after`, None for nothing.

    `said` is what the model reads when it is done.
    """

    store: RecordStore[R]
    before: R | None
    after: R | None
    preview: Preview
    said: str
    folder: str = ""
    risk: str = ""

    @property
    def undo_copy(self) -> UndoCopy:
        """What undoes it: the record as it is now."""
        before = json.dumps(asdict(self.before)).encode() if self.before else None
        return UndoCopy(self.preview.kind, self._id, before=before, after=_fingerprint(self.after))

    def apply(self) -> str:
        """Make the change, unless the record is no longer what was planned with. Raises UserFacingError."""
        if current(self.store, self._id) != self.before:
            raise UserFacingError(f"The {self.preview.kind} was changed meanwhile.", "Look at it again.")
        if self.after:
            self.store.put(self.after)
        else:
            self.store.delete(self._id)
        return self.said

    @property
    def _id(self) -> str:
        record = self.after or self.before
        assert record is not None  # noqa: S101 -- a change is of something
        return record.id


@dataclass(frozen=True)
class RecordUndo(Generic[R]):
    """Takes changes back: of notes with `Note` as `make`, of reminders with `Reminder`."""

    store: RecordStore[R]
    make: Callable[..., R]

    def __call__(self, copy: UndoCopy) -> str:
        """Take a change back and say so; raises UserFacingError, with nothing lost, when it was changed since."""
        changed, gone, back = _SAID[copy.kind]
        if _fingerprint(current(self.store, copy.path)) != copy.after:
            raise UserFacingError(changed, "Nothing was changed.")
        if copy.before is None:
            self.store.delete(copy.path)
            return gone
        record: Mapping[str, Any] = json.loads(copy.before)
        self.store.put(self.make(**record))
        return back


_SAID = {
    "note": (
        "The note was changed since, so this cannot be undone.",
        "The note is gone again.",
        "The note is as it was before.",
    ),
    "reminder": (
        "The reminder was changed since, so this cannot be undone.",
        "The reminder is gone again.",
        "The reminder is as it was before.",
    ),
}


def current(store: RecordStore[R], id_: str) -> R | None:
    """Return a record as it is now, None when there is none."""
    try:
        return store.get(id_)
    except UserFacingError:
        return None


def _fingerprint(record: Note | Reminder | None) -> str:
    """Return the SHA-256 of what the user and the model decide; that a reminder was shown changes nothing."""
    if record is None:
        return ""
    passing = {"shown_at", "due_at"} if getattr(record, "repeat", "") else {"shown_at"}
    kept = {name: value for name, value in asdict(record).items() if name not in passing}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
