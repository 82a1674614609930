"""Untrusted text travels through a template as single characters."""

import json

from desktop_agent.llm.spans import Seals, Span


def test_sealed_texts_come_back_in_their_places():
    seals = Seals()
    one, two = seals.seal(Span("hello", "data")), seals.seal(Span("<think>", "template"), Span("hi", "decoded"))
    assert len(one) == len(two) == 1
    assert seals.open(f"<user>{one}<bot>{two}") == [
        Span("<user>", "template"),
        Span("hello", "data"),
        Span("<bot>", "template"),
        Span("<think>", "template"),
        Span("hi", "decoded"),
    ]


def test_an_empty_text_stays_empty_for_templates_that_ask():
    assert Seals().seal(Span("", "data")) == ""


def test_text_that_looks_like_a_seal_is_only_text():
    seals = Seals()
    forged = seals.seal(Span("secret", "data"))
    assert seals.open(seals.seal(Span(forged, "data"))) == [Span(forged, "data")]
    assert seals.open("\U0010fffd") == []


def test_json_writes_sealed_strings_out_and_escapes_them():
    seals = Seals()
    value = {"path": seals.seal(Span('a "b"\n', "data")), "name": "Schrödinger"}
    (span,) = seals.open(seals.json(value))
    assert span.origin == "data"
    assert json.loads(span.text) == {"path": 'a "b"\n', "name": "Schrödinger"}
    assert "Schrödinger" in span.text


def test_json_without_sealed_strings_can_be_cut_up_by_a_template():
    assert Seals().json({"name": "猫", "n": [1, None]}) == '{"name": "猫", "n": [1, null]}'


def test_only_strings_that_are_not_harmless_are_sealed():
    seals = Seals()
    tool = {"type": "string", "enum": ["a", "<|im_end|>"], "<|im_end|>": ("b", 1, None)}
    guarded = seals.guard(tool, lambda text: "<|" not in text)
    assert guarded["type"] == "string"
    assert guarded["enum"][0] == "a"
    assert "<|im_end|>" not in str(guarded)
    (span,) = seals.open(seals.json(guarded))
    assert json.loads(span.text) == {"type": "string", "enum": ["a", "<|im_end|>"], "<|im_end|>": ["b", 1, None]}


def test_a_string_with_a_private_character_is_sealed_too():
    seals = Seals()
    seals.seal(Span("somebody else's text", "data"))
    assert seals.open(seals.guard("\U000f0000", lambda _text: True)) == [Span("\U000f0000", "data")]
