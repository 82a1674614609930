"""One turn cannot go on for ever, nor ask for ever."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from desktop_agent.agent.budget import ASKED_ENOUGH, MAX_CALLS, MAX_DENIALS, MAX_REQUESTS, SPENT
from desktop_agent.agent.loop import Agent
from desktop_agent.agent.turn import DENIED, MAX_STEPS
from desktop_agent.approvals import ApprovalRequest, Decision, Question
from desktop_agent.errors import Cancelled
from desktop_agent.events import Event, ToolCallRequested, ToolFinished, TurnFinished, TurnStats, TurnStopped
from desktop_agent.llm.protocol import Completion
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message, ToolCall, ToolResult
from desktop_agent.tools.outcome import Change
from desktop_agent.tools.protocols import Asker
from desktop_agent.tools.tool import tool
from tests.helpers.world import FixedApprover, World
from tests.unit.tools.changes import Board, Pinned, count, look, pin


def calling(*calls: ToolCall) -> Completion:
    return Completion(Message("assistant", raw="calls", calls=calls), "end", TurnStats())


def pins(start: int, end: int) -> Completion:
    return calling(*(ToolCall(f"c{number}", "pin", {"text": f"text {number}"}) for number in range(start, end)))


@pytest.fixture
def board() -> Board:
    return Board()


def agent(world: World, board: Board, *answers: Completion | str) -> tuple[Agent, ScriptedModel]:
    model = ScriptedModel(answers, context_size=100_000)
    toolbox = world.toolbox((pin, look, count, ask), {Board: board})
    return Agent(model, toolbox, lambda _: None, world.transcript), model


def results(events: list[Event]) -> list[ToolResult]:
    return [event.result for event in events if isinstance(event, ToolFinished)]


def test_a_message_with_a_thousand_calls(world: World, board: Board) -> None:
    looks = (ToolCall(f"c{number}", "count" if number % 2 else "look") for number in range(1000))
    using, model = agent(world, board, calling(*looks), "Enough.")
    events = world.turn(using, "Go.")
    assert isinstance(events[-1], TurnFinished)
    assert [result.text for result in results(events)].count(SPENT.reason) == 1000 - MAX_CALLS
    assert [request.allow_calls for request in model.requests] == [True, False]


def test_the_user_is_asked_only_so_often(world: World, board: Board) -> None:
    using, _ = agent(world, board, pins(0, MAX_REQUESTS - 1), pins(100, 105), "Done.")
    events = world.turn(using, "Pin them all.")
    assert len(world.approver.asked) == MAX_REQUESTS == len(board.texts)
    assert [result.text for result in results(events)].count(ASKED_ENOUGH.reason) == 4


def test_whoever_denied_three_times_is_asked_no_more(world: World, board: Board) -> None:
    world.approver.decision = "deny"
    using, _ = agent(world, board, pins(0, 1), pins(1, MAX_DENIALS), pins(5, 9), "As you like.")
    world.turn(using, "Pin them all.")
    assert len(world.approver.asked) == MAX_DENIALS
    assert board.texts == []


def test_a_denial_reminds_of_the_question_where_a_text_may_have_asked(world: World, board: Board) -> None:
    class Denies(FixedApprover):
        def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
            return ["deny" if request.effect == "write" else "once" for request in requests]

    world.approver = Denies()
    using, _ = agent(world, board, pins(0, 1), calling(ToolCall("l", "look")), pins(1, 2), "Nothing is there.")
    plain, _, tainted = results(world.turn(using, "What is  on\nthe board?"))
    assert plain.text == DENIED
    assert tainted.text.startswith(DENIED)
    assert "The user asked: What is on the board? " in tainted.text
    assert not tainted.untrusted


def test_a_loop_of_ever_other_calls_ends(world: World, board: Board) -> None:
    using, model = agent(world, board, *(pins(number, number + 1) for number in range(MAX_STEPS - 1)), "Enough.")
    assert isinstance(world.turn(using, "Pin.")[-1], TurnFinished)
    assert len(model.requests) == MAX_STEPS


@dataclass
class OneByOne(FixedApprover):
    """Denies whatever has a 1 in it."""

    batches: list[int] = field(default_factory=list)

    def decide(self, requests: Sequence[ApprovalRequest], stop: threading.Event) -> list[Decision]:
        self.batches.append(len(requests))
        return ["deny" if "1" in request.call.arguments["text"] else "once" for request in requests]


def test_the_calls_of_a_message_are_judged_together(world: World, board: Board) -> None:
    using, _ = agent(world, board, pins(0, 3), "Done.")
    world.approver = approver = OneByOne()
    events = world.turn(using, "Pin three.")
    requested = [event for event in events if isinstance(event, ToolCallRequested)]
    first = events.index(requested[0])
    assert events[first : first + 3] == requested, "nothing is between them, so one card can show them all"
    assert [event.needs_approval for event in requested] == [True] * 3
    assert approver.batches == [3]
    assert [result.ok for result in results(events)] == [True, False, True]
    assert board.texts == ["text 0", "text 2"]


def test_a_change_that_another_of_the_same_message_made_stale_is_not_made(world: World, board: Board) -> None:
    @tool("write", group="board")
    def meddle(board: Board) -> Change:
        """Change what others pinned."""
        board.others = f"{board.others}!" if board.texts else ""
        return Pinned("meddled", board=board)

    toolbox = world.toolbox((pin, meddle), {Board: board})
    calls = calling(*pins(0, 1).message.calls, ToolCall("m", "meddle"), *pins(1, 2).message.calls)
    using = Agent(ScriptedModel([calls, "Done."]), toolbox, lambda _: None, world.transcript)
    assert [result.ok for result in results(world.turn(using, "Pin."))] == [True, True, False]
    assert board.texts == ["text 0", "meddled"]


@tool("none", group="board")
def ask(asker: Asker, text: str) -> str:
    """Ask the user."""
    return asker.ask(Question(text, ("yes", "no"))) or "No answer."


def test_a_tool_may_ask_the_user(world: World, board: Board) -> None:
    world.approver.reply = "yes"
    using, _ = agent(world, board, calling(ToolCall("1", "ask", {"text": "Really?"})), "Fine.")
    events = world.turn(using, "Ask me.")
    assert [result.text for result in results(events)] == ["yes"]
    assert world.approver.questions == [Question("Really?", ("yes", "no"))]


@dataclass
class Stopping(FixedApprover):
    """Stops the turn instead of answering."""

    def answer(self, question: Question, stop: threading.Event) -> str:
        stop.set()
        return ""


def test_stop_while_a_tool_asks(world: World, board: Board) -> None:
    world.approver = Stopping()
    using, _ = agent(world, board, calling(ToolCall("1", "ask", {"text": "Really?"})), "Fine.")
    assert isinstance(world.turn(using, "Ask me.")[-1], TurnStopped)
    assert world.history()[-1].message.text == "Stopped by the user."


def test_stop_while_calls_are_judged_leaves_a_whole_conversation(
    world: World, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    using, _ = agent(world, board, pins(0, 2), "Fine.")

    def cancelled(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr("desktop_agent.tools.attempt.Attempt.plan", cancelled)
    assert isinstance(world.turn(using, "Pin.")[-1], TurnStopped)
    assert [stored.message.role for stored in world.history()] == ["user", "assistant", "tool", "tool"]


def test_the_folder_of_a_test_is_not_needed(world: World, board: Board, tmp_path: Path) -> None:
    """A tool without files works where no folder is granted."""
    using, _ = agent(world, board, calling(ToolCall("1", "count")), "None.")
    assert [result.text for result in results(world.turn(using, "How many?"))] == ["0"]
