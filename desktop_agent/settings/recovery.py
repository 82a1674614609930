"""The recovery phrase: 24 words that open the key when the passphrase is forgotten or the keyring is gone.

Only the key sealed with the words is kept, in profile.json; the words themselves are shown once and kept nowhere.
"""

from dataclasses import dataclass, replace
from datetime import date

from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings import phrase as words
from desktop_agent.settings.asking import Ask
from desktop_agent.settings.phrase import Language, WrongPhrase
from desktop_agent.settings.profile import Profile, Recovery
from desktop_agent.settings.sealing import SealedKey, WrongPassphrase
from desktop_agent.settings.secrets import open_profile, put_back, save_profile

__all__ = ["Language", "RecoveryStatus", "WrongPhrase", "confirm", "make_phrase", "recover", "status"]

DUE_DAYS = 90


@dataclass(frozen=True)
class RecoveryStatus:
    """Whether there is a phrase, the days (ISO 8601) it was made and last typed again, and whether it should be now."""

    exists: bool
    made_on: str = ""
    confirmed_on: str = ""
    due: bool = False


def make_phrase(paths: Paths, current: Ask | None = None, language: Language = "english") -> str:
    """Seal the key with a new phrase and return it: this is the only time that it can be shown. An old one is void.

    `current` is called when the key has a passphrase. Raises UserFacingError, with nothing changed.
    """
    profile, key = open_profile(paths, current)
    made = words.generate(language)
    sealed = SealedKey.seal(key.value, made, profile.id)
    save_profile(paths, replace(profile, recovery=Recovery(sealed, _today())))
    return made


def confirm(paths: Paths, phrase: str) -> None:
    """Note that the user has the phrase today. Raises WrongPhrase with what is wrong about it, or UserFacingError."""
    profile, recovery, _ = _opened(paths, phrase)
    save_profile(paths, replace(profile, recovery=replace(recovery, confirmed_on=_today())))


def status(paths: Paths) -> RecoveryStatus:
    """Return what is known of the phrase. It is due when it was never typed again, or 90 days ago."""
    profile = Profile.load(paths.profile)
    if profile is None or profile.recovery is None:
        return RecoveryStatus(False)
    made_on, confirmed_on = profile.recovery.made_on, profile.recovery.confirmed_on
    return RecoveryStatus(True, made_on, confirmed_on, not confirmed_on or _days_since(confirmed_on) >= DUE_DAYS)


def recover(paths: Paths, phrase: str) -> str:
    """Open the key with the phrase and put it into the keyring, else into the key file; a passphrase is void then.

    Returns a notice, empty when all is well. Raises WrongPhrase or UserFacingError, with nothing changed.
    """
    profile, recovery, key = _opened(paths, phrase)
    return put_back(paths, replace(profile, recovery=replace(recovery, confirmed_on=_today())), key)


def _opened(paths: Paths, phrase: str) -> tuple[Profile, Recovery, bytes]:
    profile = Profile.load(paths.profile)
    if profile is None or profile.recovery is None:
        raise UserFacingError(
            "There is no recovery phrase for these conversations.", f"It would be in {paths.profile}."
        )
    try:
        key = profile.recovery.sealed.open(words.spelt(phrase), profile.id)
    except WrongPassphrase:
        message = "This is a recovery phrase, but not the one of these conversations."
        raise WrongPhrase(message, "Perhaps a newer one was made since: that one counts.") from None
    return profile, profile.recovery, key


def _today() -> str:
    return date.today().isoformat()


def _days_since(day: str) -> int:
    return (date.today() - date.fromisoformat(day)).days
