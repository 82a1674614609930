"""The key that opens the database, and the only use of the system's keyring.

The key is made once and kept in the keyring, else in a file and never silently. A passphrase may protect it.
When it moves, its new place is proven before the old one is emptied, so that a crash at any moment loses no key.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from desktop_agent.errors import DesktopAgentError, UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings import key_file, secret_service
from desktop_agent.settings.asking import Ask, PassphraseNeeded, asker, dialog_would_be_seen
from desktop_agent.settings.profile import Place, Profile
from desktop_agent.settings.sealing import SealedKey, WrongPassphrase

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = ["Key", "PassphraseNeeded", "WrongPassphrase", "move_to_keyring", "open_key", "set_passphrase"]

T = TypeVar("T")
SERVICE = "desktop-agent"
SHORTEST_PASSPHRASE = 8
ANSWER_SECONDS, DIALOG_SECONDS = 10.0, 120.0
_FILE_NOTICE = (
    "The key to your conversations lies in a file that only this account can read: {path}. "
    "To protect it with a passphrase, run: desktop-agent key passphrase. "
    "Where a keyring works, it can move there: desktop-agent key keyring"
)


class KeyringUnavailable(DesktopAgentError):
    """No keyring can be used; the message is a clause that says why."""


@dataclass(frozen=True)
class Key:
    """The database's 32 bytes, where they are kept, and what the user should know about that (empty: nothing)."""

    value: bytes = field(repr=False)
    place: Place
    notice: str = ""


def open_key(paths: Paths, passphrase: Ask | None = None) -> Key:
    """Return the key, making it at the very first start. `passphrase` is called when one is needed.

    Raises PassphraseNeeded or WrongPassphrase; UserFacingError when the key cannot be had: no other one is ever made.
    """
    return _open(paths, passphrase)[1]


def set_passphrase(paths: Paths, new: str, current: Ask | None = None) -> str:
    """Wrap the key with a passphrase and empty its old place; return a notice, empty when all is well.

    `current` is called when it has a passphrase already. Raises UserFacingError, with nothing changed.
    """
    if len(new) < SHORTEST_PASSPHRASE:
        raise UserFacingError(f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.")
    profile, key = _open(paths, current)
    sealed = SealedKey.seal(key.value, new, profile.id)
    return _move(paths, profile, Profile("passphrase", profile.id, sealed), key.value, lambda: new)


def move_to_keyring(paths: Paths, current: Ask | None = None) -> str:
    """Put the key into the system's keyring and empty its old place; return a notice, empty when all is well.

    `current` is called when the key has a passphrase. Raises UserFacingError, with nothing changed.
    """
    profile, key = _open(paths, current)
    if profile.place == "keyring":
        return ""
    try:
        _store(profile.id, key.value)
    except KeyringUnavailable as error:
        raise UserFacingError(f"The key cannot be moved: {error}.", "Nothing was changed.") from error
    return _move(paths, profile, Profile("keyring", profile.id), key.value, asker(None))


def _open(paths: Paths, passphrase: Ask | None) -> tuple[Profile, Key]:
    profile, reason = Profile.load(paths.profile), ""
    if profile is None:
        profile, reason = _begin(paths)
    key = _read(paths, profile, asker(passphrase))
    if key.place != "file":
        key_file.shred_copy(paths.key_file, key.value)  # there when a crash came before it was emptied
    return profile, replace(key, notice=f"{reason} {key.notice}".strip())


def _begin(paths: Paths) -> tuple[Profile, str]:
    """Make the key at the very first start; return the profile, and why no keyring was used."""
    if paths.database.exists():
        raise UserFacingError(
            f"Your conversations are there, but the file {paths.profile}, which says where their key is, is missing.",
            "Restore it from a backup. Nothing was changed.",
        )
    # A key file without a profile comes from a first start that died, or from a backup: it is kept in use.
    key = key_file.read(paths.key_file) if paths.key_file.exists() else os.urandom(32)
    profile, reason = Profile("keyring"), ""
    with _faults_in_words(paths):
        try:
            _store(profile.id, key)
        except KeyringUnavailable as error:
            profile, reason = Profile("file"), f"This computer's keyring cannot be used: {error}."
            key_file.write(paths.key_file, key)
        profile.save(paths.profile)
    return profile, reason


def _read(paths: Paths, profile: Profile, ask: Ask) -> Key:
    """Return the key from where the profile says it is."""
    if profile.sealed is not None:
        return Key(profile.sealed.open(ask(), profile.id), "passphrase")
    if profile.place == "keyring":
        return Key(_fetch(profile.id), "keyring")
    return Key(key_file.read(paths.key_file), "file", _FILE_NOTICE.format(path=paths.key_file))


def _move(paths: Paths, old: Profile, new: Profile, key: bytes, ask: Ask) -> str:
    """Note the key's new place, prove that it can be read from there, then empty the old one."""
    with _faults_in_words(paths):
        new.save(paths.profile)
        if not _holds(paths, new, key, ask):
            old.save(paths.profile)
            raise UserFacingError("The key could not be read back from its new place.", "It stays where it was.")
    try:
        if old.place == "file":
            key_file.shred(paths.key_file)
        elif old.place == "keyring" != new.place:
            _forget(old.id)
    except (OSError, KeyringUnavailable) as error:
        return f"A copy of the key is left in its old place, the {old.place}, and could not be removed: {error}."
    return ""


def _holds(paths: Paths, profile: Profile, key: bytes, ask: Ask) -> bool:
    try:
        return Profile.load(paths.profile) == profile and _read(paths, profile, ask).value == key
    except UserFacingError:
        return False


@contextmanager
def _faults_in_words(paths: Paths) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserFacingError(f"The key cannot be kept in {paths.home}: {error.strerror}.") from error


def _fetch(profile: str) -> bytes:
    try:
        return key_file.parse(_with_keyring(lambda keyring: keyring.get_password(SERVICE, profile)) or "")
    except KeyringUnavailable as error:
        raise UserFacingError(
            f"The key to your conversations is in this computer's keyring, but {error}.",
            "Log in to your desktop and unlock the keyring, then try again. Nothing was changed.",
        ) from error
    except ValueError as error:
        raise UserFacingError(
            f"This computer's keyring does not hold the key to your conversations (entry {SERVICE}, {profile}).",
            "Restore the keyring: without the key nobody can read the conversations. Nothing was changed.",
        ) from error


def _store(profile: str, key: bytes) -> None:
    def store(keyring: "KeyringBackend") -> None:
        keyring.set_password(SERVICE, profile, key.hex())
        if keyring.get_password(SERVICE, profile) != key.hex():
            raise KeyringUnavailable("the keyring does not keep what is put into it")

    _with_keyring(store)


def _forget(profile: str) -> None:
    _with_keyring(lambda keyring: keyring.delete_password(SERVICE, profile))


def _with_keyring(work: "Callable[[KeyringBackend], T]") -> T:
    """Return what `work` does with the keyring; raises KeyringUnavailable, also when the keyring does not answer."""
    seconds = DIALOG_SECONDS if dialog_would_be_seen() else ANSWER_SECONDS
    result: Future[T] = Future()
    threading.Thread(target=_answer, args=(work, result), name="keyring", daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        raise KeyringUnavailable(f"the keyring did not answer within {seconds:.0f} seconds") from None


def _answer(work: "Callable[[KeyringBackend], T]", result: Future[T]) -> None:
    try:
        result.set_result(work(_keyring()))
    except KeyringUnavailable as error:
        result.set_exception(error)
    except Exception as error:  # noqa: BLE001 -- a worker's boundary, and every keyring has faults of its own
        result.set_exception(KeyringUnavailable(f"the keyring reports a fault ({error})"))


def _keyring() -> "KeyringBackend":
    """Return the system's keyring, unlocked.

    The real ones are named here, in a fixed order: what a plug-in or a configuration file offers may keep plain text,
    and keyring's own order depends on the desktop, so that a key stored there would not be found over SSH.
    """
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return macOS.Keyring()
    if sys.platform == "win32":
        from keyring.backends import Windows

        return Windows.WinVaultKeyring()
    from keyring.backends import SecretService, kwallet

    if SecretService.Keyring.viable:
        if reason := secret_service.closed_because():
            raise KeyringUnavailable(reason)
        return SecretService.Keyring()  # type: ignore[no-untyped-call]
    if kwallet.DBusKeyring.viable:
        return kwallet.DBusKeyring()  # type: ignore[no-untyped-call]
    raise KeyringUnavailable("no keyring is running")
