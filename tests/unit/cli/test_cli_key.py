import subprocess

import pytest

from desktop_agent.cli.phrase import NONE
from desktop_agent.settings import sealing
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.secrets import open_key, set_passphrase
from desktop_agent.storage.profile_lock import ProfileLock
from tests.helpers.program import COMMAND
from tests.helpers.terminal import at_a_terminal

PASSPHRASE = "correct horse"
NEW = "New passphrase"
AGAIN = "The same again"
CURRENT = "Current passphrase"


@pytest.fixture
def paths(home, monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**7)  # for what the tests themselves prepare
    return home.create()


def piped(action: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [*COMMAND, "key", action], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout, ran.stderr


def typed(action: str, *dialogue: tuple[str, str]) -> tuple[int, str]:
    return at_a_terminal([*COMMAND, "key", action], [(asked, answer + "\n") for asked, answer in dialogue])


def test_status_before_the_first_start_makes_nothing(home):
    code, out, _ = piped("status")
    assert (code, "no key yet" in out) == (0, True)
    assert not home.home.exists()


def test_status_names_the_file_and_both_ways_out(paths):
    open_key(paths)
    code, out, _ = piped("status")
    assert code == 0
    for part in (str(paths.key_file), "desktop-agent key passphrase", "desktop-agent key keyring"):
        assert part in out


def test_status_with_a_passphrase_asks_for_none(paths):
    set_passphrase(paths, PASSPHRASE)
    assert piped("status") == (0, f"Your conversations open with a passphrase.\n{NONE}\n", "")


def test_status_of_a_key_that_is_gone_is_a_failure(paths):
    open_key(paths)
    paths.key_file.unlink()
    code, out, err = piped("status")
    assert (code, out) == (5, "")
    assert "missing or damaged" in err


def test_a_passphrase_is_asked_for_twice_and_not_shown(paths):
    key = open_key(paths)
    code, shown = typed("passphrase", (NEW, PASSPHRASE), (AGAIN, PASSPHRASE))
    assert code == 0
    assert PASSPHRASE not in shown
    assert "open with this passphrase" in shown
    assert NONE in shown
    assert open_key(paths, lambda: PASSPHRASE).value == key.value
    assert not paths.key_file.exists()


def test_changing_the_passphrase_asks_for_the_current_one_once(paths):
    set_passphrase(paths, PASSPHRASE)
    code, shown = typed("passphrase", (CURRENT, PASSPHRASE), (NEW, "another one"), (AGAIN, "another one"))
    assert code == 0
    assert shown.count(CURRENT) == 1
    assert open_key(paths, lambda: "another one").place == "passphrase"


@pytest.mark.parametrize(
    ("dialogue", "sentence"),
    [
        ([(CURRENT, "wrong horse")], "does not open"),
        ([(CURRENT, PASSPHRASE), (NEW, "another one"), (AGAIN, "another two")], "passphrases differ"),
        ([(CURRENT, PASSPHRASE), (NEW, "short"), (AGAIN, "short")], "too short"),
    ],
)
def test_a_slip_changes_nothing(paths, dialogue, sentence):
    set_passphrase(paths, PASSPHRASE)
    before = paths.profile.read_bytes()
    code, shown = typed("passphrase", *dialogue)
    assert code == 5
    assert sentence in shown
    assert paths.profile.read_bytes() == before


def test_ending_the_input_stops(paths):
    open_key(paths)
    code, shown = at_a_terminal([*COMMAND, "key", "passphrase"], [(NEW, "\x04")])
    assert code == 4
    assert "Stopped" in shown
    assert Profile.load(paths.profile).place == "file"


def test_without_a_terminal_no_passphrase_is_set(paths):
    code, _, err = piped("passphrase")
    assert code == 5
    assert "only be typed in a terminal" in err
    assert not paths.profile.exists()


def test_without_a_keyring_nothing_moves(paths):
    open_key(paths)
    code, _, err = piped("keyring")
    assert code == 5
    assert "no keyring is running" in err
    assert paths.key_file.exists()


def test_the_file_moves_into_the_keyring(paths, request):
    key = open_key(paths)
    request.getfixturevalue("secret_service")
    assert piped("keyring") == (0, "The key to your conversations is in this computer's keyring.\n", "")
    assert not paths.key_file.exists()
    assert open_key(paths).value == key.value
    assert piped("status") == (0, f"The key to your conversations is in this computer's keyring.\n{NONE}\n", "")


@pytest.mark.usefixtures("secret_service")
def test_a_passphrase_moves_into_the_keyring(paths):
    set_passphrase(paths, PASSPHRASE)
    code, _, err = piped("keyring")
    assert code == 5
    assert "DESKTOP_AGENT_PASSPHRASE_FILE" in err
    assert typed("keyring", ("Passphrase", PASSPHRASE))[0] == 0
    assert open_key(paths).place == "keyring"


@pytest.mark.parametrize("action", ["passphrase", "keyring"])
def test_the_key_does_not_move_under_a_running_program(paths, action):
    open_key(paths)
    lock = ProfileLock.take(paths.lock)
    code, shown = typed(action)
    lock.release()
    assert code == 5
    assert "already running" in shown


def test_an_unknown_action_is_a_mistake_of_usage(paths):
    assert piped("lose")[0] == 2
