"""Whatever the chunks, the segments are the same, and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.markdown_stream import MarkdownStream, Segment, split

ANSWER = """Here is **how**:

1. Install it:

   ```bash
   pip install x
     indented
   ```

   Then run it.
2. Look:

| a | b |
|---|---|
| 1 | 2 |

$$
x^2
$$
Done.
"""


def test_answer_is_cut_into_its_kinds() -> None:
    assert split(ANSWER) == [
        Segment("prose", "Here is **how**:"),
        Segment("prose", "1. Install it:"),
        Segment("code", "pip install x\n  indented", "bash"),
        Segment("prose", "   Then run it."),
        Segment("prose", "2. Look:"),
        Segment("table", "| a | b |\n|---|---|\n| 1 | 2 |"),
        Segment("math", "x^2"),
        Segment("prose", "Done."),
    ]


@given(st.lists(st.integers(1, 12), min_size=1, max_size=60))
def test_chunk_borders_change_nothing(sizes: list[int]) -> None:
    stream, at, found = MarkdownStream(), 0, []
    for size in sizes:
        found += stream.feed(ANSWER[at : at + size])
        at += size
    assert found + stream.feed(ANSWER[at:]) + stream.finish() == split(ANSWER)


@given(st.text(alphabet="ab |-`~$\\[]\n 1.>", max_size=200))
def test_any_text_is_split_and_no_letter_is_lost(text: str) -> None:
    letters = "".join(segment.text + segment.language for segment in split(text))
    assert [c for c in letters if c in "ab"] == [c for c in text if c in "ab"]


def test_tail_is_what_is_not_finished() -> None:
    stream = MarkdownStream()
    assert stream.tail is None
    stream.feed("Hello wor")
    assert stream.tail == Segment("prose", "Hello wor")
    assert stream.feed("ld\n\n  ") == []
    assert stream.feed("- of one list\n\nNext") == [Segment("prose", "Hello world\n\n  - of one list")]
    assert stream.feed(" one\n") == []
    assert stream.tail == Segment("prose", "Next one")


def test_fence_is_not_shown_as_text_while_it_arrives() -> None:
    stream = MarkdownStream()
    stream.feed("Look:\n``")
    assert stream.tail == Segment("prose", "Look:")
    stream.feed("`python\nprint(1)\n``")
    assert stream.tail == Segment("code", "print(1)", "python")
    stream.feed(" is text")
    assert stream.tail == Segment("code", "print(1)\n`` is text", "python")


def test_open_fence_is_closed_at_the_end() -> None:
    assert split("```\nx = 1") == [Segment("code", "x = 1")]


def test_longer_fence_holds_a_shorter_one() -> None:
    assert split("````markdown\n```\nx\n```\n````\n") == [Segment("code", "```\nx\n```", "markdown")]


@pytest.mark.parametrize(("text", "formula"), [("$$ a $$", "a"), ("\\[a\\]", "a"), ("\\[\na\nb\n\\]", "a\nb")])
def test_formulas(text: str, formula: str) -> None:
    assert split(text) == [Segment("math", formula)]


def test_list_items_stay_together_with_their_paragraphs() -> None:
    assert split("- a\n\n  more a\n- b\n") == [Segment("prose", "- a\n\n  more a\n- b")]


def test_pipe_in_prose_is_no_table() -> None:
    assert split("a | b\nc | d\n") == [Segment("prose", "a | b\nc | d")]
