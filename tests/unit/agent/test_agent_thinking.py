"""What a model thinks is told apart, kept with its answer, and no answer by itself."""

import json
from pathlib import Path

import pytest

from desktop_agent.agent import answer
from desktop_agent.events import Event, TextDelta, ThinkingDelta, TurnFailed, TurnFinished, TurnStats, TurnStopped
from desktop_agent.llm.protocol import Completion
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message
from tests.helpers.world import World

THOUGHT = "France is a country.\nIts capital is Paris."
ANSWER = f"<think>\n{THOUGHT}\n</think>\n\nParis."


def joined(events: list[Event], kind: type[TextDelta] | type[ThinkingDelta]) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


def test_thinking_comes_first_and_is_kept_apart(world: World) -> None:
    events = world.turn(world.agent(ScriptedModel([ANSWER], delay=0.03)), "What is the capital of France?")
    kinds = [event.kind for event in events if isinstance(event, TextDelta | ThinkingDelta)]
    assert kinds == sorted(kinds, reverse=True)
    assert joined(events, ThinkingDelta) == THOUGHT
    assert joined(events, TextDelta) == "Paris."
    seconds = [event.seconds for event in events if isinstance(event, ThinkingDelta)]
    assert seconds == sorted(seconds)
    assert seconds[-1] >= 0.1
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].text == "Paris."
    assert world.history()[-1].message == Message("assistant", "Paris.", raw=ANSWER, thinking=THOUGHT)


def test_it_is_in_the_journal_while_it_is_thought(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "JOURNAL_SECONDS", 0.0)
    kept: list[Message] = []

    def look(event: Event) -> None:
        if isinstance(event, TextDelta | ThinkingDelta):
            kept.append(world.history()[-1].message)

    world.turn(world.agent(ScriptedModel([ANSWER])), "What is the capital of France?", look)
    assert kept[1] == Message("assistant", thinking="France is")
    assert kept[-1] == Message("assistant", "Paris.", thinking=THOUGHT)


def test_a_tool_is_called_after_thinking(world: World, papers: Path) -> None:
    call = json.dumps({"name": "read_file", "arguments": {"path": "invoice.txt"}})
    first = f"<think>\nI must <tool_call> look.\n</think>\n\n<tool_call>\n{call}\n</tool_call>"
    model = ScriptedModel([first, "<think>\nThere it is.\n</think>\n\nThe total is 4711.50 EUR."])
    events = world.turn(world.agent(model), "What is the total?")
    assert isinstance(events[-1], TurnFinished)
    step = model.requests[1].messages[-2]
    assert (step.thinking, len(step.calls), step.raw) == ("I must <tool_call> look.", 1, first)
    assert joined(events, ThinkingDelta) == "I must <tool_call> look.There it is."


def test_thinking_alone_is_no_answer(world: World) -> None:
    events = world.turn(world.agent(ScriptedModel(["<think>\nWhat now?\n</think>\n\n"])), "Well?")
    assert isinstance(events[-1], TurnFailed)
    assert events[-1].message == "The model thought, but gave no answer."
    assert "without thinking" in events[-1].hint
    assert [(it.message.thinking, it.status) for it in world.history()] == [("", "failed"), ("What now?", "failed")]


def test_a_context_that_is_full_of_thinking_is_said(world: World) -> None:
    cut = Completion(Message("assistant", thinking="On and on"), "length", TurnStats())
    events = world.turn(world.agent(ScriptedModel([cut])), "Well?")
    assert isinstance(events[-1], TurnFailed)
    assert "had thought to the end" in events[-1].message
    assert "longer context" in events[-1].hint


def test_a_stop_while_it_thinks_keeps_the_thought_and_the_next_prompt_is_clean(world: World) -> None:
    model = ScriptedModel([ANSWER, "Rome."], delay=0.01)
    agent = world.agent(model)

    def stop_soon(event: Event) -> None:
        if isinstance(event, ThinkingDelta):
            world.stop.set()

    events = world.turn(agent, "What is the capital of France?", stop_soon)
    assert isinstance(events[-1], TurnStopped)
    assert events[-1].text == ""
    stopped = world.history()[-1]
    assert (stopped.status, stopped.message.text) == ("stopped", "")
    assert stopped.message.thinking.startswith("France")
    world.stop.clear()
    world.turn(agent, "And of Italy?")
    assert not [message for message in model.requests[1].messages if message.thinking]
