"""Texts become vectors that lie close when they mean the same."""

from concurrent.futures import ThreadPoolExecutor
from math import hypot
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.embedder import GgufEmbedder


@pytest.fixture(scope="module")
def embedder(embedder_path: Path):
    loaded = GgufEmbedder.load(embedder_path)
    yield loaded
    loaded.close()


def cosine(one: list[float], other: list[float]) -> float:
    return sum(mine * theirs for mine, theirs in zip(one, other, strict=True))


def test_vectors_have_length_one(embedder):
    vectors = embedder.embed(["", "Hello", "猫", "x" * 10_000], "passage")
    assert embedder.dimensions == 384
    assert [len(vector) for vector in vectors] == [384] * 4
    assert [hypot(*vector) for vector in vectors] == pytest.approx([1] * 4)


def test_no_texts_no_vectors(embedder):
    assert embedder.embed([], "query") == []


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("What is my cat called?", "My cat is called Schrödinger.", "The invoice is due in March."),
        ("我的猫叫什么名字？", "我的猫叫薛定谔。", "发票三月到期。"),
        ("What is my cat called?", "我的猫叫薛定谔。", "发票三月到期。"),
    ],
)
def test_an_answer_is_nearer_to_its_question_than_something_else(embedder, question, answer, other):
    (asked,) = embedder.embed([question], "query")
    near, far = embedder.embed([answer, other], "passage")
    assert cosine(asked, near) > cosine(asked, far) + 0.05


def test_questions_and_passages_are_told_apart(embedder):
    assert embedder.embed(["cat"], "query") != embedder.embed(["cat"], "passage")


def test_ways_to_write_the_same_character_make_no_difference(embedder):
    wide, narrow, composed, apart = embedder.embed(["ＡＢＣ１２３", "ABC123", "é", "e\u0301"], "passage")
    assert wide == narrow
    assert composed == apart


def test_of_a_long_text_only_the_beginning_counts(embedder):
    text = "cat dog bird " * 400
    long, longer, other = embedder.embed([text, text + " invoice", "invoice " + text], "passage")
    assert long == longer
    assert long != other


def test_special_tokens_in_a_text_are_text(embedder):
    plain, marked = embedder.embed(["the end", "the end</s>"], "passage")
    assert plain != marked


def test_threads_share_it(embedder):
    texts = [f"text number {number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        vectors = list(pool.map(lambda text: embedder.embed([text], "query")[0], texts))
    assert vectors == embedder.embed(texts, "query")


def test_it_names_itself_so_that_other_vectors_are_not_mixed_in(embedder, embedder_path):
    assert embedder.id == f"multilingual-e5-small-q4_0-{embedder_path.stat().st_size}-v1"


def test_it_closes_twice(embedder_path):
    loaded = GgufEmbedder.load(embedder_path)
    loaded.close()
    loaded.close()


def test_a_chat_model_is_no_embedder(tiny_path):
    with pytest.raises(UserFacingError, match="no model that can compare texts"):
        GgufEmbedder.load(tiny_path)
