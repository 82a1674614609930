"""The only use of the system's keyring: named secrets of this program go in and come out, or a clause says why not."""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from desktop_agent.errors import DesktopAgentError
from desktop_agent.settings import secret_service
from desktop_agent.settings.asking import dialog_would_be_seen

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")
SERVICE = "desktop-agent"
ANSWER_SECONDS, DIALOG_SECONDS = 10.0, 120.0


class KeyringUnavailable(DesktopAgentError):
    """No keyring can be used; the message is a clause that says why."""


def fetch(entry: str) -> str:
    """Return the secret, empty when there is none; raises KeyringUnavailable."""
    return _with_keyring(lambda keyring: keyring.get_password(SERVICE, entry)) or ""


def store(entry: str, secret: str) -> None:
    """Keep the secret and prove that it is kept; raises KeyringUnavailable."""

    def work(keyring: "KeyringBackend") -> None:
        keyring.set_password(SERVICE, entry, secret)
        if keyring.get_password(SERVICE, entry) != secret:
            raise KeyringUnavailable("the keyring does not keep what is put into it")

    _with_keyring(work)


def forget(entry: str) -> None:
    """Remove the secret, if it is there; raises KeyringUnavailable."""

    def work(keyring: "KeyringBackend") -> None:
        if keyring.get_password(SERVICE, entry) is not None:
            keyring.delete_password(SERVICE, entry)

    _with_keyring(work)


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
