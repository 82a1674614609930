import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.settings import key_file
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.sealing import SealedKey
from desktop_agent.settings.secrets import (
    PassphraseNeeded,
    WrongPassphrase,
    move_to_keyring,
    open_key,
    set_passphrase,
)

PASSPHRASE = "correct horse"


def ask() -> str:
    return PASSPHRASE


def must_not_ask() -> str:
    raise AssertionError("asked for a passphrase")


def home_holds(paths, secret: bytes) -> bool:
    return any(secret in file.read_bytes() for file in paths.home.rglob("*") if file.is_file())


def test_without_a_keyring_the_key_lies_in_a_file_and_the_user_is_told(paths):
    key = open_key(paths, must_not_ask)
    assert key.place == "file"
    assert len(key.value) == 32
    assert str(paths.key_file) in key.notice
    assert "no keyring is running" in key.notice
    assert "desktop-agent key passphrase" in key.notice
    for file in (paths.key_file, paths.profile):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.value.hex() not in paths.profile.read_text()
    assert key.value.hex() not in repr(key)


def test_the_key_stays_the_same_and_the_notice_goes_on(paths):
    first, second = open_key(paths), open_key(paths)
    assert second.value == first.value
    assert "desktop-agent key passphrase" in second.notice


def test_two_homes_have_two_keys(paths, tmp_path):
    other = type(paths)(tmp_path / "other", paths.models).create()
    assert open_key(paths).value != open_key(other).value


def test_a_key_file_that_others_could_read_is_closed_to_them(paths):
    key = open_key(paths)
    paths.key_file.chmod(0o644)
    assert open_key(paths).value == key.value
    assert stat.S_IMODE(paths.key_file.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", ["", "not hex", "ab" * 31, "ab" * 33, "\u00fc"])
def test_a_damaged_key_file_is_named_and_never_replaced(paths, damage):
    open_key(paths)
    paths.key_file.write_text(damage)
    with pytest.raises(UserFacingError, match="missing or damaged"):
        open_key(paths)
    assert paths.key_file.read_text() == damage


def test_a_missing_key_file_is_named_and_never_replaced(paths):
    open_key(paths)
    paths.key_file.unlink()
    with pytest.raises(UserFacingError, match="missing or damaged"):
        open_key(paths)
    assert not paths.key_file.exists()


def test_a_database_without_its_profile_gets_no_new_key(paths):
    paths.database.write_bytes(b"encrypted")
    with pytest.raises(UserFacingError, match="is missing"):
        open_key(paths)
    assert not paths.profile.exists()
    assert not paths.key_file.exists()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        '{"id": "x", "key": "file"}',
        '{"id": "x", "key": {"place": "cloud"}}',
        '{"id": "x", "key": {"place": "passphrase", "salt": "AA=="}}',
        '{"id": "x", "key": {"place": "passphrase", "salt": "?", "n": 2, "r": 1, "p": 1, "nonce": "", "wrapped": ""}}',
    ],
)
def test_a_damaged_profile_is_named_and_kept(paths, content):
    paths.profile.write_text(content)
    with pytest.raises(UserFacingError, match=r"profile\.json.*damaged"):
        open_key(paths)
    assert paths.profile.read_text() == content


def test_a_first_start_that_died_goes_on_with_the_same_key(paths):
    key_file.write(paths.key_file, bytes(range(32)))
    assert open_key(paths).value == bytes(range(32))


def test_a_home_that_cannot_be_written_is_named(paths):
    (paths.home / "profile.json.new").mkdir()
    with pytest.raises(UserFacingError, match="cannot be kept in"):
        open_key(paths)


def test_a_passphrase_takes_the_place_of_the_file(paths):
    key = open_key(paths)
    assert set_passphrase(paths, PASSPHRASE) == ""
    assert not paths.key_file.exists()
    assert not home_holds(paths, key.value.hex().encode())
    assert not home_holds(paths, PASSPHRASE.encode())
    opened = open_key(paths, ask)
    assert (opened.value, opened.place, opened.notice) == (key.value, "passphrase", "")
    assert stat.S_IMODE(paths.profile.stat().st_mode) == 0o600


def test_a_passphrase_can_come_before_the_first_start(paths):
    set_passphrase(paths, PASSPHRASE)
    assert open_key(paths, ask).place == "passphrase"
    assert not paths.key_file.exists()


def test_without_anybody_to_ask_the_passphrase_is_missed_in_words(paths):
    set_passphrase(paths, PASSPHRASE)
    with pytest.raises(PassphraseNeeded, match="DESKTOP_AGENT_PASSPHRASE_FILE"):
        open_key(paths)


def test_a_wrong_passphrase_is_refused(paths):
    set_passphrase(paths, PASSPHRASE)
    before = paths.profile.read_bytes()
    with pytest.raises(WrongPassphrase):
        open_key(paths, lambda: "wrong horse")
    assert paths.profile.read_bytes() == before


def test_a_short_passphrase_is_refused(paths):
    key = open_key(paths)
    with pytest.raises(UserFacingError, match="too short"):
        set_passphrase(paths, "1234567")
    assert (open_key(paths).value, open_key(paths).place) == (key.value, "file")


def test_the_passphrase_can_be_changed_by_who_knows_it(paths):
    key = open_key(paths)
    set_passphrase(paths, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        set_passphrase(paths, "another one", lambda: "wrong horse")
    with pytest.raises(PassphraseNeeded):
        set_passphrase(paths, "another one")
    set_passphrase(paths, "another one", ask)
    assert open_key(paths, lambda: "another one").value == key.value
    with pytest.raises(WrongPassphrase):
        open_key(paths, ask)


@pytest.mark.parametrize("content", [PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\nsecond line\n"])
def test_a_file_can_hold_the_passphrase(paths, tmp_path, monkeypatch, content):
    key = open_key(paths)
    set_passphrase(paths, PASSPHRASE)
    file = tmp_path / "passphrase"
    file.write_text(content, newline="")
    monkeypatch.setenv("DESKTOP_AGENT_PASSPHRASE_FILE", str(file))
    assert open_key(paths, must_not_ask).value == key.value
    set_passphrase(paths, "another one")  # what is set now is proven with itself, not with the file's
    with pytest.raises(WrongPassphrase):
        open_key(paths)


def test_a_passphrase_file_that_is_missing_is_named(paths, tmp_path, monkeypatch):
    set_passphrase(paths, PASSPHRASE)
    monkeypatch.setenv("DESKTOP_AGENT_PASSPHRASE_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(UserFacingError, match="nowhere"):
        open_key(paths, must_not_ask)


def test_a_crash_before_the_file_was_emptied_is_made_good(paths):
    key = open_key(paths)
    set_passphrase(paths, PASSPHRASE)
    key_file.write(paths.key_file, key.value)
    open_key(paths, ask)
    assert not paths.key_file.exists()


def test_a_file_with_another_key_is_left_alone(paths):
    set_passphrase(paths, PASSPHRASE)
    key_file.write(paths.key_file, bytes(32))
    open_key(paths, ask)
    assert paths.key_file.exists()


def test_no_crash_at_any_step_loses_the_key(tmp_path):
    program = Path(__file__).parents[2] / "helpers" / "crash_points.py"
    ran = subprocess.run([sys.executable, program, tmp_path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 10


def test_a_key_that_cannot_be_read_back_stays_where_it_was(paths, monkeypatch):
    key = open_key(paths)
    monkeypatch.setattr(SealedKey, "open", lambda *_: bytes(32))
    with pytest.raises(UserFacingError, match="stays where it was"):
        set_passphrase(paths, PASSPHRASE)
    assert open_key(paths).value == key.value
    assert Profile.load(paths.profile).place == "file"


def test_an_old_place_that_cannot_be_emptied_is_named(paths, monkeypatch):
    open_key(paths)

    def refuse(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(key_file, "shred", refuse)
    assert "copy of the key is left" in set_passphrase(paths, PASSPHRASE)


def test_shredding_overwrites_before_it_removes(paths):
    key_file.write(paths.key_file, bytes(range(32)))
    with paths.key_file.open("rb") as still_open:
        key_file.shred(paths.key_file)
        assert still_open.read() == bytes(65)
    assert not paths.key_file.exists()
    key_file.shred(paths.key_file)


def test_the_profile_says_nothing_else(paths):
    set_passphrase(paths, PASSPHRASE)
    data = json.loads(paths.profile.read_text())
    assert sorted(data) == ["id", "key"]
    assert sorted(data["key"]) == ["n", "nonce", "p", "place", "r", "salt", "wrapped"]


def test_moving_without_a_keyring_changes_nothing(paths):
    key = open_key(paths)
    with pytest.raises(UserFacingError, match="no keyring is running"):
        move_to_keyring(paths)
    again = open_key(paths)
    assert (again.value, again.place) == (key.value, "file")
