"""What a user is shown of a change is the change."""

import random
import time

import pytest

from desktop_agent.tools import diff as module
from desktop_agent.tools.diff import LONGEST, diff


def patched(before: str, text: str) -> str:
    """Return what `patch` makes of a text and a unified diff."""
    old, new, at = before.split("\n"), list[str](), 0
    ends = True
    for line in text.split("\n") if text else []:
        if line.startswith("@@"):
            start, _, count = line.split()[1][1:].partition(",")
            first = int(start) - (count != "0")
            new += old[at:first]
            at = first
        elif line.startswith("\\"):
            ends = False
        else:
            assert line[0] == "+" or old[at] == line[1:]
            at += line[0] != "+"
            new += [line[1:]] if line[0] != "-" else []
    assert ends, "these texts end in a line end"
    return "\n".join(new + old[at:])


def test_a_diff_leads_from_one_text_to_the_other() -> None:
    chance = random.Random(5)  # noqa: S311 -- no secret
    for _ in range(1000):
        lines = [chance.choice("abcd") for _ in range(chance.randint(0, 40))]
        other = list(lines)
        for _ in range(chance.randint(0, 5)):
            if other and chance.random() < 0.5:
                del other[chance.randrange(len(other))]
            else:
                other.insert(chance.randint(0, len(other)), chance.choice("xyz"))
        before, after = ("".join(f"{line}\n" for line in each) for each in (lines, other))
        made = diff(before, after)
        assert patched(before, made.text) == after
        assert len(other) - len(lines) == made.added - made.removed


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("", "", ""),
        ("a\n", "a\n", ""),
        ("", "a\n", "@@ -0,0 +1 @@\n+a"),
        ("a\n", "", "@@ -1 +0,0 @@\n-a"),
        ("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a"),
        ("a\n", "a\nb", "@@ -1 +1,2 @@\n a\n+b\n\\ No newline at end of file"),
        ("a\tb\r\n", "\u202e\n", "@@ -1 +1 @@\n-a\tb\\u000d\n+\\u202e"),
        ("+a\n-b\n", "+a\n", "@@ -1,2 +1 @@\n +a\n--b"),
    ],
)
def test_diffs(before: str, after: str, text: str) -> None:
    assert diff(before, after).text == text


def test_an_escape_is_told_from_what_it_stands_for() -> None:
    assert diff("\u202e\n", "\\u202e\n").added == 1


def test_a_large_text_takes_no_time() -> None:
    before = "".join(f"line {number % 7}\n" for number in range(300_000))
    started = time.monotonic()
    assert diff(before, before.replace("line 3", "line x")).cut
    assert diff(before, f"first\n{before}").added == 1
    assert time.monotonic() - started < 10


def test_what_is_cut_off_is_named_by_its_hash() -> None:
    texts = ["x\n" * LONGEST, "x\n" * (LONGEST - 1) + "y\n"]
    shown = [diff("", text) for text in texts]
    assert all(each.cut and len(each.text) < LONGEST + 200 for each in shown)
    assert "more lines, SHA-256 " in shown[0].text
    assert shown[0].text != shown[1].text
    assert not diff("", "x\n" * (module.LONGEST // 3 - 20)).cut
