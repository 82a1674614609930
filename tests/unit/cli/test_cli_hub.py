"""`desktop-agent models token` as people run it, with a real keyring."""

import subprocess

import pytest

from desktop_agent.models.hub_access import TOKEN, HubAccess
from desktop_agent.paths import Paths
from desktop_agent.settings import config
from desktop_agent.settings.secrets import open_key, read_secret
from tests.helpers.program import COMMAND
from tests.helpers.terminal import at_a_terminal

SECRET = "hf_V3rySecretIndeed"
MIRROR = "https://hub.example.org"


@pytest.fixture
def paths(home: Paths, secret_service: None) -> Paths:
    open_key(home.create())
    return home


def token(*arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, "models", "token", *arguments]
    return subprocess.run(command, input=said, capture_output=True, text=True, timeout=60, check=False)


def test_a_token_from_stdin_is_kept_and_removed(paths: Paths) -> None:
    ran = token("set", "--endpoint", MIRROR, said=f"{SECRET}\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "The token is in this computer's keyring.\n", "")
    assert HubAccess(MIRROR, paths).token() == SECRET
    assert token("remove").stdout == "The token is removed.\n"
    assert read_secret(paths, TOKEN) == ""
    assert token("remove").stdout == "There was no token.\n"


def test_a_token_that_is_typed_is_not_seen(paths: Paths) -> None:
    config.save(paths.settings, config.Settings(hub_endpoint=MIRROR))
    code, shown = at_a_terminal([*COMMAND, "models", "token", "set"], [(f"Access token for {MIRROR}: ", f"{SECRET}\n")])
    assert code == 0
    assert SECRET not in shown
    assert HubAccess(MIRROR, paths).token() == SECRET


@pytest.mark.parametrize(
    ("arguments", "said", "words"),
    [
        (("--endpoint", MIRROR), "", "An access token has only letters, digits and signs, without spaces."),
        (("--endpoint", MIRROR), "two words", "An access token has only letters, digits and signs"),
        (("--endpoint", "http://hub.example.org"), SECRET, "gets no access token: others could read it on the way."),
        (("--endpoint", "example"), SECRET, "example is not the address of a mirror."),
    ],
)
def test_what_cannot_be_kept(paths: Paths, arguments: tuple[str, ...], said: str, words: str) -> None:
    ran = token("set", *arguments, said=said)
    assert ran.returncode == 5
    assert words in ran.stderr
    assert SECRET not in ran.stderr + ran.stdout
    assert read_secret(paths, TOKEN) == ""


def test_a_token_is_no_argument(paths: Paths) -> None:
    assert token("set", SECRET).returncode == 2
    assert read_secret(paths, TOKEN) == ""


def test_without_a_keyring_there_is_no_other_place(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    ran = token("set", "--endpoint", MIRROR, said=SECRET)
    assert ran.returncode == 5
    assert "is kept in this computer's keyring only, but" in ran.stderr
    assert SECRET not in ran.stderr


def test_before_the_first_start(home: Paths) -> None:
    ran = token("set", "--endpoint", MIRROR, said=SECRET)
    assert ran.returncode == 5
    assert "There is no key in this home yet" in ran.stderr
