"""The whole table of the policy: it is small enough to be looked at case by case."""

from itertools import product

import pytest

from desktop_agent.approvals import Effect
from desktop_agent.messages import ToolCall, ToolSpec
from desktop_agent.tools import policy
from tests.unit.tools.changes import Pinned

EFFECTS: tuple[Effect, ...] = ("none", "read", "compute", "write", "act")
YES_NO = (False, True)
SPEC = ToolSpec("pin", "Pin a text.", {"type": "object", "properties": {"text": {"type": "string"}}})
CALL = ToolCall("1", "pin", {"text": "milk"})


@pytest.mark.parametrize(("effect", "standing", "tainted", "anew"), [*product(EFFECTS, YES_NO, YES_NO, YES_NO)])
def test_who_is_asked(effect: Effect, standing: bool, tainted: bool, anew: bool) -> None:
    asked = policy.must_ask(effect, standing=standing, tainted=tainted, anew=anew)
    if effect == "none":
        assert not asked
    elif not standing:
        assert asked, "nothing that looks, runs or changes happens without the user"
    elif anew:
        assert asked
    elif effect in ("write", "act"):
        assert asked == tainted, "what was allowed before covers no effect once text from outside is there"
    else:
        assert not asked


@pytest.mark.parametrize(("effect", "tainted", "anew", "in_folder"), [*product(EFFECTS, YES_NO, YES_NO, YES_NO)])
def test_for_how_much_an_answer_counts(effect: Effect, tainted: bool, anew: bool, in_folder: bool) -> None:
    scopes = policy.scopes(effect, tainted=tainted, anew=anew, in_folder=in_folder)
    assert ("always" in scopes) == (effect == "read" and not anew)
    assert "folder" not in scopes or in_folder
    if anew or (tainted and effect in ("write", "act")):
        assert scopes == ()
    assert not {"once", "deny"} & set(scopes), "these are on offer in any case"


def other_calls() -> list[tuple[ToolCall, ToolSpec, Pinned | None]]:
    return [
        (ToolCall("1", "pin", {"text": "milk "}), SPEC, Pinned("milk")),
        (ToolCall("1", "pin", {"text": "milk", "more": None}), SPEC, Pinned("milk")),
        (CALL, ToolSpec("pin", "Pin a text. Anywhere.", SPEC.parameters), Pinned("milk")),
        (CALL, ToolSpec("pin", SPEC.description, {"type": "object"}), Pinned("milk")),
        (CALL, ToolSpec("unpin", SPEC.description, SPEC.parameters), Pinned("milk")),
        (CALL, SPEC, None),
        (CALL, SPEC, Pinned("milk", folder="/elsewhere")),
        (CALL, SPEC, Pinned("milk", risk="It is the shopping list.")),
        (CALL, SPEC, Pinned("milk", before=b"other content")),
        (CALL, SPEC, Pinned("cream")),
    ]


@pytest.mark.parametrize(("call", "spec", "change"), other_calls())
def test_an_approval_is_for_one_call_of_one_tool_with_one_change(
    call: ToolCall, spec: ToolSpec, change: Pinned | None
) -> None:
    digest = policy.digest(CALL, SPEC, Pinned("milk"))
    assert policy.digest(call, spec, change) != digest
    assert policy.digest(ToolCall("2", "pin", {"text": "milk"}), SPEC, Pinned("milk")) == digest
