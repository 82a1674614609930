"""What the model hub answers, and what follows from it."""

import email.utils
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_agent.models.transfer import SourceFailed, size_text

if TYPE_CHECKING:
    import httpx

LONGEST_WAIT = 120.0
"""Seconds. Who asks for more patience than this is taken at his word: the user is told, and tries again himself."""
BUSY = {429, 500, 502, 503, 504}
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
NO_RANGE = re.compile(r"bytes \*/(\d+)")
LOGIN = "Keep an access token with: desktop-agent models token set (in the window: Models, Mirror and access token)."
LICENCE = "Look at the model's page on the hub: often its licence has to be accepted first."


class Interrupted(SourceFailed):
    """It may go on if tried again, in `wait` seconds at the earliest."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Interrupted):
    """There was no connection at all."""


class RangeUseless(SourceFailed):
    """The server cannot send a part of this file; it may still send all of it."""


@dataclass(frozen=True)
class Asked:
    """What was asked for: the file of `size` bytes from `offset` on, with a token or, for a reason perhaps, without."""

    size: int
    offset: int
    has_token: bool
    why_no_token: str = ""


def first_byte(answer: "httpx.Response", asked: Asked) -> int:
    """Return where in the file the answer's body begins; raises SourceFailed when it is of no use."""
    if answer.status_code == 206:
        return _partial(answer.headers.get("Content-Range", ""), asked)
    if answer.status_code == 416:
        return _unsatisfied(answer.headers.get("Content-Range", ""), asked)
    if answer.status_code != 200:
        raise _refusal(answer, asked)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise SourceFailed("the model hub sends this file in a form that was not asked for")
    length = answer.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != asked.size:
        raise _another(int(length), asked)
    return 0


def strong_etag(answer: "httpx.Response") -> str:
    """Return the ETag, empty when there is none that names the bytes themselves."""
    etag: str = answer.headers.get("ETag", "")
    return etag if re.fullmatch(r'"[\x21\x23-\x7e]*"', etag) else ""


def _partial(told: str, asked: Asked) -> int:
    found = RANGE.fullmatch(told.strip())
    if not found:
        raise RangeUseless("the model hub does not say which part of the file it sends")
    if found[3] not in ("*", str(asked.size)):
        raise _another(int(found[3]), asked)
    if int(found[1]) > asked.offset or int(found[2]) >= asked.size:
        raise RangeUseless("the model hub sends another part of the file than it was asked for")
    return int(found[1])


def _unsatisfied(told: str, asked: Asked) -> int:
    found = NO_RANGE.fullmatch(told.strip())
    if found and int(found[1]) != asked.size:
        raise _another(int(found[1]), asked)
    raise RangeUseless("the model hub says that this file ends before it does")


def _another(size: int, asked: Asked) -> SourceFailed:
    return SourceFailed(f"the model hub has another version of this file ({_sizes(size, asked.size)})")


def _sizes(there: int, wanted: int) -> str:
    texts = size_text(there), size_text(wanted)
    if texts[0] == texts[1]:
        texts = f"{there:,} bytes", f"{wanted:,}"
    return f"{texts[0]} instead of {texts[1]}"


def _refusal(answer: "httpx.Response", asked: Asked) -> SourceFailed:
    status = answer.status_code
    if status == 401:
        return _login(asked)
    if status == 403:
        return SourceFailed("the model hub refuses access to this file", LICENCE if asked.has_token else LOGIN)
    if status in (404, 410):
        return SourceFailed("the model hub does not have this file")
    if status in BUSY:
        return _busy(status, _retry_after(answer.headers.get("Retry-After", "")))
    return SourceFailed(f"the model hub answers with error {status}")


def _login(asked: Asked) -> SourceFailed:
    if asked.has_token:
        return SourceFailed("the model hub does not accept the access token", LOGIN)
    return SourceFailed("the model hub wants a login for this file", asked.why_no_token or LOGIN)


def _busy(status: int, wait: float) -> SourceFailed:
    why = "too many requests" if status == 429 else f"error {status}"
    if wait <= LONGEST_WAIT:
        return Interrupted(f"the model hub asks to come back later ({why})", wait)
    return SourceFailed(f"the model hub asks to come back in {_duration(wait)} ({why})", "Wait so long.")


def _retry_after(told: str) -> float:
    """Return the seconds that the header asks for (RFC 9110, 10.2.3: a number or a date), 0 when it says nothing."""
    if told.strip().isdecimal():
        return float(told)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
