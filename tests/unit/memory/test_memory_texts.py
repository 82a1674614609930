import pytest

from desktop_agent.memory.centred import Centred
from desktop_agent.memory.excerpt import around, cost, line, passage, shortened
from desktop_agent.memory.question import courtesy, question
from desktop_agent.messages import Origin, RecallQuery, Turn
from tests.helpers.remembering import Lent


def turn(text: str, origin: Origin = "chat", speaker: str = "Anna") -> Turn:
    return Turn("1", "c", "Title", "2026-01-01T00:00:00+00:00", speaker, text, origin)


def test_the_embedded_text_names_the_speaker_and_is_bounded() -> None:
    assert passage(turn("Hello")) == "Anna: Hello"
    assert len(passage(turn("x" * 5000))) == 2006


def test_a_turn_is_quoted_on_one_line_with_its_speaker_and_a_saved_memory_without() -> None:
    assert line(turn("What\n\nis  this?"), 50) == "Anna: What is this?"
    assert line(turn("I like tea.", "said"), 50) == "I like tea."


@pytest.mark.parametrize(("char", "most"), [("word ", 480), ("字", 120)])
def test_a_long_turn_is_cut_to_the_tokens(char: str, most: int) -> None:
    text = line(turn(char * 10_000), 120)
    assert most * 0.9 < len(text) <= most + 10
    assert text.endswith("…")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"{'All is well here. ' * 200}The plumber comes on Thursday. {'Nothing new. ' * 200}", "plumber"),
        (f"{'一切都好。' * 200}水管工星期四来。{'没有新消息。' * 200}", "水管"),
    ],
)
def test_a_long_turn_is_cut_around_the_words(text: str, word: str) -> None:
    cut = around(text, 30, [word])
    assert word in cut
    assert cut.startswith("…")
    assert cut.endswith("…")
    assert cost(cut) <= 33


def test_without_the_words_a_long_turn_is_cut_after_its_beginning() -> None:
    assert around("Begin. " + "More of it. " * 100, 10, ["plumber"]).startswith("Begin.")


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


def test_centred_vectors_have_length_one_and_tell_unrelated_texts_apart(embedder: Lent) -> None:
    centred = Centred(embedder)
    texts = ["My cat is called Tom.", "The stock market fell.", "我对花生过敏。"]
    plain, moved = embedder.embed(texts, "passage"), centred.embed(texts, "passage")
    assert centred.id != embedder.id
    assert all(product(vector, vector) == pytest.approx(1) for vector in moved)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert product(plain[one], plain[other]) > 0.7
        assert product(moved[one], moved[other]) < 0.4


def test_what_means_the_same_is_nearer_than_what_is_in_the_same_language(embedder: Lent) -> None:
    texts = ["我对花生过敏。", "I am allergic to peanuts.", "My boss is called Tom.", "我开一辆蓝色的汽车。"]
    (asked,) = embedder.embed(["我不能吃什么坚果？"], "query")
    assert product(asked, embedder.embed(texts[1:2], "passage")[0]) < product(
        asked, embedder.embed(texts[3:], "passage")[0]
    )
    centred = Centred(embedder)
    (asked,) = centred.embed(["我不能吃什么坚果？"], "query")
    same, translated, other, same_language = (product(asked, vector) for vector in centred.embed(texts, "passage"))
    assert min(same, translated) > max(other, same_language)


def product(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "And when was that?",
        "Why?",
        "What is her name?",
        "And in winter?",
        "为什么？",
        "她叫什么名字？",
        "那个呢？",
        "多少钱？",
    ],
)
def test_a_message_that_leans_on_the_one_before_is_asked_with_it(text: str) -> None:
    assert question(RecallQuery(text, before="Anna bought a car.")) == f"Anna bought a car.\n{text}"
    assert question(RecallQuery(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "What is my cat called?",
        "Write a poem about rain",
        "我的猫叫什么名字？",
        f"Explain in detail why it is so that {'very ' * 20} few people write a compiler",
    ],
)
def test_a_message_that_stands_alone_is_asked_alone(text: str) -> None:
    assert question(RecallQuery(text, before="Anna bought a car.")) == text


def test_courtesies() -> None:
    assert courtesy("Thank you very much!")
    assert courtesy("好的，谢谢！")
    assert not courtesy("Thank you, and my cat?")
    assert not courtesy("好的，我的猫呢？")
