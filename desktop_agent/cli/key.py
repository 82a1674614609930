"""`desktop-agent key`: where the key to the conversations is kept, and how it moves."""

import argparse
import functools
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desktop_agent.cli.session import is_interactive
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import move_to_keyring, open_key, set_passphrase
from desktop_agent.storage.profile_lock import ProfileLock


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `key` command and its subcommands."""
    what = "say where the key to your conversations is kept, or move it"
    actions = commands.add_parser("key", help=what).add_subparsers(required=True, metavar="ACTION")
    _add(actions, "status", _status, "say where the key is")
    _add(actions, "passphrase", _passphrase, "protect the key with a passphrase, or change it")
    _add(actions, "keyring", _keyring, "move the key into this computer's keyring")


def _add(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
) -> None:
    actions.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".").set_defaults(run=run)


def _status(_: argparse.Namespace) -> int:
    paths = Paths.from_environment()
    profile = Profile.load(paths.profile)
    if profile is None:
        print("There is no key yet: it is made when Desktop Agent first starts.")
    elif profile.place == "passphrase":
        print("Your conversations open with a passphrase.")
    else:
        print(open_key(paths).notice or "The key to your conversations is in this computer's keyring.")
    return 0


def _passphrase(_: argparse.Namespace) -> int:
    if not is_interactive():
        raise UserFacingError("A new passphrase can only be typed in a terminal.", "Nothing was changed.")
    with _own_home() as paths:
        current = functools.cache(lambda: _ask("Current passphrase: "))
        open_key(paths, current)
        notice = set_passphrase(paths, _new_passphrase(), current)
    print("From now on your conversations open with this passphrase. Nobody can open them without it.")
    return _done(notice)


def _keyring(_: argparse.Namespace) -> int:
    with _own_home() as paths:
        notice = move_to_keyring(paths, functools.partial(_ask, "Passphrase: ") if is_interactive() else None)
    print("The key to your conversations is in this computer's keyring.")
    return _done(notice)


@contextmanager
def _own_home() -> Iterator[Paths]:
    """Yield the paths while no other program makes or moves the key."""
    paths = Paths.from_environment().create()
    lock = ProfileLock.take(paths.lock)
    try:
        yield paths
    finally:
        lock.release()


def _new_passphrase() -> str:
    new = _ask("New passphrase (at least 8 characters): ")
    if new != _ask("The same again: "):
        raise UserFacingError("The two passphrases differ.", "Nothing was changed.")
    return new


def _ask(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise Cancelled from None


def _done(notice: str) -> int:
    if notice:
        print(f"Note: {notice}", file=sys.stderr)
    return 0
