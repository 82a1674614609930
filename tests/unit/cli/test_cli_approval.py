import io
import os
import threading
from collections.abc import Iterator

import pytest

from desktop_agent.approvals import ApprovalRequest, Decision, Effect, Preview, Question
from desktop_agent.cli.approval import TerminalApprover
from desktop_agent.messages import ToolCall

EDIT = Preview("edit", "docs/plan.txt", text="@@ -1 +1 @@\n-one\n+two\n", added=1, removed=1)


def request(
    effect: Effect, *scopes: Decision, preview: Preview | None = None, tainted: bool = False
) -> ApprovalRequest:
    return ApprovalRequest(ToolCall("1", "tool", {"path": "a\u202eb"}), "d", effect, scopes, preview, "", tainted)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.TextIOWrapper]:
    """A terminal; what is written into it was typed."""
    ours, theirs = os.openpty()
    monkeypatch.setattr("desktop_agent.cli.approval.is_interactive", lambda: True)
    with os.fdopen(theirs) as terminal, os.fdopen(ours, "w") as keys:
        monkeypatch.setattr("sys.stdin", terminal)
        yield keys


def decide(*requests: ApprovalRequest, yes: bool = False) -> list[Decision]:
    return TerminalApprover(allow_all=yes).decide(requests, threading.Event())


def type_(keys: io.TextIOWrapper, text: str) -> None:
    """Type when the question is there."""
    threading.Timer(0.3, paste, (keys, text)).start()


def paste(keys: io.TextIOWrapper, text: str) -> None:
    keys.write(text)
    keys.flush()


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        *(("o", "once"), ("Once", "once"), ("c", "chat"), ("chat", "chat"), ("f", "folder")),
        *(("a", "deny"), ("", "deny"), ("x", "deny"), ("Or else", "deny"), ("oh no", "deny")),
    ],
)
def test_only_what_is_on_offer_can_be_chosen(typed: io.TextIOWrapper, answer: str, decision: Decision) -> None:
    type_(typed, f"{answer}\n")
    assert decide(request("write", "chat", "folder", preview=EDIT)) == [decision]


def test_what_was_pasted_before_the_question_answers_nothing(typed: io.TextIOWrapper) -> None:
    approver, stop = TerminalApprover(allow_all=False), threading.Event()
    for asked in ([request("write")], [request("write"), request("act")]):
        paste(typed, "o\n" * 3)
        type_(typed, "d\n")
        assert approver.decide(asked, stop) == ["deny"] * len(asked)
    paste(typed, "1\n")
    type_(typed, "2\n")
    assert approver.answer(Question("Which?", ("red", "blue")), stop) == "blue"


def test_a_change_is_shown_with_its_difference_and_why_it_is_asked(
    typed: io.TextIOWrapper, capsys: pytest.CaptureFixture[str]
) -> None:
    type_(typed, "d\n")
    decide(request("write", preview=EDIT, tainted=True))
    shown = capsys.readouterr().err
    assert "Change docs/plan.txt (+1 −1)\n@@ -1 +1 @@\n-one\n+two\nText from outside" in shown


def test_nothing_hides_in_the_arguments(typed: io.TextIOWrapper, capsys: pytest.CaptureFixture[str]) -> None:
    type_(typed, "d\n")
    decide(request("act"))
    assert "a\\u202eb" in capsys.readouterr().err


def test_several_calls_are_judged_together(typed: io.TextIOWrapper, capsys: pytest.CaptureFixture[str]) -> None:
    type_(typed, "o\n")
    assert decide(request("write", preview=EDIT), request("act")) == ["once", "once"]
    assert "1 of 2: Change docs/plan.txt" in capsys.readouterr().err
    type_(typed, "\n")
    assert decide(request("write"), request("act")) == ["deny", "deny"]
    type_(typed, "e\no\nd\n")
    assert decide(request("write"), request("act")) == ["once", "deny"]


def test_yes_covers_what_has_no_effect_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [request("read"), request("compute"), request("write"), request("act")]
    assert decide(*asked, yes=True) == ["once", "once", "deny", "deny"]
    assert "Changes need somebody who looks at them" in capsys.readouterr().err
    assert decide(request("read")) == ["deny"]


def test_a_question_is_answered_by_number_or_in_own_words(typed: io.TextIOWrapper) -> None:
    approver = TerminalApprover(allow_all=False)
    for answer, heard in (("2\n", "blue"), ("green\n", "green"), ("9\n", "9"), ("\n", "")):
        type_(typed, answer)
        assert approver.answer(Question("Which?", ("red", "blue")), threading.Event()) == heard


def test_where_nobody_can_be_asked_a_question_stays_open() -> None:
    assert not TerminalApprover(allow_all=True).answer(Question("Which?"), threading.Event())
