import contextlib
import dataclasses
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.settings import key_file, system_keyring
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.recovery import confirm, make_phrase, recover, status
from desktop_agent.settings.secrets import (
    drop_secret,
    keep_secret,
    move_to_keyring,
    open_key,
    read_secret,
    set_passphrase,
)
from tests.helpers import secret_service as real_keyring

PASSPHRASE = "correct horse"


def entry(paths) -> str | None:
    """What the Secret Service really holds for this profile, asked without the product."""
    import secretstorage

    attributes = {"service": "desktop-agent", "username": Profile.load(paths.profile).id}
    with closing(secretstorage.dbus_init()) as bus:
        found = list(secretstorage.Collection(bus).search_items(attributes))
        return found[0].get_secret().decode() if found else None


def remove_entry(paths) -> None:
    import secretstorage

    attributes = {"service": "desktop-agent", "username": Profile.load(paths.profile).id}
    with closing(secretstorage.dbus_init()) as bus:
        for item in secretstorage.Collection(bus).search_items(attributes):
            item.delete()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "own keyring"


@contextmanager
def keyring(folder, monkeypatch, *, locked: bool = False) -> Iterator[int]:
    """A keyring of this test's own; yields the daemon's process id."""
    with real_keyring.secret_service(folder, locked=locked) as environment, monkeypatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield int(environment["KEYRING_PID"])


@contextmanager
def stopped(daemon: int, monkeypatch, *, seconds: float, patience: float) -> Iterator[None]:
    """The daemon answers only after these seconds; the program waits as long as its patience."""
    monkeypatch.setattr(system_keyring, "ANSWER_SECONDS", patience)
    os.kill(daemon, signal.SIGSTOP)
    later = threading.Timer(seconds, os.kill, (daemon, signal.SIGCONT))
    later.start()
    try:
        yield
    finally:
        later.cancel()
        os.kill(daemon, signal.SIGCONT)
        later.join()


def wait_for_late_answers() -> None:
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(10)


def entries(paths) -> int:
    """How many entries of this program the Secret Service holds."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        return len(list(secretstorage.Collection(bus).search_items({"service": "desktop-agent"})))


@pytest.mark.usefixtures("secret_service")
def test_the_first_key_goes_into_the_keyring_and_nowhere_else(paths):
    key = open_key(paths)
    assert (key.place, key.notice) == ("keyring", "")
    assert entry(paths) == key.value.hex()
    assert [file.name for file in paths.home.iterdir()] == ["profile.json"]
    assert key.value.hex() not in paths.profile.read_text()
    assert open_key(paths) == key


@pytest.mark.usefixtures("secret_service")
@pytest.mark.parametrize("wish", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_what_the_environment_wishes_for_does_not_count(paths, monkeypatch, wish):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", wish)
    assert open_key(paths).value.hex() == entry(paths)


def test_a_wished_for_plain_keyring_is_none(paths, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    assert open_key(paths).place == "file"


@pytest.mark.usefixtures("secret_service")
def test_a_missing_entry_is_named_and_never_replaced(paths):
    open_key(paths)
    remove_entry(paths)
    with pytest.raises(UserFacingError, match="does not hold the key"):
        open_key(paths)
    assert entry(paths) is None


def test_a_keyring_that_is_gone_is_named_and_no_new_key_is_made(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch):
        key = open_key(paths)
    before = paths.profile.read_bytes()
    with pytest.raises(UserFacingError, match="no keyring is running"):
        open_key(paths)
    assert paths.profile.read_bytes() == before
    assert not paths.key_file.exists()
    with keyring(folder, monkeypatch):
        assert open_key(paths).value == key.value


def test_a_locked_keyring_is_named_at_once(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch):
        open_key(paths)
    with keyring(folder, monkeypatch, locked=True):
        began = time.monotonic()
        with pytest.raises(UserFacingError, match="the keyring is locked"):
            open_key(paths)
        assert time.monotonic() - began < 5


def test_a_locked_keyring_at_the_first_start_means_a_file(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch):
        pass
    with keyring(folder, monkeypatch, locked=True):
        key = open_key(paths)
    assert key.place == "file"
    assert "the keyring is locked" in key.notice


def test_a_dismissed_dialog_is_a_locked_keyring(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch):
        open_key(paths)
    with keyring(folder, monkeypatch, locked=True):  # nothing can show a dialog on this bus: it counts as dismissed
        monkeypatch.setenv("DISPLAY", ":99")
        with pytest.raises(UserFacingError, match="the keyring is locked"):
            open_key(paths)


@pytest.mark.parametrize("display", ["", ":99"])
def test_a_keyring_that_was_never_set_up_means_a_file(paths, folder, monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)
    with keyring(folder, monkeypatch, locked=True):
        key = open_key(paths)
    assert key.place == "file"
    assert "has not been set up" in key.notice


def test_a_keyring_that_never_answers_does_not_block(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch) as daemon:
        open_key(paths)
        with stopped(daemon, monkeypatch, seconds=60, patience=0.5), pytest.raises(UserFacingError, match="not answer"):
            open_key(paths)


def test_a_file_moves_into_the_keyring_when_asked_only(paths, folder, monkeypatch):
    key = open_key(paths)
    with keyring(folder, monkeypatch):
        stays = open_key(paths)
        assert (stays.value, stays.place) == (key.value, "file")
        assert "desktop-agent key keyring" in stays.notice
        assert entry(paths) is None
        assert move_to_keyring(paths) == ""
        assert entry(paths) == key.value.hex()
        assert not paths.key_file.exists()
        moved = open_key(paths)
        assert (moved.value, moved.place, moved.notice) == (key.value, "keyring", "")
        assert move_to_keyring(paths) == ""
        assert entry(paths) == key.value.hex()


@pytest.mark.usefixtures("secret_service")
def test_from_the_keyring_to_a_passphrase_and_back(paths):
    key = open_key(paths)
    assert set_passphrase(paths, PASSPHRASE) == ""
    assert entry(paths) is None
    assert open_key(paths, lambda: PASSPHRASE).value == key.value
    assert move_to_keyring(paths, lambda: PASSPHRASE) == ""
    assert entry(paths) == key.value.hex()
    assert "wrapped" not in paths.profile.read_text()
    assert open_key(paths).value == key.value


@pytest.mark.usefixtures("secret_service")
def test_a_first_start_that_died_with_a_file_ends_in_the_keyring(paths):
    key_file.write(paths.key_file, bytes(range(32)))
    key = open_key(paths)
    assert (key.value, key.place) == (bytes(range(32)), "keyring")
    assert not paths.key_file.exists()


def test_an_entry_that_cannot_be_removed_is_named(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch):
        open_key(paths)
        monkeypatch.setattr(
            system_keyring, "forget", lambda _: system_keyring._with_keyring(lambda k: k.delete_password("x", "y"))
        )
        assert "copy of the key is left in its old place, the keyring" in set_passphrase(paths, PASSPHRASE)


def test_a_keyring_that_answers_late_is_waited_for(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch) as daemon:
        with stopped(daemon, monkeypatch, seconds=1, patience=10):
            key = open_key(paths)
        with stopped(daemon, monkeypatch, seconds=1, patience=10):
            assert open_key(paths) == key
        assert key.place == "keyring"
        assert entries(paths) == 1


def test_a_keyring_that_answers_too_late_at_the_first_start_makes_no_second_key(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch) as daemon:
        with stopped(daemon, monkeypatch, seconds=60, patience=0.3):
            began = time.monotonic()
            key = open_key(paths)
            assert time.monotonic() - began < 5
            assert key.place == "file"
            assert "did not answer" in key.notice
        wait_for_late_answers()
        assert open_key(paths).value == key.value
        assert entry(paths) in {None, key.value.hex()}  # what arrives late is the same key
        assert move_to_keyring(paths) == ""
        assert open_key(paths) == dataclasses.replace(key, place="keyring", notice="")
        assert entries(paths) == 1


def test_a_phrase_is_made_only_when_the_key_can_be_had(paths, folder, monkeypatch):
    with keyring(folder, monkeypatch) as daemon:
        open_key(paths)
        before = paths.profile.read_bytes()
        with stopped(daemon, monkeypatch, seconds=60, patience=0.3), pytest.raises(UserFacingError, match="not answer"):
            make_phrase(paths)
    with keyring(folder, monkeypatch, locked=True), pytest.raises(UserFacingError, match="the keyring is locked"):
        make_phrase(paths)
    with pytest.raises(UserFacingError, match="no keyring is running"):
        make_phrase(paths)
    assert paths.profile.read_bytes() == before
    assert not paths.key_file.exists()
    wait_for_late_answers()


@pytest.mark.usefixtures("secret_service")
def test_the_phrase_puts_a_lost_entry_back(paths):
    key = open_key(paths)
    phrase = make_phrase(paths)
    remove_entry(paths)
    with pytest.raises(UserFacingError, match="or use your recovery phrase: desktop-agent key recover"):
        open_key(paths)
    assert recover(paths, phrase) == ""
    assert (open_key(paths).value, open_key(paths).place) == (key.value, "keyring")
    assert entry(paths) == key.value.hex()
    assert not paths.key_file.exists()


@pytest.mark.usefixtures("secret_service")
def test_the_phrase_replaces_a_wrong_entry(paths):
    key = open_key(paths)
    phrase = make_phrase(paths)
    system_keyring.store(Profile.load(paths.profile).id, "something else")
    assert recover(paths, phrase) == ""
    assert open_key(paths).value == key.value


@pytest.mark.usefixtures("secret_service")
def test_a_forgotten_passphrase_ends_in_the_keyring(paths):
    key = open_key(paths)
    set_passphrase(paths, PASSPHRASE)
    phrase = make_phrase(paths, lambda: PASSPHRASE)
    assert recover(paths, phrase) == ""
    assert entry(paths) == key.value.hex()
    assert open_key(paths) == key


@pytest.mark.parametrize("fault", ["none", "locked", "late"])
def test_where_no_keyring_helps_the_recovered_key_lies_in_the_file(paths, folder, monkeypatch, fault):
    with keyring(folder, monkeypatch):
        key = open_key(paths)
        phrase = make_phrase(paths)
    words = {"none": "no keyring is running", "locked": "the keyring is locked", "late": "did not answer"}
    with contextlib.ExitStack() as trouble:
        if fault != "none":
            daemon = trouble.enter_context(keyring(folder, monkeypatch, locked=fault == "locked"))
        if fault == "late":
            trouble.enter_context(stopped(daemon, monkeypatch, seconds=60, patience=0.3))
        notice = recover(paths, phrase)
        assert words[fault] in notice
        assert str(paths.key_file) in notice
        assert (open_key(paths).value, open_key(paths).place) == (key.value, "file")
    wait_for_late_answers()
    with keyring(folder, monkeypatch):
        assert move_to_keyring(paths) == ""
        assert open_key(paths).value == key.value
        assert not paths.key_file.exists()
        assert entries(paths) == 1


@pytest.mark.usefixtures("secret_service")
def test_checking_the_phrase_needs_no_keyring(paths, monkeypatch):
    phrase = make_phrase(paths)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    confirm(paths, phrase)
    assert not status(paths).due


@pytest.mark.usefixtures("secret_service")
def test_a_secret_is_kept_in_the_keyring_alone(paths):
    open_key(paths)
    keep_secret(paths, "memory-server", "tok\u00e9n \U0001f511 4711")
    assert read_secret(paths, "memory-server") == "tok\u00e9n \U0001f511 4711"
    assert read_secret(paths, "other") == ""
    assert b"4711" not in paths.profile.read_bytes()
    assert [file.name for file in paths.home.iterdir()] == ["profile.json"]
    keep_secret(paths, "memory-server", "another")
    assert read_secret(paths, "memory-server") == "another"
    drop_secret(paths, "memory-server")
    assert read_secret(paths, "memory-server") == ""
    assert system_keyring.fetch(f"{Profile.load(paths.profile).id}/memory-server") == ""
    drop_secret(paths, "memory-server")
    assert open_key(paths).place == "keyring"


@pytest.mark.usefixtures("secret_service")
def test_secrets_stay_when_the_key_moves(paths):
    open_key(paths)
    keep_secret(paths, "memory-server", "token")
    phrase = make_phrase(paths)
    set_passphrase(paths, PASSPHRASE)
    assert read_secret(paths, "memory-server") == "token"
    recover(paths, phrase)
    assert read_secret(paths, "memory-server") == "token"


@pytest.mark.usefixtures("secret_service")
def test_two_homes_have_their_own_secrets(paths, tmp_path):
    other = type(paths)(tmp_path / "other", paths.models).create()
    for home, token in ((paths, "mine"), (other, "yours")):
        open_key(home)
        keep_secret(home, "memory-server", token)
    assert (read_secret(paths, "memory-server"), read_secret(other, "memory-server")) == ("mine", "yours")


def test_a_home_without_a_key_keeps_no_secret(paths):
    with pytest.raises(UserFacingError, match="no key in this home yet"):
        keep_secret(paths, "memory-server", "token")
    assert read_secret(paths, "memory-server") == ""
    drop_secret(paths, "memory-server")
    assert not paths.profile.exists()


@pytest.mark.parametrize("fault", ["none", "locked", "late"])
def test_without_a_usable_keyring_a_secret_is_refused_in_words(paths, folder, monkeypatch, fault):
    with keyring(folder, monkeypatch):
        open_key(paths)
        keep_secret(paths, "memory-server", "token")
    before = paths.profile.read_bytes()
    words = {"none": "no keyring is running", "locked": "the keyring is locked", "late": "did not answer"}
    with contextlib.ExitStack() as trouble:
        if fault != "none":
            daemon = trouble.enter_context(keyring(folder, monkeypatch, locked=fault == "locked"))
        if fault == "late":
            trouble.enter_context(stopped(daemon, monkeypatch, seconds=60, patience=0.3))
        for use in (
            lambda: keep_secret(paths, "memory-server", "another"),
            lambda: read_secret(paths, "memory-server"),
            lambda: drop_secret(paths, "memory-server"),
        ):
            with pytest.raises(UserFacingError, match=f"kept in this computer's keyring only, but .*{words[fault]}"):
                use()
        assert read_secret(paths, "was never kept") == ""
    wait_for_late_answers()
    assert paths.profile.read_bytes() == before
    assert not paths.key_file.exists()


@pytest.mark.usefixtures("secret_service")
def test_a_secret_that_is_gone_from_the_keyring_is_said(paths):
    open_key(paths)
    keep_secret(paths, "memory-server", "token")
    system_keyring.forget(f"{Profile.load(paths.profile).id}/memory-server")
    with pytest.raises(UserFacingError, match=r"no longer holds the secret 'memory-server'\. Enter it again"):
        read_secret(paths, "memory-server")
