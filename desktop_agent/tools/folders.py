"""Granting folders to the model, and opening them for a call."""

import os
import stat
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from desktop_agent.errors import UserFacingError
from desktop_agent.tools import beneath
from desktop_agent.tools.protocols import Grant, PermissionStore
from desktop_agent.tools.quota import Quota
from desktop_agent.tools.scope import Root, Scope
from desktop_agent.tools.seen import Seen
from desktop_agent.tools.shown import shown

Identity: TypeAlias = tuple[int, int]
"""Device and inode."""

_SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var"),
    *("/System", "/Library", "/private/etc"),
)
_NOT_SYSTEM = ("/run/media", "/var/home", "/var/mnt", "/var/tmp", "/var/folders")  # noqa: S108 -- people's files
_EVERYONE = ("/home", "/Users", "/var/home", "/run/media")
_SECRET = (
    *(".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config", ".password-store"),
    *(".local/share/keyrings", ".mozilla", ".thunderbird", ".var/app", "snap/firefox", "snap/chromium"),
    *("Library/Keychains", "Library/Application Support"),
)


class Folders:
    """The folders that the user granted. `own` is the program's data folder, which no grant may touch."""

    def __init__(self, permissions: PermissionStore, own: Path) -> None:
        self._permissions = permissions
        self._own = own
        self._seen: dict[str, Seen] = {}
        self._quotas: dict[str, Quota] = {}

    def grant(self, path: str | Path, conversation_id: str | None = None) -> Grant:
        """Open a folder to one conversation, or to all; granting it again renews the grant.

        Raises UserFacingError for what is no readable folder, and for folders that hold secrets or the system.
        """
        folder = self.checked(path)
        return self._permissions.grant(str(folder), *_identity(folder.stat()), conversation_id)

    def checked(self, path: str | Path) -> Path:
        """Return a folder's true path if it may be granted. Raises UserFacingError as `grant` does."""
        if not str(path).strip():  # for Path that is the current folder
            raise UserFacingError("No folder was named.", "Name the folder that may be read.")
        folder = _existing_folder(Path(path))
        if reason := self._forbidden(folder):
            name = shown(str(folder))
            raise UserFacingError(f"'{name}' cannot be granted: {reason}.", "Choose another folder.")
        return folder

    def list(self) -> Sequence[Grant]:
        """Return every grant."""
        return self._permissions.all_grants()

    def revoke(self, grant_id: int) -> None:
        """Take a grant back."""
        self._permissions.revoke(grant_id)

    def problem(self, grant: Grant) -> str:
        """Return why a grant cannot be used at the moment, in a sentence; empty when it can."""
        try:
            os.close(_open_root(grant))
        except UserFacingError as error:
            return str(error)
        return ""

    @contextmanager
    def open(self, conversation_id: str, cancel: threading.Event | None = None) -> Iterator[Scope]:
        """Hold the conversation's folders open; one that was moved or replaced since it was granted is left out."""
        roots: dict[str, Root] = {}
        suspended: list[str] = []
        try:
            for grant in self._permissions.grants(conversation_id):
                if grant.path in roots:
                    continue
                try:
                    roots[grant.path] = Root(PurePosixPath(grant.path), _open_root(grant))
                except UserFacingError as error:
                    suspended.append(error.message)
            seen = self._seen.setdefault(conversation_id, Seen())
            quota = self._quotas.setdefault(conversation_id, Quota())
            stop = cancel or threading.Event()
            yield Scope(tuple(roots.values()), tuple(suspended), stop, seen=seen, quota=quota)
        finally:
            for root in roots.values():
                os.close(root.fd)

    def _forbidden(self, folder: Path) -> str:
        """Return why a folder must not be granted, or nothing. Compared by identity, so no other spelling gets by."""
        chain = _chain(folder)
        here, home = _identity(folder.stat()), Path.home()
        if here in _chain(home):
            return "it holds a whole home folder"
        if here in map(_identity_of, map(Path, _EVERYONE)):
            return "it holds the folders of everyone on this computer"
        if here in _chain(self._own) or _identity_of(self._own) in chain:
            return "it holds this program's own data"
        for secret in (home / name for name in _SECRET):
            if here in _chain(secret) or _identity_of(secret) in chain:
                return f"it holds secrets or other programs' settings ({shown(str(secret))})"
        if _within(chain, _SYSTEM) and not _within(chain, _NOT_SYSTEM):
            return "it belongs to the operating system"
        return ""


def _existing_folder(path: Path) -> Path:
    """Return the folder's true path, without links."""
    if not beneath.available():
        raise UserFacingError(f"Folders cannot be granted on this system ({sys.platform}) so far.")
    name = shown(str(path))
    try:
        folder = path.expanduser().resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise UserFacingError(f"There is no folder '{name}'.", "Check its name.") from error
    if not folder.is_dir():
        raise UserFacingError(f"'{name}' is not a folder.", "Grant the folder that holds it.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UserFacingError(f"This account may not read the folder '{name}'.", "Choose another folder.")
    return folder


def _open_root(grant: Grant) -> int:
    """Return a descriptor of the granted folder; raises UserFacingError when another one stands in its place."""
    try:
        return beneath.open_root(grant.path, grant.device, grant.inode)
    except (OSError, ValueError) as error:
        raise _suspended(grant) from error


def _suspended(grant: Grant) -> UserFacingError:
    what = f"The granted folder '{shown(grant.path)}' was moved, replaced or closed to this account since then"
    return UserFacingError(f"{what}, so it is not used.", "Grant it again to go on.")


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


def _identity_of(path: Path) -> Identity | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return _identity(status) if stat.S_ISDIR(status.st_mode) else None


def _chain(path: Path) -> set[Identity]:
    """Return the identities of a folder and of everything above it; what does not exist is left out."""
    real = Path(os.path.realpath(path))
    return {identity for step in (real, *real.parents) if (identity := _identity_of(step))}


def _within(chain: set[Identity], paths: Sequence[str]) -> bool:
    return any(_identity_of(Path(path)) in chain for path in paths)
