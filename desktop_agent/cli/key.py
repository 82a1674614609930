"""`desktop-agent key`: where the key to the conversations is kept, and how it moves."""

import argparse
import functools

from desktop_agent.cli import phrase
from desktop_agent.cli.actions import add_action
from desktop_agent.cli.own_home import ask, done, own_home
from desktop_agent.cli.phrase import NONE
from desktop_agent.cli.session import is_interactive
from desktop_agent.errors import UserFacingError
from desktop_agent.paths import Paths
from desktop_agent.settings import recovery
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import move_to_keyring, open_key, set_passphrase


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `key` command and its subcommands."""
    what = "say where the key to your conversations is kept, or move it"
    actions = commands.add_parser("key", help=what).add_subparsers(required=True, metavar="ACTION")
    add_action(actions, "status", _status, "say where the key is")
    add_action(actions, "passphrase", _passphrase, "protect the key with a passphrase, or change it")
    add_action(actions, "keyring", _keyring, "move the key into this computer's keyring")
    phrase.register(functools.partial(add_action, actions))


def _status(_: argparse.Namespace) -> int:
    paths = Paths.from_environment()
    profile = Profile.load(paths.profile)
    if profile is None:
        print("There is no key yet: it is made when Desktop Agent first starts.")
        return 0
    if profile.place == "passphrase":
        print("Your conversations open with a passphrase.")
    else:
        print(open_key(paths).notice or "The key to your conversations is in this computer's keyring.")
    print(phrase.described(recovery.status(paths)))
    return 0


def _passphrase(_: argparse.Namespace) -> int:
    if not is_interactive():
        raise UserFacingError("A new passphrase can only be typed in a terminal.", "Nothing was changed.")
    with own_home() as paths:
        current = functools.cache(lambda: ask("Current passphrase: "))
        open_key(paths, current)
        notice = set_passphrase(paths, _new_passphrase(), current)
        can_recover = recovery.status(paths).exists
    print("From now on your conversations open with this passphrase.")
    print(
        "If you forget it, your recovery phrase opens them." if can_recover else f"If you forget it, nobody can. {NONE}"
    )
    return done(notice)


def _keyring(_: argparse.Namespace) -> int:
    with own_home() as paths:
        notice = move_to_keyring(paths, functools.partial(ask, "Passphrase: ") if is_interactive() else None)
    print("The key to your conversations is in this computer's keyring.")
    return done(notice)


def _new_passphrase() -> str:
    new = ask("New passphrase (at least 8 characters): ")
    if new != ask("The same again: "):
        raise UserFacingError("The two passphrases differ.", "Nothing was changed.")
    return new
