import pytest

from desktop_agent.memory.centred import Centred
from desktop_agent.memory.excerpt import excerpt, passage, shortened
from desktop_agent.messages import Exchange
from tests.unit.memory.conftest import Lent


def exchange(question: str, answer: str) -> Exchange:
    return Exchange("1", "c", "Title", "2026-01-01T00:00:00+00:00", question, answer)


def test_a_short_exchange_is_quoted_whole_on_two_lines() -> None:
    assert excerpt(exchange("What\n\nis  this?", "A\ttest.")) == "User: What is this?\nAssistant: A test."


@pytest.mark.parametrize(("char", "most"), [("word ", 500), ("字", 125)])
def test_a_long_exchange_is_cut_to_about_120_tokens(char: str, most: int) -> None:
    text = excerpt(exchange(char * 10_000, char * 10_000))
    assert most * 0.9 < len(text) < most * 1.2
    assert text.count("…") == 2


def test_a_short_question_leaves_more_room_for_the_answer() -> None:
    assert len(excerpt(exchange("Hi", "字" * 500))) > len(excerpt(exchange("Hi " * 200, "字" * 500))) - 240


@pytest.mark.parametrize(
    ("text", "tokens", "short"),
    [
        ("", 5, ""),
        ("abcd", 1, "abcd"),
        ("abcde", 1, "abcd…"),
        ("字字字", 2, "字字…"),
        ("a    b", 5, "a b"),
        (" " * 100 + "x", 2, "…"),
    ],
)
def test_shortening(text: str, tokens: int, short: str) -> None:
    assert shortened(text, tokens) == short


def test_the_embedded_text_is_bounded() -> None:
    assert passage(exchange("q", "a")) == "q\na"
    assert len(passage(exchange("q" * 5000, "a" * 5000))) == 1301


def test_centred_vectors_have_length_one_and_tell_unrelated_texts_apart(embedder: Lent) -> None:
    centred = Centred(embedder)
    texts = ["My cat is called Tom.", "The stock market fell.", "我对花生过敏。"]
    plain, moved = embedder.embed(texts, "passage"), centred.embed(texts, "passage")
    assert centred.id != embedder.id
    assert all(product(vector, vector) == pytest.approx(1) for vector in moved)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert product(plain[one], plain[other]) > 0.7
        assert product(moved[one], moved[other]) < 0.4


def product(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
