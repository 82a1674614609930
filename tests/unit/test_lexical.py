import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.lexical import group, normal, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What's Melanie's cat called?", ["melanie", "cat", "called"]),
        ("I don’t know; they weren't there in May 2023", ["know", "may", "2023"]),
        ("state_of-the art: C++ 3.14", ["state", "art", "c", "3", "14"]),
        ("上海天气", ["上", "上海", "海", "海天", "天", "天气", "气"]),
        ("我用Python写代码", ["我用", "用", "python", "写", "写代", "代", "代码", "码"]),
        ("你是谁？", []),
        ("これはペン", ["こ", "これ", "れ", "れは", "は", "はペ", "ペ", "ペン", "ン"]),
        ("who are you", []),
        ("", []),
        ("🐈‍⬛ … \udce9 \x00", []),
    ],
)
def test_terms_are_what_one_would_look_for(text, found):
    assert terms(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｆｕｌｌ ＷＩＤＴＨ", "full width"),
        ("STRASSE", "straße"),
        (unicodedata.normalize("NFD", "Schrödinger"), "SCHRÖDINGER"),
        ("ΌΔΟΣ", "όδος"),
        ("ﬁne ①", "FINE 1"),
        ("Geburts\u00adtags\u200btorte", "Geburtstagstorte"),
    ],
)
def test_spellings_of_one_character_are_the_same(one, other):
    assert terms(one) == terms(other) != []
    assert normal(one) == normal(other) != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My  cat,\n\tMomo!", "my cat momo"),
        ("snake_case (x)", "snake case x"),
        ("我 爱，你。", "我爱你"),
        ("我用 Python 写", "我用python写"),
        (" ?! ", ""),
    ],
)
def test_normal_is_one_spelling(text, expected):
    assert normal(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where do I live?", "other"),
        ("我用Python写代码", "han"),
        ("The word 你好 means hello, I think", "other"),
        ("東京に行きたい", "han"),
        ("", "other"),
        ("12 + 3", "other"),
        ("Где я живу?", "other"),
    ],
)
def test_the_group_is_the_main_script(text, expected):
    assert group(text) == expected


@given(st.text())
def test_any_text_has_terms_and_one_normal_form(text):
    assert all(term and not term.isspace() for term in terms(text))
    assert normal(normal(text)) == normal(text)
    assert group(text) in {"han", "other"}


def test_a_usual_message_costs_far_less_than_a_millisecond():
    text = "I went to the shop yesterday and bought a lamp for our kitchen. 昨天我去商店买了一盏灯。" * 4
    best = min(_seconds(text) for _ in range(20))
    assert best < 0.001


def _seconds(text: str) -> float:
    start = time.perf_counter()
    terms(text)
    return time.perf_counter() - start
