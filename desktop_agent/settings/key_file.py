"""The key as a file, for computers without a keyring."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from desktop_agent import durable
from desktop_agent.errors import UserFacingError


def write(path: Path, key: bytes) -> None:
    """Keep the key, readable by this account only; raises OSError."""
    durable.write(path, key.hex().encode() + b"\n")


def read(path: Path) -> bytes:
    """Return the key, after taking it away from other accounts; raises UserFacingError when it is gone or damaged."""
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o600)
        return parse(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise UserFacingError(
            f"The key to your conversations should be in the file {path}, but the file is missing or damaged.",
            "Restore it from a backup, or use your recovery phrase: desktop-agent key recover. Nothing was changed.",
        ) from error


def parse(text: str) -> bytes:
    """Return the 32 bytes of a key written in hex; raises ValueError."""
    key = bytes.fromhex(text)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key


def shred(path: Path) -> None:
    """Overwrite and remove the file, if it is there; raises OSError. A flash disk or a backup may keep a copy."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        durable.sync_folder(path.parent)


def shred_copy(path: Path, key: bytes) -> None:
    """Remove the file if it holds this very key, or zeros: a crash came between moving the key and removing it."""
    with suppress(OSError):
        if path.read_bytes().strip(b"\0\n") in {b"", key.hex().encode()}:
            shred(path)
