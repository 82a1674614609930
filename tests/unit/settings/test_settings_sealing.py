import dataclasses

import pytest

from desktop_agent.settings import sealing
from desktop_agent.settings.sealing import SealedKey, WrongPassphrase

KEY = bytes(range(32))


def test_the_passphrase_gives_the_key_back():
    assert SealedKey.seal(KEY, "correct horse", "profile").open("correct horse", "profile") == KEY


@pytest.mark.parametrize("guess", ["", "correct hors", "Correct horse", "correct horse "])
def test_another_passphrase_does_not(guess):
    sealed = SealedKey.seal(KEY, "correct horse", "profile")
    with pytest.raises(WrongPassphrase):
        sealed.open(guess, "profile")


def test_it_opens_for_its_own_profile_only():
    with pytest.raises(WrongPassphrase):
        SealedKey.seal(KEY, "correct horse", "profile").open("correct horse", "other")


@pytest.mark.parametrize(("one", "other"), [("caf\u00e9 noir", "cafe\u0301 noir"), ("\uff50\uff41ssword", "password")])
def test_two_spellings_of_a_character_are_one(one, other):
    assert SealedKey.seal(KEY, one, "profile").open(other, "profile") == KEY


def test_half_a_surrogate_is_a_passphrase_like_any_other():
    assert SealedKey.seal(KEY, "undecodable \udce9", "profile").open("undecodable \udce9", "profile") == KEY


def test_the_same_key_is_sealed_differently_each_time():
    one, other = (SealedKey.seal(KEY, "correct horse", "profile") for _ in range(2))
    assert (one.salt, one.nonce, one.wrapped) != (other.salt, other.nonce, other.wrapped)
    assert len({one.salt, other.salt, one.nonce, other.nonce}) == 4


@pytest.mark.parametrize("change", [{"n": 2**21}, {"n": 1}, {"r": 0}, {"r": 2000}, {"p": 100}, {"nonce": b"short"}])
def test_parameters_that_would_exhaust_the_computer_are_refused(change):
    sealed = SealedKey.seal(KEY, "correct horse", "profile")
    with pytest.raises(ValueError, match="out of range"):
        dataclasses.replace(sealed, **change)


def test_a_guess_costs_128_mib(monkeypatch):
    monkeypatch.undo()
    sealed = SealedKey.seal(KEY, "correct horse", "profile")
    assert (sealed.n, sealed.r, sealed.p) == (2**17, 8, 1)
    monkeypatch.setattr(sealing, "COST", 2**7)  # what it was sealed with counts, not what is usual now
    assert sealed.open("correct horse", "profile") == KEY
