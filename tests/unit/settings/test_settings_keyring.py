import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.settings import key_file, system_keyring
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import move_to_keyring, open_key, set_passphrase
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
    monkeypatch.setattr(system_keyring, "ANSWER_SECONDS", 0.5)
    with keyring(folder, monkeypatch) as daemon:
        open_key(paths)
        os.kill(daemon, signal.SIGSTOP)
        try:
            with pytest.raises(UserFacingError, match="did not answer"):
                open_key(paths)
        finally:
            os.kill(daemon, signal.SIGCONT)


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
