"""Files that survive a power cut: written whole or not at all."""

import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Replace the file's content, readable by this account only; the old content stays if anything fails (OSError)."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    try:
        create(new, data)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def create(path: Path, data: bytes) -> None:
    """Write a new file, readable by this account only; raises FileExistsError when there is one."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in the folder durable; only POSIX needs and offers it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
