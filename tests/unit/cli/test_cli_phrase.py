"""`desktop-agent key phrase|check|recover`, as somebody at a terminal uses them."""

import re
import shlex
import subprocess
import sys

import pytest

from desktop_agent.settings import sealing
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.recovery import confirm, make_phrase, status
from desktop_agent.settings.secrets import open_key, set_passphrase
from desktop_agent.storage.profile_lock import ProfileLock
from tests.helpers.program import COMMAND
from tests.helpers.terminal import Answer, at_a_terminal

PASSPHRASE = "correct horse"
ENTER = ("Press Enter", "\n")
OTHER_SCREEN, BACK = "\x1b[?1049h", "\x1b[?1049l"
KEY = [*COMMAND, "key"]


@pytest.fixture
def paths(home, monkeypatch):
    monkeypatch.setattr(sealing, "COST", 2**7)  # for what the tests themselves prepare
    return home.create()


def typed(*arguments: str, dialogue: list[tuple[str, Answer]]) -> tuple[int, str]:
    return at_a_terminal([*KEY, *arguments], dialogue)


def words(shown: str) -> list[str]:
    """The phrase, as it was written down from the screen."""
    numbered = {int(number): word for number, word in re.findall(r"(\d+)\. (\w+)", shown)}
    return [numbered[number] for number in range(1, 25)]


def asked_word(shown: str) -> str:
    number = int(re.findall(r"Word (\d+): ", shown)[-1])
    return words(shown)[number - 1]


def right(shown: str) -> str:
    return asked_word(shown).upper() + "\n"


def test_a_phrase_is_shown_once_and_asked_for(paths):
    key = open_key(paths)
    code, shown = typed("phrase", dialogue=[ENTER, (": ", right), (": ", right)])
    assert code == 0
    assert "opened with this recovery phrase" in shown
    assert shown.index(OTHER_SCREEN) < shown.index("1. ") < shown.index(BACK)
    confirm(paths, " ".join(words(shown)))
    assert not status(paths).due
    assert open_key(paths).value == key.value


@pytest.mark.parametrize("how", [["--words", "chinese"], []])
def test_its_words_can_be_chinese(paths, how):
    if not how:
        paths.settings.write_text('{"schema_version": 1, "language": "zh_CN"}')
    code, shown = typed("phrase", *how, dialogue=[ENTER, (": ", right), (": ", right)])
    assert code == 0
    assert all(re.fullmatch(r"[\u4e00-\u9fff]", word) for word in words(shown))
    confirm(paths, "".join(words(shown)))


def test_a_slip_may_be_mended(paths):
    code, shown = typed("phrase", dialogue=[ENTER, (": ", "nonsense\n"), (": ", right), (": ", right)])
    assert code == 0
    assert "That is not it" in shown


def test_who_did_not_write_it_down_is_told(paths):
    code, shown = typed("phrase", dialogue=[ENTER, *[(": ", "nonsense\n")] * 3])
    assert code == 5
    assert "not the phrase" in shown
    assert "key check" in shown
    assert status(paths).due


def test_ending_the_input_is_no_check(paths):
    code, shown = typed("phrase", dialogue=[("Press Enter", "\x04")])
    assert code == 4
    assert "was not checked" in shown
    assert shown.index(BACK) < shown.index("was not checked")
    assert status(paths).exists
    assert status(paths).due


def test_an_older_phrase_is_not_replaced_unasked(paths):
    old = make_phrase(paths)
    assert typed("phrase", dialogue=[("[y/N]", "\n")])[0] == 4
    confirm(paths, old)
    assert typed("phrase", dialogue=[("[y/N]", "y\n"), ENTER, (": ", right), (": ", right)])[0] == 0
    assert typed("check", dialogue=[("> ", f"{old}\n")])[0] == 5


def test_a_key_with_a_passphrase_asks_for_it(paths):
    set_passphrase(paths, PASSPHRASE)
    code, shown = typed("phrase", dialogue=[("Passphrase", f"{PASSPHRASE}\n"), ENTER, (": ", right), (": ", right)])
    assert code == 0
    assert PASSPHRASE not in shown
    confirm(paths, " ".join(words(shown)))


def test_checking_says_that_all_is_well_or_what_is_wrong(paths):
    phrase = make_phrase(paths)
    code, shown = typed("check", dialogue=[("> ", f"{phrase}\n")])
    assert (code, "All is well" in shown) == (0, True)
    assert shown.index(OTHER_SCREEN) < shown.index(phrase) < shown.index(BACK)
    assert not status(paths).due
    code, shown = typed("check", dialogue=[("> ", phrase.rpartition(" ")[0] + "\n")])
    assert (code, "but these are 23" in shown) == (5, True)
    code, shown = typed("check", dialogue=[("> ", f"kitchn {phrase}\n")])
    assert (code, "Word 1, 'kitchn', is not in the list of words. Did you mean kitchen?" in shown) == (5, True)


def test_a_forgotten_passphrase_is_recovered_from(paths):
    key = open_key(paths)
    phrase = make_phrase(paths)
    set_passphrase(paths, PASSPHRASE)
    code, shown = typed("recover", dialogue=[("> ", f"{phrase}\n")])
    assert code == 0
    assert "is here again" in shown
    assert str(paths.key_file) in shown
    assert open_key(paths).value == key.value


@pytest.mark.usefixtures("secret_service")
def test_a_lost_entry_of_the_keyring_is_put_back(paths):
    key = open_key(paths)
    phrase = make_phrase(paths)
    profile = Profile.load(paths.profile)
    subprocess.run(
        [sys.executable, "-c", f"from desktop_agent.settings import system_keyring as s; s.forget('{profile.id}')"],
        check=True,
    )
    code, shown = typed("recover", dialogue=[("> ", f"{phrase}\n")])
    assert (code, "Note" in shown) == (0, False)
    assert (open_key(paths).value, open_key(paths).place) == (key.value, "keyring")


@pytest.mark.parametrize("action", ["check", "recover"])
def test_without_a_phrase_none_is_asked_for(paths, action):
    open_key(paths)
    code, shown = typed(action, dialogue=[])
    assert code == 5
    assert "no recovery phrase" in shown


@pytest.mark.parametrize("action", ["phrase", "check", "recover"])
def test_without_a_terminal_there_is_a_sentence(paths, action):
    made = make_phrase(paths) if action != "phrase" else ""
    ran = subprocess.run([*KEY, action], input=f"{made}\n", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (5, "")
    assert "in a terminal" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_the_phrase_does_not_go_into_a_file_by_a_redirection(paths, tmp_path):
    file = tmp_path / "out"
    command = ["sh", "-c", f"{shlex.join(KEY)} phrase > {shlex.quote(str(file))}"]
    code, shown = at_a_terminal(command, [ENTER, (": ", right), (": ", right)])
    assert code == 0
    assert len(words(shown)) == 24
    assert file.read_text() == (
        "Your conversations can be opened with this recovery phrase from now on. Keep the paper safe.\n"
    )


@pytest.mark.parametrize("action", ["phrase", "check", "recover"])
def test_a_running_program_keeps_its_home(paths, action):
    open_key(paths)
    lock = ProfileLock.take(paths.lock)
    code, shown = typed(action, dialogue=[])
    lock.release()
    assert code == 5
    assert "already running" in shown


def test_the_status_tells_of_the_phrase(paths):
    phrase = make_phrase(paths)
    ran = subprocess.run([*KEY, "status"], capture_output=True, text=True, check=True)
    assert "never checked" in ran.stdout
    assert "desktop-agent key check" in ran.stdout
    confirm(paths, phrase)
    ran = subprocess.run([*KEY, "status"], capture_output=True, text=True, check=True)
    assert f"last checked on {status(paths).confirmed_on}." in ran.stdout
    assert "key check" not in ran.stdout
