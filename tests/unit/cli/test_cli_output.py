"""Events on the terminal."""

import json
import sys

import pytest

from desktop_agent.cli.output import JsonOutput, TextOutput, follow
from desktop_agent.events import (
    ContextChanged,
    MemorySaved,
    Recalled,
    RecalledMemory,
    TextDelta,
    ThinkingDelta,
    ToolCallRequested,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    TurnStats,
    TurnStopped,
)
from desktop_agent.messages import SavedMemory, ToolCall, ToolResult

MEMORY = RecalledMemory("c", "Pets", "m", "2026-11-03T10:00:00+00:00", "my cat", 0.9)


@pytest.mark.parametrize(
    ("last", "code"),
    [(TurnFinished("", TurnStats()), 0), (TurnStopped("", TurnStats()), 4), (TurnFailed("No.", "Do this."), 5)],
)
def test_the_last_event_gives_the_exit_code(last, code) -> None:  # type: ignore[no-untyped-def]
    assert follow([TextDelta("a"), last], TextOutput()) == code


def test_no_event_at_all_is_a_failure() -> None:
    assert follow([], TextOutput()) == 5


def test_the_answer_is_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    call = ToolCall("1", "read_file", {"path": "a\u202eb\x1b[2J.txt"})
    events = [
        Recalled((MEMORY,)),
        ContextChanged(900, 1000, left_out=4),
        ToolCallRequested(call, needs_approval=True),
        ToolFinished(ToolResult("1", "read_file", "There is no such file.", ok=False)),
        TextDelta("Hello \x1b[31m"),
        TextDelta("world"),
        TurnFinished("Hello world", TurnStats()),
    ]
    follow(events, TextOutput())
    out, err = capsys.readouterr()
    assert out == "Hello [31mworld\n"
    assert "\x1b" not in err
    assert "\u202e" not in err
    for shown in ("Pets", "2026-11-03", "read_file", "\\u202e", "There is no such file.", "4 earlier messages"):
        assert shown in err


def test_saved_memories_are_said_on_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    day = MEMORY.date
    standing = RecalledMemory("", "", "", day, "I live in\nBern\x1b[2J", 1.0, "written", "2")
    follow(
        [MemorySaved(SavedMemory("1", "My cat is\nTom", "said", day, day)), Recalled((standing, MEMORY))], TextOutput()
    )
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "[saved: My cat is\\u000aTom]",
        "[recalled: I live in\\u000aBern\\u001b[2J]",
        "[recalled from “Pets”, 2026-11-03]",
    ]


THINKS = [
    ThinkingDelta("Let me see.\x1b[2J", 0.1),
    ThinkingDelta(" A lot.", 12.5),
    TextDelta("Hello"),
    TurnFinished("Hello", TurnStats()),
]


def test_what_is_thought_is_shown_dimmed_where_somebody_watches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    follow(THINKS, TextOutput())
    out, err = capsys.readouterr()
    assert out == "Hello\n"
    assert err == "\x1b[2mLet me see.[2J\x1b[0m\x1b[2m A lot.\x1b[0m\n\n"


def test_what_is_thought_is_in_no_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    follow(THINKS, TextOutput())
    assert capsys.readouterr() == ("Hello\n", "")


def test_json_lines_have_what_is_thought(capsys: pytest.CaptureFixture[str]) -> None:
    follow(THINKS, JsonOutput())
    _first, second, *_rest = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert second == {"kind": "thinking_delta", "text": " A lot.", "seconds": 12.5}


def test_json_lines_carry_every_event(capsys: pytest.CaptureFixture[str]) -> None:
    follow([TextDelta("你好"), TurnFinished("你好", TurnStats(model="m", answer_tokens=2))], JsonOutput())
    first, last = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"kind": "text_delta", "text": "你好"}
    assert last["stats"]["answer_tokens"] == 2
