"""One user message becomes a stream of events, and everything is on disk."""

import json
import threading
import time
from pathlib import Path
from typing import TypeVar

import pytest

from desktop_agent.agent.turn import MAX_STEPS
from desktop_agent.errors import UserFacingError
from desktop_agent.events import (
    Event,
    TextDelta,
    ToolCallRequested,
    ToolFinished,
    TurnFailed,
    TurnFinished,
    TurnStats,
    TurnStopped,
)
from desktop_agent.llm.protocol import Completion
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message, ToolCall
from tests.helpers.world import World

Kind = TypeVar("Kind")


def call(name: str = "read_file", **arguments: str) -> str:
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


def of_type(events: list[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def test_a_plain_answer(world: World) -> None:
    events = world.turn(world.agent(ScriptedModel(["Paris."])), "What is the capital of France?")
    assert "".join(event.text for event in of_type(events, TextDelta)) == "Paris."
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].text == "Paris."
    assert [(stored.message.role, stored.message.text, stored.status) for stored in world.history()] == [
        ("user", "What is the capital of France?", "complete"),
        ("assistant", "Paris.", "complete"),
    ]


@pytest.mark.parametrize(("second", "joules"), [(5.0, 25.0), (None, None)])
def test_what_a_turn_cost_is_the_sum_of_its_steps(world: World, second: float | None, joules: float | None) -> None:
    asked = Completion(
        Message("assistant", calls=(ToolCall("1", "current_time"),)),
        "end",
        TurnStats(prompt_tokens=9, drafted_tokens=2, cpu_seconds=1.5, joules=20.0),
    )
    said = Completion(
        Message("assistant", "Late."),
        "end",
        TurnStats(prompt_tokens=12, drafted_tokens=3, cpu_seconds=0.5, joules=second),
    )
    (finished,) = of_type(world.turn(world.agent(ScriptedModel([asked, said])), "How late is it?"), TurnFinished)
    stats = finished.stats
    assert (stats.drafted_tokens, stats.cpu_seconds, stats.joules) == (5, 2.0, joules), "no half of a sum is shown"


def test_a_tool_is_approved_and_its_result_reaches_the_model(world: World, papers: Path) -> None:
    model = ScriptedModel([call(path="invoice.txt"), "The total is 4711.50 EUR."])
    events = world.turn(world.agent(model), "What is the total?")
    (requested,) = of_type(events, ToolCallRequested)
    assert requested.needs_approval
    assert [asked.name for asked in world.approver.asked] == ["read_file"]
    (finished,) = of_type(events, ToolFinished)
    assert finished.result.untrusted
    assert "4711.50" in model.requests[1].messages[-1].text
    assert [stored.message.role for stored in world.history()] == ["user", "assistant", "tool", "assistant"]


def test_a_denied_call_is_not_carried_out(world: World, papers: Path) -> None:
    world.approver.decision = "deny"
    model = ScriptedModel([call(path="invoice.txt"), "You did not allow it."])
    events = world.turn(world.agent(model), "What is the total?")
    (finished,) = of_type(events, ToolFinished)
    assert not finished.result.ok
    assert "4711" not in str(world.history())


def test_allowing_in_this_chat_asks_once(world: World, papers: Path) -> None:
    world.approver.decision = "chat"
    (papers / "other.txt").write_text("Other", encoding="utf-8")
    model = ScriptedModel([call(path="invoice.txt"), call(path="other.txt"), "Done."])
    events = world.turn(world.agent(model), "Read both.")
    assert len(world.approver.asked) == 1
    assert [event.needs_approval for event in of_type(events, ToolCallRequested)] == [True, False]
    assert all(event.result.ok for event in of_type(events, ToolFinished))


def test_without_a_granted_folder_nobody_is_asked(world: World) -> None:
    model = ScriptedModel([call(path="/etc/passwd"), "No folder is granted."])
    events = world.turn(world.agent(model), "Read /etc/passwd")
    assert world.approver.asked == []
    (finished,) = of_type(events, ToolFinished)
    assert not finished.result.ok
    assert "folder is granted" in finished.result.text


def test_a_repeated_identical_call_is_noticed(world: World, papers: Path) -> None:
    model = ScriptedModel([call(path="invoice.txt")] * 3 + ["4711.50"])
    events = world.turn(world.agent(model), "What is the total?")
    results = [event.result for event in of_type(events, ToolFinished)]
    assert [result.ok for result in results] == [True, False, False]
    assert "before" in results[1].text
    assert [request.allow_calls for request in model.requests] == [True, True, True, False]


def test_at_most_eight_steps(world: World, papers: Path) -> None:
    for number in range(MAX_STEPS):
        (papers / f"{number}.txt").write_text(str(number), encoding="utf-8")
    model = ScriptedModel([*(call(path=f"{number}.txt") for number in range(MAX_STEPS - 1)), "Enough."])
    events = world.turn(world.agent(model), "Read them all.")
    assert isinstance(events[-1], TurnFinished)
    assert [request.allow_calls for request in model.requests] == [True] * (MAX_STEPS - 1) + [False]


def test_a_bad_call_is_explained_at_most_twice(world: World) -> None:
    model = ScriptedModel([call("no_such_tool")] * 3 + ["I cannot."])
    events = world.turn(world.agent(model), "Do something.")
    assert isinstance(events[-1], TurnFinished)
    assert "no_such_tool" in model.requests[1].messages[-1].text
    assert [request.allow_calls for request in model.requests] == [True, True, True, False]


def test_stop_keeps_the_text_so_far(world: World) -> None:
    model = ScriptedModel(["one two three four five six seven eight nine ten"], delay=0.02)

    def stop_soon(event: Event) -> None:
        if isinstance(event, TextDelta):
            world.stop.set()

    events = world.turn(world.agent(model), "Count.", stop_soon)
    assert isinstance(events[-1], TurnStopped)
    answer = world.history()[-1]
    assert answer.status == "stopped"
    assert answer.message.text.startswith("one")
    assert "ten" not in answer.message.text


def test_stop_during_an_approval_leaves_a_whole_conversation(world: World, papers: Path) -> None:
    model = ScriptedModel([call(path="invoice.txt"), "Fine."])
    world.approver.decision = "deny"

    def stop_at_request(event: Event) -> None:
        if isinstance(event, ToolCallRequested):
            world.stop.set()

    events = world.turn(world.agent(model), "Read it.", stop_at_request)
    assert isinstance(events[-1], TurnStopped)
    assert [stored.message.role for stored in world.history()] == ["user", "assistant", "tool"]


def test_calls_that_a_stop_left_undone_are_written_down_once(world: World, papers: Path) -> None:
    def stop_when(kind: type[Event], model: ScriptedModel) -> list[str]:
        def stop(event: Event) -> None:
            if isinstance(event, kind):
                world.stop.set()

        world.stop.clear()
        world.turn(world.agent(model), "Read it.", stop)
        return [entry.fault for entry in world.store.audit.list(world.chat)]

    two = call(path="invoice.txt") + "\n" + call("current_time")
    assert stop_when(ToolFinished, ScriptedModel([two])) == ["Stopped by the user.", ""]
    faults = stop_when(ToolCallRequested, ScriptedModel([call("current_time") + "\n" + call("list_files")]))
    assert faults == ["Stopped by the user."] * 3 + [""]


class RefusingModel(ScriptedModel):
    """Refuses every prompt, as the engine does with one that is too long."""

    def generate(self, request, cancel):  # type: ignore[no-untyped-def]
        raise UserFacingError("This needs 26,914 tokens, but the context holds 4,096.", "Shorten the text.")


def test_a_refused_turn_is_kept_but_not_repeated_to_the_model(world: World) -> None:
    events = world.turn(world.agent(RefusingModel([])), "Too long")
    assert events[-1] == TurnFailed("This needs 26,914 tokens, but the context holds 4,096.", "Shorten the text.")
    assert world.history()[0].message.text == "Too long"
    model = ScriptedModel(["Hello."])
    world.turn(world.agent(model), "Hello?")
    assert [message.text for message in model.requests[0].messages[1:]] == ["Hello?"]


def test_an_abandoned_turn_is_closed(world: World) -> None:
    stream = world.stream(world.agent(ScriptedModel(["one two three four"])), "Count")
    while not isinstance(next(stream), TextDelta):
        pass
    stream.close()
    assert world.history()[-1].status == "stopped"
    assert world.history()[-1].message.text


@pytest.mark.parametrize("role", ["user", "assistant", "tool"])
def test_every_message_survives_the_database(world: World, papers: Path, role: str) -> None:
    world.turn(world.agent(ScriptedModel([call(path="invoice.txt"), "Fine."])), "Read it.")
    stored = next(stored for stored in world.history() if stored.message.role == role)
    assert type(stored.message).from_dict(stored.message.to_dict()) == stored.message


def test_an_empty_answer_is_said_to_be_one(world: World) -> None:
    events = world.turn(world.agent(ScriptedModel([" "])), "Hello?")
    assert isinstance(events[-1], TurnFailed)
    assert "no answer" in events[-1].message


def test_small_models_are_given_examples(world: World) -> None:
    small, large = ScriptedModel(["Yes."], parameters=1_500_000_000), ScriptedModel(["Yes."])
    world.turn(world.agent(small), "Hello?")
    world.turn(world.agent(large), "Hello?")
    assert any(message.calls for message in small.requests[0].messages)
    assert [message.role for message in large.requests[0].messages] == ["system", "user", "assistant", "user"]


def test_a_fault_inside_ends_the_turn_with_an_event(world: World) -> None:
    events = world.turn(world.agent(ScriptedModel([])), "Hello?")  # a script without answers: LookupError
    assert isinstance(events[-1], TurnFailed)
    assert "LookupError" in events[-1].hint
    assert {stored.status for stored in world.history()} == {"failed"}


def test_a_full_disk_ends_the_turn_with_an_event(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = world.stream(world.agent(ScriptedModel(["one two three"])), "Count")
    while not isinstance(next(stream), TextDelta):
        pass

    def refuse(*_: object) -> None:
        raise UserFacingError("The disk is full.")

    monkeypatch.setattr(world.transcript, "update", refuse)
    assert list(stream)[-1] == TurnFailed("The disk is full.")


def test_stop_does_not_wait_until_memory_is_open(world: World) -> None:
    opened = threading.Event()
    agent = world.agent(ScriptedModel(["Hello."]))
    agent._memory = lambda _: opened.wait(10) and None  # type: ignore[assignment, return-value]
    threading.Timer(0.05, world.stop.set).start()
    began = time.monotonic()
    assert isinstance(world.turn(agent, "Hello?")[-1], TurnStopped)
    assert time.monotonic() - began < 1
    opened.set()


def test_an_answer_that_the_full_context_cut_says_so(world: World) -> None:
    cut = Completion(Message("assistant", "Once upon a"), "length", TurnStats())
    events = world.turn(world.agent(ScriptedModel([cut])), "Tell me a story.")
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].cut


def test_a_turn_whose_chat_is_purged_meanwhile_ends_with_an_event(world: World) -> None:
    def purge(event: Event) -> None:
        if isinstance(event, TextDelta):
            world.store.conversations.delete(world.chat)
            world.store.conversations.purge_deleted()

    events = world.turn(world.agent(ScriptedModel(["Hello"])), "Hi", purge)
    assert isinstance(events[-1], TurnFailed)
