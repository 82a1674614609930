import json
import re
from datetime import date, timedelta

import pytest
from mnemonic import Mnemonic

from desktop_agent.errors import UserFacingError
from desktop_agent.settings.profile import Profile
from desktop_agent.settings.recovery import WrongPhrase, confirm, make_phrase, recover, status
from desktop_agent.settings.secrets import PassphraseNeeded, WrongPassphrase, open_key, set_passphrase

PASSPHRASE = "correct horse"
ZEROS = "abandon " * 23 + "art"  # the phrase of 32 zero bytes, from the test vectors of BIP-39


def ask() -> str:
    return PASSPHRASE


def age_confirmation(paths, days: int) -> None:
    data = json.loads(paths.profile.read_text())
    data["recovery"]["confirmed_on"] = (date.today() - timedelta(days)).isoformat()
    paths.profile.write_text(json.dumps(data))


@pytest.mark.parametrize("language", ["english", "chinese_simplified"])
def test_a_phrase_has_24_words_of_the_list_and_brings_the_key_back(paths, language):
    key = open_key(paths)
    phrase = make_phrase(paths, language=language)
    assert len(phrase.split()) == 24
    assert Mnemonic(language).check(phrase)
    paths.key_file.unlink()
    notice = recover(paths, phrase)
    assert open_key(paths).value == key.value
    assert "no keyring is running" in notice
    assert str(paths.key_file) in notice


def test_the_phrase_is_written_nowhere(paths):
    phrase = make_phrase(paths)
    content = b"".join(file.read_bytes() for file in paths.home.rglob("*") if file.is_file()).lower()
    telling = [word for word in phrase.split() if len(word) > 5 and word != "confirm"]  # a name in profile.json
    assert not [word for word in telling if word.encode() in content]
    assert open_key(paths).value not in content


def test_two_phrases_differ_and_the_new_one_counts(paths):
    old, new = make_phrase(paths), make_phrase(paths)
    assert old != new
    confirm(paths, new)
    with pytest.raises(WrongPhrase, match=r"not the one of these conversations\. Perhaps a newer one"):
        confirm(paths, old)


def test_it_is_due_until_it_was_typed_again_and_after_90_days(paths):
    today = date.today().isoformat()
    assert not status(paths).exists
    assert not status(paths).due
    phrase = make_phrase(paths)
    made = status(paths)
    assert (made.exists, made.made_on, made.confirmed_on, made.due) == (True, today, "", True)
    confirm(paths, phrase)
    assert (status(paths).confirmed_on, status(paths).due) == (today, False)
    age_confirmation(paths, 89)
    assert not status(paths).due
    age_confirmation(paths, 90)
    assert status(paths).due
    confirm(paths, phrase)
    assert not status(paths).due


def test_a_new_phrase_has_to_be_typed_again_too(paths):
    confirm(paths, make_phrase(paths))
    make_phrase(paths)
    assert status(paths).due


def written_down(phrase: str) -> str:
    return "\n".join(f"{number}. {word.capitalize()}," for number, word in enumerate(phrase.split(), 1))


def far_apart(phrase: str) -> str:
    return "  " + phrase.upper().replace(" ", " \t\n ") + "\n"


def wide(phrase: str) -> str:
    return "\u3000".join("".join(chr(ord(letter) + 0xFEE0) for letter in word) for word in phrase.split())


@pytest.mark.parametrize("spelling", [written_down, far_apart, wide])
def test_how_it_is_typed_makes_no_difference(paths, spelling):
    confirm(paths, spelling(make_phrase(paths)))


@pytest.mark.parametrize("between", ["", " ", "\u3000", "，", "\n"])
def test_chinese_words_need_no_spaces(paths, between):
    phrase = make_phrase(paths, language="chinese_simplified")
    confirm(paths, phrase.replace(" ", between))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (ZEROS.replace("abandon", "kitchn", 7).replace("kitchn", "abandon", 6), "Word 7, 'kitchn', .*mean kitchen"),
        (ZEROS.replace("art", "xyzzyx"), "Word 24, 'xyzzyx', is not in the list"),
        (ZEROS.removeprefix("abandon "), "has 24 words, but these are 23"),
        (ZEROS + " art", "these are 25"),
        ("", "these are 0"),
        ("123 !?", "these are 0"),
        (ZEROS.replace("art", "abandon"), "together they are no recovery phrase"),
        ("的" * 23 + "龘", "Word 24, '龘'"),
        ("的" * 23 + " art", "Word 24, 'art'"),
        (ZEROS, "not the one of these conversations"),
    ],
)
@pytest.mark.parametrize("use", [confirm, recover])
def test_what_is_wrong_is_said_and_nothing_changes(paths, use, typed, sentence):
    make_phrase(paths)
    before = {file: file.read_bytes() for file in paths.home.iterdir()}
    with pytest.raises(WrongPhrase, match=sentence):
        use(paths, typed)
    assert {file: file.read_bytes() for file in paths.home.iterdir()} == before


@pytest.mark.parametrize("use", [confirm, recover])
def test_without_a_phrase_there_is_nothing_to_use(paths, use):
    with pytest.raises(UserFacingError, match="no recovery phrase for these conversations"):
        use(paths, ZEROS)
    open_key(paths)
    with pytest.raises(UserFacingError, match="no recovery phrase for these conversations"):
        use(paths, ZEROS)


def test_a_forgotten_passphrase_gives_way_to_the_phrase(paths):
    key = open_key(paths)
    set_passphrase(paths, PASSPHRASE)
    phrase = make_phrase(paths, ask)
    recover(paths, phrase)
    assert (open_key(paths).value, open_key(paths).place) == (key.value, "file")
    assert not status(paths).due  # it was typed just now
    set_passphrase(paths, "another one")
    assert open_key(paths, lambda: "another one").value == key.value
    confirm(paths, phrase)


def test_only_who_can_open_the_key_makes_a_phrase(paths):
    set_passphrase(paths, PASSPHRASE)
    before = paths.profile.read_bytes()
    with pytest.raises(PassphraseNeeded):
        make_phrase(paths)
    with pytest.raises(WrongPassphrase):
        make_phrase(paths, lambda: "wrong horse")
    assert paths.profile.read_bytes() == before


def test_the_phrase_outlives_a_change_of_the_passphrase(paths):
    phrase = make_phrase(paths)
    set_passphrase(paths, PASSPHRASE)
    set_passphrase(paths, "another one", ask)
    confirm(paths, phrase)


def test_a_phrase_of_another_home_opens_nothing(paths, tmp_path):
    other = type(paths)(tmp_path / "other", paths.models).create()
    phrase = make_phrase(other)
    make_phrase(paths)
    with pytest.raises(WrongPhrase):
        recover(paths, phrase)


def test_an_older_profile_has_no_phrase_and_keeps_its_form(paths):
    open_key(paths)
    assert sorted(json.loads(paths.profile.read_text())) == ["id", "key"]
    assert Profile.load(paths.profile).recovery is None


@pytest.mark.parametrize("damage", [{"nonce": "AA=="}, {"made_on": "yesterday"}, {"n": "many"}, {"wrapped": None}])
def test_a_damaged_phrase_is_a_damaged_profile(paths, damage):
    make_phrase(paths)
    data = json.loads(paths.profile.read_text())
    data["recovery"] |= damage
    paths.profile.write_text(json.dumps(data))
    with pytest.raises(UserFacingError, match=r"profile\.json.*damaged"):
        status(paths)


@pytest.mark.parametrize("use", [make_phrase, recover])
def test_a_home_that_cannot_be_written_is_named(paths, use):
    phrase = make_phrase(paths)
    before = paths.profile.read_bytes()
    (paths.home / "profile.json.new").mkdir()
    with pytest.raises(UserFacingError, match="cannot be kept in"):
        use(paths) if use is make_phrase else use(paths, phrase)
    assert paths.profile.read_bytes() == before


def test_nothing_heavy_is_loaded_to_see_whether_one_is_due():
    import subprocess
    import sys

    program = "import sys; import desktop_agent.settings.recovery; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not re.findall(r"\b(mnemonic|keyring|cryptography|secretstorage)\b", loaded)
