"""What the undo history keeps of a file that was moved, instead of its content."""

import json
import os
import stat
from dataclasses import asdict, dataclass
from hashlib import sha256

from desktop_agent.tools import atomic
from desktop_agent.tools.place import Place
from desktop_agent.tools.quota import LARGEST


@dataclass(frozen=True)
class Moved:
    """Which file it was; `made` is the outermost folder that was made for it, a path below the root, or empty.

    `mark` tells a file from others and from itself when it was written to since. A folder is any folder.
    """

    mark: str
    made: str = ""

    @classmethod
    def of(cls, place: Place, status: os.stat_result, made: str) -> "Moved":
        """Return what there is to be moved. Raises OSError."""
        return cls(fingerprint(place, status), made)

    def to_bytes(self) -> bytes:
        """Return a value for UndoCopy.before."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Moved":
        """Return what `to_bytes` wrote."""
        return cls(**json.loads(data))

    def is_at(self, place: Place, status: os.stat_result | None) -> bool:
        """Return whether this is what is at a place. Raises OSError."""
        return status is not None and fingerprint(place, status) == self.mark


def fingerprint(place: Place, status: os.stat_result) -> str:
    """Return a file's SHA-256; of one that takes long to read which it is, and when it was written."""
    if not stat.S_ISREG(status.st_mode):
        return f"kind {stat.S_IFMT(status.st_mode)}"
    if status.st_size > LARGEST:
        return f"file {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}"
    with place.folder() as folder:
        return sha256(atomic.hold(folder, place.name, LARGEST).data).hexdigest()
