"""Texts become vectors that lie close when they mean the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from math import hypot
from pathlib import Path

import llama_cpp
import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.embedder import GgufEmbedder
from desktop_agent.llm.embedding_prefixes import prefixes
from tests.helpers import embedders


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
    mark = prefixes("e5").mark
    assert embedder.id == f"multilingual-e5-small-en-zh-q4_0-{embedder_path.stat().st_size}-v1-{mark}"


def test_it_closes_twice(embedder_path):
    loaded = GgufEmbedder.load(embedder_path)
    loaded.close()
    loaded.close()


def test_a_chat_model_is_no_embedder(tiny_path):
    with pytest.raises(UserFacingError, match="no model that can compare texts"):
        GgufEmbedder.load(tiny_path)


@pytest.fixture(params=["first", "last"])
def toy(request, tmp_path):
    """Random weights: one pools its first token, the other reads from left to right and pools its last."""
    make = embedders.bert if request.param == "first" else embedders.qwen
    loaded = GgufEmbedder.load(make(tmp_path / "toy.gguf"))
    yield loaded
    loaded.close()


def reference(path: Path, text: str) -> list[float]:
    """The vector that llama-cpp-python's own way makes."""
    llama = llama_cpp.Llama(str(path), n_ctx=256, embedding=True, verbose=False)
    try:
        return llama.embed(text, normalize=True)
    finally:
        llama.close()


def test_other_embedders_are_read_by_what_their_file_says(toy, tmp_path):
    again = toy.embed(["some other text", "my cat"], "passage")[1]
    assert toy.dimensions == embedders.WIDTH
    assert again == toy.embed(["my cat"], "passage")[0]  # nothing is left from the text before
    assert again == pytest.approx(
        reference(tmp_path / "toy.gguf", "my cat"), abs=2e-3
    )  # it computes attention in half precision


def test_other_embedders_take_any_length(toy):
    vectors = toy.embed(["", " ", "a", "猫" * 500, "cat " * 500, "cat " * 501], "passage")
    assert [hypot(*vector) for vector in vectors] == pytest.approx([1] * 6)
    assert vectors[4] == vectors[5]
    assert vectors[2] != vectors[3]


def test_the_end_of_a_cut_text_stays(tmp_path):
    """A model that pools its last token was trained with the token that ends a text."""
    loaded = GgufEmbedder.load(embedders.qwen(tmp_path / "toy.gguf"))
    (cut,) = loaded.embed(["x" * 1000], "passage")
    (whole,) = loaded.embed(["x" * (embedders.CONTEXT - 1)], "passage")
    loaded.close()
    assert cut == whole


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small-q4_0", "query: ", "passage: "),
        ("Multilingual E5 Large Instruct", "Instruct: ", ""),
        ("bge-small-en-v1.5", "Represent this sentence", ""),
        ("Bge Base Zh v1.5", "为这个句子", ""),
        ("bge-m3", "", ""),
        ("nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("Qwen3 Embedding 0.6B", "Instruct: ", ""),
        ("embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
        ("snowflake-arctic-embed-m", "Represent this sentence", ""),
        ("Snowflake_Arctic_Embed_L_v2.0", "query: ", ""),
        ("all-MiniLM-L6-v2", "", ""),
        ("", "", ""),
    ],
)
def test_families_are_known_by_name(name, query, passage):
    found = prefixes(name)
    assert found.query.startswith(query)
    assert bool(found.query) == bool(query)
    assert found.passage == passage


def test_the_family_is_told_by_the_file_too(tmp_path):
    loaded = GgufEmbedder.load(embedders.bert(tmp_path / "nomic-embed-text-v1.5.Q8_0.gguf"))
    bare = GgufEmbedder.load(embedders.bert(tmp_path / "toy.gguf"))
    asked = loaded.embed(["cat"], "query")
    assert asked == bare.embed(["search_query: cat"], "query")
    assert asked != loaded.embed(["cat"], "passage")
    assert loaded.id != bare.id
    for one in (loaded, bare):
        one.close()


def test_its_name_can_be_part_of_any_other(tmp_path):
    loaded = GgufEmbedder.load(embedders.bert(tmp_path / "a.gguf", name="Мой / 模型 v2"))
    loaded.close()
    assert re.fullmatch(r"-v2-\d+-v1-[0-9a-f]{6}", loaded.id)


@pytest.mark.parametrize("pooling", [None, embedders.RANK])
@pytest.mark.parametrize("make", [embedders.bert, embedders.qwen])
def test_what_pools_no_vector_is_refused(tmp_path, make, pooling):
    with pytest.raises(UserFacingError, match=r"toy\.gguf (is no model that can compare|cannot be used)"):
        GgufEmbedder.load(make(tmp_path / "toy.gguf", pooling=pooling))


def test_a_question_does_not_wait_for_a_whole_list(embedder):
    """A list of 60 takes a second or more; what comes meanwhile is done between two of its texts."""
    texts = ["a text of some length, number " * 8 + str(number) for number in range(60)]
    done: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        listed = pool.submit(lambda: done.append("list") if embedder.embed(texts, "passage") else None)
        embedder.embed(["my cat"], "query")
        done.append("question")
        listed.result()
    assert done == ["question", "list"]
