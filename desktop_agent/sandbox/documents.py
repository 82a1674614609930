"""Reads documents of every kind, each in a process of its own that can do nothing else."""

import threading
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from desktop_agent.errors import UserFacingError
from desktop_agent.sandbox.frames import Message
from desktop_agent.sandbox.process import Worker, WorkerDied, WorkerTimeout
from desktop_agent.visible import visible, without_controls

SECONDS = 30.0
"""What a document may take; a thousand pages take two or three."""
_LIMIT = 16_000
_WORKER = "desktop_agent.sandbox.document_worker"
_RESIDENT_MB = 768
_MAYBE = "It is damaged, or made to do harm."
_LARGEST_ANSWER = 1 << 20
_LONGEST_LINE = 300


@dataclass(frozen=True)
class DocumentPart:
    """A page, slide, or some rows or paragraphs; `label` says which."""

    label: str
    text: str


@dataclass(frozen=True)
class DocumentText:
    """Consecutive parts of a document. `total_parts` is 0 when there are too many to count."""

    kind: str
    title: str
    parts: tuple[DocumentPart, ...]
    start: int
    total_parts: int

    @property
    def truncated(self) -> bool:
        """Whether there are more parts after these."""
        return self.start + len(self.parts) - 1 != self.total_parts


class DocumentReader:
    """Starts a worker for each document: what one does to it, the next never meets."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def read(
        self,
        fd: int,
        name: str,
        *,
        start: int = 1,
        limit: int = _LIMIT,
        cancel: threading.Event | None = None,
    ) -> DocumentText:
        """Return the parts from number `start` on, as many as have `limit` bytes of UTF-8 together.

        `fd` is a regular file, open for reading; `name` only tells apart what bytes cannot. Raises UserFacingError for
        what cannot be read, and when the worker could not be confined; Cancelled.
        """
        if start < 1:
            raise UserFacingError("Parts of a document are counted from 1.")
        worker = Worker(
            _WORKER, arguments=(str(fd),), pass_fds=(fd,), largest_frame=_LARGEST_ANSWER, memory_mb=_RESIDENT_MB
        )
        try:
            answer = worker.call({"name": name, "start": start, "limit": limit}, self._seconds, cancel)
        except WorkerTimeout as error:
            raise UserFacingError(f"The document takes longer than {self._seconds:.0f} seconds to read.") from error
        except WorkerDied as error:
            raise UserFacingError("The document made its reader fail, so it cannot be read.", _MAYBE) from error
        finally:
            worker.close()
        return _checked(answer, start)


class _Answer(BaseModel):
    """What a worker sends, which may be anything: a document may have taken it over."""

    kind: str = ""
    title: str = ""
    parts: list[tuple[str, str]] = []
    total: int = 0
    fault: str = ""
    hint: str = ""


def _checked(answer: Message, start: int) -> DocumentText:
    """Return what a worker sent as a document. Raises UserFacingError for the fault that it tells of."""
    try:
        told = _Answer.model_validate(answer)
    except ValidationError as error:
        raise UserFacingError("The document made its reader fail, so it cannot be read.") from error
    if told.fault:
        raise UserFacingError(_line(told.fault), _line(told.hint))
    if not told.parts and told.total:
        raise UserFacingError(f"The document has {told.total:,} parts; there is no part {start:,}.")
    parts = tuple(DocumentPart(_line(label), without_controls(text)) for label, text in told.parts)
    return DocumentText(_line(told.kind), _line(told.title), parts, start, told.total)


def _line(text: str) -> str:
    return visible(" ".join(text.split())[:_LONGEST_LINE], kept="")
