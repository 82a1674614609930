"""The key that opens the database, and other secrets of this profile.

The key is made once and kept in the keyring, else in a file and never silently. A passphrase may protect it.
When it moves, its new place is proven before the old one is emptied, so that a crash at any moment loses no key.
Other secrets are kept in the keyring or not at all.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings import key_file, system_keyring
from desktop_agent.settings.asking import Ask, PassphraseNeeded, asker
from desktop_agent.settings.profile import Place, Profile
from desktop_agent.settings.sealing import SealedKey, WrongPassphrase
from desktop_agent.settings.system_keyring import KeyringUnavailable

__all__ = [
    "Key",
    "PassphraseNeeded",
    "WrongPassphrase",
    "drop_secret",
    "keep_secret",
    "move_to_keyring",
    "open_key",
    "open_profile",
    "put_back",
    "read_secret",
    "save_profile",
    "set_passphrase",
]

SHORTEST_PASSPHRASE = 8
_FILE_NOTICE = (
    "The key to your conversations lies in a file that only this account can read: {path}. "
    "To protect it with a passphrase, run: desktop-agent key passphrase. "
    "Where a keyring works, it can move there: desktop-agent key keyring"
)


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
    return open_profile(paths, passphrase)[1]


def set_passphrase(paths: Paths, new: str, current: Ask | None = None) -> str:
    """Wrap the key with a passphrase and empty its old place; return a notice, empty when all is well.

    `current` is called when it has a passphrase already. Raises UserFacingError, with nothing changed.
    """
    if len(new) < SHORTEST_PASSPHRASE:
        raise UserFacingError(f"The passphrase is too short: it needs at least {SHORTEST_PASSPHRASE} characters.")
    profile, key = open_profile(paths, current)
    sealed = SealedKey.seal(key.value, new, profile.id)
    return _move(paths, profile, replace(profile, place="passphrase", sealed=sealed), key.value, lambda: new)


def move_to_keyring(paths: Paths, current: Ask | None = None) -> str:
    """Put the key into the system's keyring and empty its old place; return a notice, empty when all is well.

    `current` is called when the key has a passphrase. Raises UserFacingError, with nothing changed.
    """
    profile, key = open_profile(paths, current)
    if profile.place == "keyring":
        return ""
    try:
        system_keyring.store(profile.id, key.value.hex())
    except KeyringUnavailable as error:
        raise UserFacingError(f"The key cannot be moved: {error}.", "Nothing was changed.") from error
    return _move(paths, profile, replace(profile, place="keyring", sealed=None), key.value, asker(None))


def put_back(paths: Paths, profile: Profile, key: bytes) -> str:
    """Put a key that was lost into the keyring, else into the key file; return a notice, empty when all is well.

    Raises UserFacingError, with nothing changed.
    """
    with _faults_in_words(paths):
        found, notice = _keep(paths, replace(profile, sealed=None), key)
        found.save(paths.profile)
        if not _holds(paths, found, key, asker(None)):
            profile.save(paths.profile)
            raise UserFacingError("The key could not be read back from its new place.", "Nothing was changed.")
    return f"{notice} {_FILE_NOTICE.format(path=paths.key_file)}" if notice else ""


def keep_secret(paths: Paths, name: str, value: str) -> None:
    """Keep a secret of this profile in the keyring, and in profile.json that there is one of this name.

    Raises UserFacingError when no keyring can be used: there is no other place for it.
    """
    profile = _existing(paths)
    with _secrets_in_words(paths, name):
        system_keyring.store(f"{profile.id}/{name}", value)
        replace(profile, secrets=tuple(sorted({*profile.secrets, name}))).save(paths.profile)


def read_secret(paths: Paths, name: str) -> str:
    """Return a secret, empty when none was kept. Raises UserFacingError when the keyring does not give it."""
    profile = Profile.load(paths.profile)
    if profile is None or name not in profile.secrets:
        return ""
    with _secrets_in_words(paths, name):
        if found := system_keyring.fetch(f"{profile.id}/{name}"):
            return found
    raise UserFacingError(f"This computer's keyring no longer holds the secret {name!r}.", "Enter it again.")


def drop_secret(paths: Paths, name: str) -> None:
    """Remove a secret, if there is one. Raises UserFacingError when the keyring cannot be used."""
    profile = Profile.load(paths.profile)
    if profile is None or name not in profile.secrets:
        return
    with _secrets_in_words(paths, name):
        system_keyring.forget(f"{profile.id}/{name}")
        replace(profile, secrets=tuple(kept for kept in profile.secrets if kept != name)).save(paths.profile)


def open_profile(paths: Paths, passphrase: Ask | None) -> tuple[Profile, Key]:
    """Return the profile with its key; see `open_key`."""
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
    with _faults_in_words(paths):
        profile, reason = _keep(paths, Profile("keyring"), key)
        profile.save(paths.profile)
    return profile, reason


def _keep(paths: Paths, profile: Profile, key: bytes) -> tuple[Profile, str]:
    """Put the key into the keyring, else into the key file; return the profile with its place, and why the file."""
    try:
        system_keyring.store(profile.id, key.hex())
    except KeyringUnavailable as error:
        key_file.write(paths.key_file, key)
        return replace(profile, place="file"), f"This computer's keyring cannot be used: {error}."
    return replace(profile, place="keyring"), ""


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
            system_keyring.forget(old.id)
    except (OSError, KeyringUnavailable) as error:
        return f"A copy of the key is left in its old place, the {old.place}, and could not be removed: {error}."
    return ""


def _holds(paths: Paths, profile: Profile, key: bytes, ask: Ask) -> bool:
    try:
        return Profile.load(paths.profile) == profile and _read(paths, profile, ask).value == key
    except UserFacingError:
        return False


def save_profile(paths: Paths, profile: Profile) -> None:
    """Write the profile; raises UserFacingError."""
    with _faults_in_words(paths):
        profile.save(paths.profile)


@contextmanager
def _faults_in_words(paths: Paths) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserFacingError(f"The key cannot be kept in {paths.home}: {error.strerror}.") from error


def _fetch(profile: str) -> bytes:
    try:
        return key_file.parse(system_keyring.fetch(profile))
    except KeyringUnavailable as error:
        raise UserFacingError(
            f"The key to your conversations is in this computer's keyring, but {error}.",
            "Log in to your desktop and unlock the keyring, then try again. Nothing was changed.",
        ) from error
    except ValueError as error:
        raise UserFacingError(
            "This computer's keyring does not hold the key to your conversations "
            f"(entry {system_keyring.SERVICE}, {profile}).",
            "Restore the keyring, or use your recovery phrase: desktop-agent key recover. Nothing was changed.",
        ) from error


def _existing(paths: Paths) -> Profile:
    if profile := Profile.load(paths.profile):
        return profile
    raise UserFacingError("There is no key in this home yet: it is made when Desktop Agent first starts.")


@contextmanager
def _secrets_in_words(paths: Paths, name: str) -> Iterator[None]:
    try:
        with _faults_in_words(paths):
            yield
    except KeyringUnavailable as error:
        raise UserFacingError(
            f"The secret {name!r} is kept in this computer's keyring only, but {error}.",
            "Log in to your desktop and unlock the keyring, then try again.",
        ) from error
