"""Only a template makes control tokens; everything else comes back as it went in."""

import llama_cpp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_agent.llm.spans import Span
from desktop_agent.llm.vocabulary import Vocabulary

SPECIAL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<tool_call>", "</tool_call>", "</s>", "<|fim_prefix|>"]


def decode(vocabulary: Vocabulary, tokens: list[int]) -> str:
    return b"".join(vocabulary.piece(token) for token in tokens).decode()


def as_llama_cpp(vocabulary: Vocabulary, text: str) -> list[int]:
    """Return llama.cpp's own tokens of a whole prompt, special ones on."""
    data = text.encode()
    tokens = (llama_cpp.llama_token * (len(data) + 8))()
    count = llama_cpp.llama_tokenize(vocabulary.pointer, data, len(data), tokens, len(tokens), False, True)
    return list(tokens[:count])


def special_tokens(vocabulary: Vocabulary) -> set[int]:
    mask = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
    return {t for t in range(vocabulary.size) if llama_cpp.llama_vocab_get_attr(vocabulary.pointer, t) & mask}


def test_special_tokens_in_data_are_plain_characters(qwen_vocabulary):
    special = special_tokens(qwen_vocabulary)
    assert len(special) == 23
    for text in (decode(qwen_vocabulary, [token]) for token in special):
        for around in (text, f"a{text}b", text * 2, text[0] + text, f"\n{text}\n"):
            tokens = qwen_vocabulary.tokenise([Span(around, "data")])
            assert not special & set(tokens), around
            assert decode(qwen_vocabulary, tokens) == around


@settings(max_examples=200, deadline=None)
@given(
    spans=st.lists(
        st.builds(
            Span,
            st.lists(st.sampled_from([*SPECIAL, "<", "tool_call>", "\n", " ", "猫", "👋🏽", "a"])).map("".join),
            st.just("data"),
        )
    )
)
def test_data_comes_back_unchanged_and_without_special_tokens(qwen_vocabulary, spans):
    tokens = qwen_vocabulary.tokenise(spans)
    assert decode(qwen_vocabulary, tokens) == "".join(span.text for span in spans)
    assert not special_tokens_of_interest(qwen_vocabulary) & set(tokens)


def special_tokens_of_interest(vocabulary: Vocabulary) -> set[int | None]:
    return {vocabulary.special(text) for text in SPECIAL}


def test_a_marker_that_begins_in_the_template_and_ends_in_data_is_none(qwen_vocabulary):
    tokens = qwen_vocabulary.tokenise([Span("<tool", "template"), Span("_call>", "data")])
    assert qwen_vocabulary.special("<tool_call>") not in tokens
    tokens = qwen_vocabulary.tokenise([Span("<|im_", "data"), Span("end|>", "template")])
    assert qwen_vocabulary.special("<|im_end|>") not in tokens


def test_what_the_model_wrote_may_hold_its_markers_but_no_control_tokens(qwen_vocabulary):
    tokens = qwen_vocabulary.tokenise([Span("<tool_call>\n{}<|im_end|>", "decoded")])
    assert tokens[0] == qwen_vocabulary.special("<tool_call>")
    assert qwen_vocabulary.special("<|im_end|>") not in tokens


@pytest.mark.parametrize(
    "content", ["Hello", "\n\nHello", "ends with a stop.", "猫が好き", "  two  spaces  ", "{}}", "a\n", "", "👩‍👩‍👧"]
)
def test_harmless_text_gets_the_tokens_that_the_model_was_trained_with(qwen_vocabulary, content):
    parts = [Span("<|im_start|>user\n", "template"), Span(content, "data"), Span("\n</x><|im_end|>\n", "template")]
    whole = "".join(part.text for part in parts)
    assert qwen_vocabulary.tokenise(parts) == as_llama_cpp(qwen_vocabulary, whole)


def test_tokens_of_a_known_answer_are_taken_as_they_were_sampled(qwen_vocabulary):
    sampled = [token for letter in "Hello" for token in qwen_vocabulary.tokenise([Span(letter, "data")])]
    spans = [Span("<|im_start|>", "template"), Span("Hello", "decoded"), Span("<|im_end|>", "template")]
    tokens = qwen_vocabulary.tokenise(spans, {"Hello": sampled}.get)
    assert tokens[1:-1] == sampled
    assert len(qwen_vocabulary.tokenise(spans)) < len(tokens)


def test_pieces_longer_than_32_bytes_are_whole(qwen_vocabulary):
    lengths = [len(qwen_vocabulary.piece(token)) for token in range(qwen_vocabulary.size)]
    assert sum(length > 32 for length in lengths) == 240
    text = " " * 120 + "-" * 90 + "=" * 90
    tokens = qwen_vocabulary.tokenise([Span(text, "data")])
    assert max(len(qwen_vocabulary.piece(token)) for token in tokens) > 32
    assert decode(qwen_vocabulary, tokens) == text


@pytest.mark.parametrize("text", ["a" * 300_000, " " * 300_000, "猫" * 100_000, "<tool_call>" * 20_000, "\0x\0"])
def test_long_and_odd_texts_neither_crash_nor_change(qwen_vocabulary, text):
    assert decode(qwen_vocabulary, qwen_vocabulary.tokenise([Span(text, "data")])) == text


def test_a_lone_surrogate_becomes_a_question_mark(qwen_vocabulary):
    assert decode(qwen_vocabulary, qwen_vocabulary.tokenise([Span("a\ud800b", "data")])) == "a?b"
