"""Tokens to text: characters that span tokens, cutting back, stop strings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_agent.llm.decoded import DecodedText, SampledAnswers, StopStrings
from desktop_agent.llm.spans import Span

TEXTS = st.text(alphabet="ab \n{猫🙂é👩‍👧", max_size=30)


def bytewise() -> DecodedText:
    """Return a text whose tokens are single bytes, the worst case."""
    return DecodedText(lambda token: bytes([token]))


def test_half_a_character_waits_for_its_other_bytes():
    decoded = bytewise()
    assert [decoded.push(byte) for byte in "é猫!".encode()] == ["", "é", "", "", "猫", "!"]
    assert decoded.text == "é猫!"


def test_bytes_that_are_no_text_are_marked_and_do_no_harm():
    decoded = bytewise()
    for byte in b"a\xffb":
        decoded.push(byte)
    assert decoded.text == "a�b"


@given(text=TEXTS, length=st.integers(0, 30))
def test_cutting_keeps_whole_tokens_and_returns_the_rest(text, length):
    decoded = bytewise()
    for byte in text.encode():
        decoded.push(byte)
    rest = decoded.cut(length)
    assert rest == ""  # every character boundary is a token boundary here
    assert decoded.text == text[:length]
    assert bytes(decoded.tokens).decode() == text[:length]
    assert decoded.push(ord("x")) == "x"


def test_cutting_within_a_token_drops_it():
    decoded = DecodedText([b"Hello", b" wor", b"ld"].__getitem__)
    for token in range(3):
        decoded.push(token)
    assert decoded.cut(7) == " w"
    assert (decoded.tokens, decoded.text) == ([0], "Hello")


def test_a_token_that_ends_in_half_a_character_is_not_kept():
    decoded = DecodedText([b"a", b"b\xc3", b"\xa9"].__getitem__)
    for token in range(3):
        decoded.push(token)
    assert decoded.text == "abé"
    assert decoded.cut(2) == "b"
    assert decoded.tokens == [0]


@settings(max_examples=100)
@given(text=TEXTS)
def test_real_tokens_give_the_text_back(qwen_vocabulary, text):
    decoded = DecodedText(qwen_vocabulary.piece)
    pieces = [decoded.push(token) for token in qwen_vocabulary.tokenise([Span(text, "data")])]
    assert "".join(pieces) == decoded.text == text


@pytest.mark.parametrize("stops", [["END"], ["\n\n", "END"], ["aab"], ["猫🙂"]])
@given(data=st.data())
def test_no_part_of_a_stop_string_is_ever_released(stops, data):
    text = data.draw(st.lists(st.sampled_from(["a", "b", "\n", "E", "N", "D", "猫", "🙂"]), max_size=40).map("".join))
    seeker = StopStrings(stops)
    shown = ""
    for character in text:
        shown += seeker.push(character)
        if seeker.found:
            break
    places = [(text.find(stop) + len(stop), text.find(stop)) for stop in stops if stop in text]
    assert seeker.found == bool(places)
    if places:
        assert shown == text[: min(places)[1]]
    else:
        assert shown + seeker.flush() == text


def test_without_stop_strings_nothing_is_held_back():
    assert StopStrings(()).push("abc") == "abc"
    assert StopStrings(("",)).push("abc") == "abc"


def test_the_answer_that_was_not_asked_for_longest_is_forgotten():
    answers = SampledAnswers(room=2)
    answers.remember("one", [1])
    answers.remember("two", [2])
    assert answers.get("one") == [1]
    answers.remember("three", [3])
    assert answers.get("two") is None
    assert answers.get("one") == [1]
