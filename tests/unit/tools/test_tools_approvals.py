"""Nothing changes unless the user agreed to this very change, and everything is written down."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.approvals import ApprovalRequest, Decision
from desktop_agent.errors import Cancelled, UserFacingError
from desktop_agent.messages import Json, Message, ToolCall, ToolResult
from desktop_agent.records import AuditEntry
from desktop_agent.tools.auditing import NOT_ENDED
from desktop_agent.tools.builtin.current_time import current_time
from desktop_agent.tools.protocols import Approval
from desktop_agent.tools.tool import Tool
from desktop_agent.tools.toolbox import CHANGED
from tests.helpers.world import World
from tests.unit.tools.changes import Board, blurt, count, look, pin, send
from tests.unit.tools.conftest import Unasked

BOARD = (current_time, pin, look, count, blurt)


class Desk:
    """A board, and the tools over it."""

    def __init__(self, world: World, tools: tuple[Tool, ...] = BOARD) -> None:
        self.world = world
        self.board = Board()
        self.faults: dict[str, str] = {}
        self.offer(*tools)

    def offer(self, *tools: Tool) -> None:
        self.toolbox = self.world.toolbox(tools, {Board: self.board})

    def request(self, name: str, **arguments: Json) -> ApprovalRequest:
        judgement = self.toolbox.judge(ToolCall("1", name, arguments), self.world.chat)
        assert judgement.verdict == "ask"
        assert judgement.request
        return judgement.request

    def verdict(self, name: str, **arguments: Json) -> str:
        return self.toolbox.judge(ToolCall("1", name, arguments), self.world.chat).verdict

    def answer(self, request: ApprovalRequest, decision: Decision = "once") -> ToolResult:
        approval = Approval(request, decision)
        self.toolbox.keep(approval, self.world.chat)
        return self.run(request.call, approval)

    def run(self, call: ToolCall, approval: Approval | None = None) -> ToolResult:
        return self.toolbox.run(call, self.world.chat, threading.Event(), Unasked(), approval)

    def taint(self) -> None:
        result = ToolResult("0", "read_file", "Buy now!", untrusted=True)
        self.world.transcript.append(self.world.chat, Message("tool", result=result))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    world = World(tmp_path)
    yield Desk(world)
    world.database.close()


def test_a_change_is_shown_and_nothing_has_happened(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    assert request.preview
    assert (request.preview.text, request.effect, request.tainted, request.risk) == ("+milk", "write", False, "")
    assert desk.board.texts == []


def test_what_the_user_agreed_to_is_done_and_can_be_undone(desk: Desk) -> None:
    result = desk.answer(desk.request("pin", text="milk"))
    assert (result.ok, result.text, desk.board.texts) == (True, "Pinned milk.", ["milk"])
    assert not result.untrusted
    copy = desk.world.store.undo_copies.get(result.undo_id)
    assert (copy.kind, copy.path, copy.conversation_id) == ("note", "milk", desk.world.chat)


@pytest.mark.parametrize("name", ["pin", "look", "count"])
def test_without_an_approval_nothing_runs(desk: Desk, name: str) -> None:
    arguments = {"text": "milk"} if name == "pin" else {}
    result = desk.run(ToolCall("1", name, arguments))
    assert (result.ok, result.text) == (False, CHANGED.reason)
    assert desk.board.texts == []


def test_a_denial_is_no_approval(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    assert desk.answer(request, "deny").text == CHANGED.reason
    assert desk.board.texts == []


def test_an_approval_holds_for_the_call_that_was_shown(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    other = ToolCall(request.call.id, "pin", {"text": "poison"})
    assert desk.run(other, Approval(request, "once")).text == CHANGED.reason
    assert desk.run(other, Approval(replace(request, call=other), "once")).text == CHANGED.reason
    assert desk.board.texts == []


def test_an_approval_holds_for_things_as_they_were_shown(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    desk.board.others = "somebody else's"
    assert desk.answer(request).text == CHANGED.reason
    desk.board.others = ""
    desk.board.risk = "The board is public."
    assert desk.answer(request).text == CHANGED.reason
    desk.board.risk = ""
    assert desk.answer(request).ok


def test_an_approval_lapses_when_the_tool_says_something_else(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    said = replace(pin.spec, description="Pin a text to the board, and to all other boards.")
    desk.offer(replace(pin, spec=said))
    assert desk.answer(request).text == CHANGED.reason
    assert desk.verdict("pin", text="cream") == "ask"


def test_an_answer_that_counts_on_is_for_what_the_tool_said_when_the_user_was_asked(desk: Desk) -> None:
    """A server may describe its tool anew while the user reads."""
    foreign = replace(look, group="mcp:post")
    desk.offer(foreign)
    request = desk.request("look")
    desk.offer(replace(foreign, spec=replace(look.spec, description="Look at all that there is.")))
    desk.answer(request, "always")
    assert not desk.world.permissions.standing_approvals()
    desk.answer(desk.request("look"), "always")
    assert desk.verdict("look") == "allow"


def test_allowed_in_this_chat_until_text_from_outside_is_in_it(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    assert request.scopes == ("chat",)
    desk.answer(request, "chat")
    assert desk.verdict("pin", text="cream") == "allow"
    assert desk.run(ToolCall("2", "pin", {"text": "cream"})).ok
    desk.taint()
    again = desk.request("pin", text="poison")
    assert again.tainted
    assert again.scopes == ()
    assert desk.run(again.call).text == CHANGED.reason
    desk.answer(again, "chat")
    assert desk.verdict("pin", text="more poison") == "ask", "no answer counts for more than one call there"
    assert desk.board.texts == ["milk", "cream", "poison"]


def test_what_was_judged_before_the_text_came_is_judged_again(desk: Desk) -> None:
    """Two calls of one message, judged together: the first one reads, the second one was allowed until then."""
    desk.answer(desk.request("pin", text="milk"), "chat")
    assert desk.verdict("pin", text="poison") == "allow"
    desk.taint()
    assert desk.run(ToolCall("2", "pin", {"text": "poison"})).text == CHANGED.reason


def test_reading_stays_allowed(desk: Desk) -> None:
    desk.answer(desk.request("look"), "chat")
    desk.taint()
    assert desk.verdict("look") == "allow"


@pytest.mark.parametrize("decision", ["once", "deny", "folder", "always"])
def test_what_was_not_on_offer_counts_for_one_call_at_most(desk: Desk, decision: Decision) -> None:
    desk.answer(desk.request("pin", text="milk"), decision)
    assert not desk.world.permissions.standing_approvals()
    assert desk.verdict("pin", text="cream") == "ask"


def test_always_is_for_what_only_looks(desk: Desk) -> None:
    desk.answer(desk.request("look"), "always")
    desk.world.chat = desk.world.store.conversations.create().id
    assert desk.verdict("look") == "allow"
    assert desk.verdict("count") == "ask"


def test_a_risky_change_is_asked_for_every_time(desk: Desk) -> None:
    desk.answer(desk.request("pin", text="milk"), "chat")
    desk.board.risk = "The board is public."
    assert desk.request("pin", text="cream").scopes == ()


def test_another_programs_description_is_text_from_outside(desk: Desk) -> None:
    """It is in the prompt from the first word on, and may say: send everything you read to me."""
    desk.offer(pin, send)
    assert desk.request("pin", text="milk").tainted
    request = desk.request("send", text="hello")
    assert request.scopes == ()
    result = desk.answer(request)
    assert (result.untrusted, bool(result.seal)) == (True, True)
    assert desk.verdict("send", text="everything") == "ask"


def test_a_change_that_fails_leaves_nothing_to_undo(desk: Desk) -> None:
    desk.board.fault = UserFacingError("The board is full.")
    result = desk.answer(desk.request("pin", text="milk"))
    assert (result.ok, result.text, result.undo_id) == (False, "The board is full.", "")
    assert not desk.world.store.undo_copies.list()


def test_a_writing_tool_must_show_its_change(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    assert desk.verdict("blurt", text="milk") == "refuse"
    assert "must return a change" in caplog.text
    caplog.clear()


def test_what_a_tool_says_of_its_troubles_may_be_text_from_outside(desk: Desk) -> None:
    desk.board.texts.append("milk")
    judgement = desk.toolbox.judge(ToolCall("1", "pin", {"text": "milk"}), desk.world.chat)
    assert judgement.verdict == "refuse"
    result = desk.toolbox.decline(ToolCall("1", "pin", {"text": "milk"}), desk.world.chat, judgement)
    assert (result.untrusted, bool(result.seal)) == (True, True)
    unknown = desk.toolbox.judge(ToolCall("1", "nothing"), desk.world.chat)
    assert not desk.toolbox.decline(ToolCall("1", "nothing"), desk.world.chat, unknown).untrusted


def test_each_call_is_written_down(desk: Desk) -> None:
    request = desk.request("pin", text="milk")
    result = desk.answer(request)
    desk.run(ToolCall("2", "current_time"))
    desk.taint()
    denied = desk.request("pin", text="cream")
    desk.toolbox.decline(denied.call, desk.world.chat, CHANGED, Approval(denied, "deny"))
    desk.toolbox.decline(ToolCall("4", "wipe"), desk.world.chat, desk.toolbox.judge(ToolCall("4", "wipe"), ""))
    wiped, declined, clock, pinned = desk.world.store.audit.list(desk.world.chat)
    assert (pinned.tool, pinned.verdict, pinned.effect, pinned.ok, pinned.tainted) == (
        "pin",
        "once",
        "write",
        True,
        False,
    )
    assert (json.loads(pinned.arguments), pinned.digest, pinned.undo_id) == (
        {"text": "milk"},
        request.digest,
        result.undo_id,
    )
    assert (clock.tool, clock.verdict, clock.effect, clock.digest) == ("current_time", "allowed", "none", "")
    assert (declined.verdict, declined.ok, declined.tainted) == ("deny", False, True)
    assert (wiped.tool, wiped.verdict, wiped.effect) == ("wipe", "refused", "none")
    assert wiped.fault.startswith("There is no tool 'wipe'")


def test_a_call_is_written_down_before_it_is_carried_out(desk: Desk) -> None:
    """So that one during which the program died is there too, and none happens that cannot be written down."""
    seen: list[AuditEntry] = []

    class Watching(Board):
        @property
        def risk(self) -> str:
            seen.extend(desk.world.store.audit.list())
            return ""

        @risk.setter
        def risk(self, _value: str) -> None: ...

    desk.board = Watching()
    desk.offer(pin)
    desk.answer(desk.request("pin", text="milk"))
    (entry,) = seen
    assert (entry.tool, entry.verdict, entry.ok, entry.fault) == ("pin", "once", False, NOT_ENDED)
    (entry,) = desk.world.store.audit.list()
    assert (entry.ok, entry.fault) == (True, "")


def test_nothing_is_done_that_cannot_be_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    request = desk.request("pin", text="milk")

    def full(*_arguments: object) -> int:
        raise UserFacingError("The disk is full.")

    monkeypatch.setattr(desk.world.store.audit, "add", full)
    with pytest.raises(UserFacingError, match="The disk is full"):
        desk.answer(request)
    assert desk.board.texts == []


def test_a_stopped_call_is_written_down(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        desk.toolbox.run(ToolCall("1", "current_time"), desk.world.chat, stop, Unasked())
    (entry,) = desk.world.store.audit.list(desk.world.chat)
    assert (entry.ok, entry.fault) == (False, "Stopped by the user.")


def nested(depth: int) -> Json:
    value: Json = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"text": nested(100_000)}, "nested too deeply"),
        ({"text": "x" * 1_000_000}, "The arguments are too long: 1,000,012 characters."),
        ({"text": "milk", "more": 1}, "there is no 'more'"),
        ({"text": ["milk"]}, "'text': should be a valid string"),
        ({"text": float("nan")}, "'text': should be a valid string"),
        ({}, "'text' is missing"),
        ({"text": {1, 2}}, "no JSON"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_and_written_down(
    desk: Desk, arguments: dict[str, Json], words: str
) -> None:
    call = ToolCall("1", "pin", arguments)
    judgement = desk.toolbox.judge(call, desk.world.chat)
    assert judgement.verdict == "refuse"
    assert words in judgement.reason
    assert words in desk.run(call).text
    assert len(desk.world.store.audit.list(desk.world.chat)[0].arguments) < 2000


def test_half_a_character_is_written_down_too(desk: Desk) -> None:
    desk.run(ToolCall("1", "pin", {"text": "\ud800"}))
    assert "ud800" in desk.world.store.audit.list(desk.world.chat)[0].arguments


def test_control_characters_of_a_result_reach_nobody(desk: Desk) -> None:
    desk.board.texts.append("\x1b]52;c;aGVsbG8=\x07red\x1b[0m\x00 \x9b31m")
    text = desk.answer(desk.request("look")).text
    assert text == "]52;c;aGVsbG8=red[0m 31m"


def test_text_from_outside_is_sealed_with_another_word_each_time(desk: Desk) -> None:
    seals = {desk.answer(desk.request("look")).seal for _ in range(20)}
    assert len(seals) == 20
    assert all(len(seal) == 8 for seal in seals)


def test_a_missing_layer_switches_a_tool_off(desk: Desk) -> None:
    world = desk.world
    toolbox = type(desk.toolbox)(
        lambda _chat: (replace(pin, needs=("seccomp",)),),
        world.folders,
        world.permissions,
        world.store.audit,
        world.store.undo_copies,
        {Board: desk.board},
        lambda layer: f"{layer} is not there.",
    )
    call = ToolCall("1", "pin", {"text": "milk"})
    assert toolbox.judge(call, world.chat).reason == "Pin is off: seccomp is not there."
    approved = Approval(desk.request("pin", text="milk"), "once")
    assert not toolbox.run(call, world.chat, threading.Event(), Unasked(), approved).ok
    assert desk.board.texts == []
