"""Thinking and answer told apart, however the text comes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.llm.thinking import TAGS, Tags, ThinkingSplitter, opened_in, parted
from desktop_agent.messages import Message

THINK = TAGS[0]
WORDS = st.lists(st.sampled_from(["a", "猫", " ", "\n", "<", "/", "think", ">", "[THINK]", "<tool_call>", "`"]))
TEXTS = WORDS.map("".join)


def split(text: str, cuts: list[int], opened: Tags | None = None) -> tuple[str, str, ThinkingSplitter]:
    """Return what came out as thinking and as answer when the text came in pieces of these lengths."""
    splitter = ThinkingSplitter(opened)
    thought = answer = ""
    while text:
        length = cuts.pop(0) if cuts else len(text)
        for_thought, for_answer = splitter.push(text[:length])
        thought, answer, text = thought + for_thought, answer + for_answer, text[length:]
    for_thought, for_answer = splitter.flush()
    return thought + for_thought, answer + for_answer, splitter


def whole(text: str, opened: Tags | None = None) -> tuple[str, str]:
    return split(text, [], opened)[:2]


@pytest.mark.parametrize("tags", TAGS)
def test_thinking_at_the_beginning_is_told_apart(tags):
    text = f"{tags.opening}\nFirst this.\n\nThen that.\n{tags.closing}\n\nThe answer."
    assert whole(text) == ("First this.\n\nThen that.", "The answer.")


@pytest.mark.parametrize("tags", TAGS)
def test_a_prompt_that_opened_it_leaves_only_the_end_to_be_found(tags):
    assert opened_in(f"<|im_start|>assistant\n{tags.opening}\n") == tags
    assert whole(f"Hm.\n{tags.closing}\nYes.", tags) == ("Hm.", "Yes.")
    assert whole(f"\n{tags.opening}\nHm.{tags.closing}Yes.", tags) == ("Hm.", "Yes.")  # some write it once more


@pytest.mark.parametrize("prompt", ["<|im_start|>assistant\n", "<think>\n\n</think>\n\n", "Write <think> here:"])
def test_a_prompt_that_ends_in_another_way_opened_nothing(prompt):
    assert opened_in(prompt) is None


@pytest.mark.parametrize(
    "text",
    [
        "Use `<think>` like this: <think>no</think>.",
        "```\n<think>code</think>\n```",
        "x <think>late</think>",
        "<thinking>other tags</thinking>",
        "[1, 2]",
        "<",
        "[THIN",
        "\n\n  Indented",
        "</think>",
        "",
        " \n",
    ],
)
def test_everything_else_is_the_answer_as_it_is(text):
    assert whole(text) == ("", text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("<think>\n\n</think>\n\nHi", ("", "Hi")),
        ("<think></think>", ("", "")),
        ("  \n<think>a</think>b", ("a", "b")),
        ("<think>never closed </thi", ("never closed </thi", "")),
        ("<think>a [THINK]b[/THINK] c</think>d", ("a [THINK]b[/THINK] c", "d")),
        ("<think>a</think>b</think>c", ("a", "b</think>c")),
        ("<think>a <tool_call>{}</tool_call></think>\n<tool_call>", ("a <tool_call>{}</tool_call>", "<tool_call>")),
    ],
)
def test_where_thinking_begins_and_ends(text, parts):
    assert whole(text) == parts


@given(
    thought=TEXTS, answer=TEXTS, cuts=st.lists(st.integers(1, 5)), begin=st.sampled_from(["", "<think>", "\n<think>"])
)
def test_any_pieces_give_the_same_and_nothing_is_lost(thought, answer, cuts, begin):
    text = f"{begin}{thought}</think>{answer}"
    for opened in (None, THINK):
        expected = split(text, [], opened)
        thinking, said, splitter = split(text, list(cuts), opened)
        assert (thinking, said) == expected[:2]
        assert splitter.thinking == thinking == thinking.strip()
        assert splitter.head + said == text
        assert thinking in splitter.head


@given(text=TEXTS, cuts=st.lists(st.integers(1, 5)))
def test_what_does_not_begin_with_a_tag_comes_out_as_it_went_in(text, cuts):
    if not text.lstrip().startswith(tuple(tags.opening for tags in TAGS)):
        assert split(text, cuts)[:2] == ("", text)


def test_an_answer_is_shown_as_soon_as_it_cannot_be_thinking():
    splitter = ThinkingSplitter()
    assert splitter.push("<") == ("", "")
    assert splitter.push("b") == ("", "<b")
    assert splitter.push("<think>") == ("", "<think>")


def test_thinking_is_shown_as_soon_as_it_cannot_be_the_end():
    splitter = ThinkingSplitter(THINK)
    assert [splitter.push(text)[0] for text in ("One", " ", "two", "</", "th", "e ")] == [
        "One",
        "",
        " two",
        "",
        "",
        "</the",
    ]


def test_where_none_is_expected_everything_is_answer():
    splitter = ThinkingSplitter()
    splitter.skip()
    assert splitter.push("<think>{}") == ("", "<think>{}")


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (Message("assistant", "Hi"), ("", "Hi")),
        (Message("assistant", "Hi", raw="Hi<tool_call>"), ("", "Hi<tool_call>")),
        (Message("assistant", "Hi", raw="<think>a</think>\nHi", thinking="a"), ("<think>a</think>\n", "Hi")),
        (Message("assistant", "Hi", raw="a</think>\nHi", thinking="a"), ("a</think>\n", "Hi")),
        (Message("assistant", "Hi", raw="\n</think>\n\nHi"), ("\n</think>\n\n", "Hi")),
        (Message("assistant", "Hi", raw="a[/THINK]Hi<x>", thinking="a"), ("a[/THINK]", "Hi<x>")),
        (Message("assistant", raw="<think>\n\n</think>\n\n<tool_call>"), ("<think>\n\n</think>\n\n", "<tool_call>")),
        (Message("assistant", "Hi", raw="something else", thinking="a"), ("", "something else")),
        (Message("assistant", "Hi", thinking="a"), ("", "Hi")),
    ],
)
def test_a_kept_answer_is_parted_again(message, parts):
    assert parted(message) == parts
