"""What goes into the prompt, and what is left out: never silently."""

from desktop_agent.agent.context import ContextWindow
from desktop_agent.events import ContextChanged, TurnFailed
from desktop_agent.llm.protocol import Request
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message, ToolCall
from tests.helpers.world import World

WORDS = "word " * 60


def test_old_turns_are_left_out_with_a_count_and_the_beginning_stays(world: World) -> None:
    model = ScriptedModel([WORDS] * 12, context_size=700)
    agent = world.agent(model)
    counts, firsts = [], []
    for number in range(12):
        events = world.turn(agent, f"Question {number} {WORDS}")
        counts.append(next(event.left_out for event in events if isinstance(event, ContextChanged)))
        firsts.append(model.requests[-1].messages[1].text)
    assert counts[0] == 0
    assert counts[-1] > 0
    assert counts == sorted(counts)
    assert len(set(firsts)) < 6, "each new beginning makes the model read everything again"
    assert model.requests[-1].messages[0].role == "system"
    assert all(model.count_tokens(request) <= 700 for request in model.requests)


def test_a_long_result_is_cut_visibly(world: World, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("long")
    (folder / "long.txt").write_text("line of text\n" * 900, encoding="utf-8")
    world.folders.grant(str(folder))
    call = '<tool_call>\n{"name": "read_file", "arguments": {"path": "long.txt"}}\n</tool_call>'
    model = ScriptedModel([call, "Long."], context_size=1200)
    world.turn(world.agent(model), "Read it.")
    result = model.requests[1].messages[-1].text
    assert "[Cut here" in result
    assert model.count_tokens(model.requests[1]) < 1200


def test_an_interrupted_turn_does_not_leave_two_user_messages_in_a_row(world: World) -> None:
    world.transcript.append(world.chat, Message("user", "First"))
    world.transcript.append(world.chat, Message("assistant"), "streaming")
    world.transcript.mark_interrupted()
    model = ScriptedModel(["Both."])
    world.turn(world.agent(model), "Second")
    (_, merged) = model.requests[0].messages
    assert merged.role == "user"
    assert merged.text == "First\n\nSecond"


def test_a_refused_question_does_not_push_the_conversation_out(world: World) -> None:
    model = ScriptedModel(["Hello Ada.", "Ada."], context_size=700)
    agent = world.agent(model)
    world.turn(agent, "My name is Ada.")
    assert isinstance(world.turn(agent, "word " * 900)[-1], TurnFailed)
    world.turn(agent, "Who am I?")
    assert [message.text for message in model.requests[-1].messages[1:]] == [
        "My name is Ada.",
        "Hello Ada.",
        "Who am I?",
    ]


class CountingModel(ScriptedModel):
    """Counts how often it is asked for the length of a prompt."""

    counted = 0

    def count_tokens(self, request: Request) -> int:
        self.counted += 1
        return super().count_tokens(request)


def test_forgotten_turns_do_not_push_the_question_out(world: World) -> None:
    model = ScriptedModel([WORDS] * 12 + ["Yes."], context_size=700)
    agent = world.agent(model)
    for number in range(12):
        world.turn(agent, f"Question {number} {WORDS}")
    said = [stored.id for stored in world.transcript.history(world.chat) if stored.message.role == "user"]
    world.store.forgetting.forget([("message", id_) for id_ in said[:10]])
    events = world.turn(agent, "Are you there?")
    assert model.requests[-1].messages[-1].text == "Are you there?"
    assert model.requests[-1].messages[1].text.startswith("Question 10")
    assert next(event.left_out for event in events if isinstance(event, ContextChanged)) == 0


def test_a_long_conversation_is_not_read_again_for_each_turn_that_is_left_out(world: World) -> None:
    for _ in range(200):
        world.transcript.append(world.chat, Message("user", WORDS))
        world.transcript.append(world.chat, Message("assistant", WORDS))
    model = CountingModel(["Yes."], context_size=700)
    world.turn(world.agent(model), "Still there?")
    assert model.counted < 20
    assert len(model.requests[0].messages) > 1


def test_no_context_is_too_small_to_cut_a_result(world: World) -> None:
    class LongHead(ScriptedModel):
        def count_tokens(self, request: Request) -> int:
            return 1000 + super().count_tokens(request)

    assert (
        ContextWindow(LongHead([], context_size=512), lambda _chat: ()).shorten("some text").startswith("\n[Cut here")
    )


def test_a_call_whose_result_was_lost_gets_one(world: World) -> None:
    world.transcript.append(world.chat, Message("user", "What time is it?"))
    lost = Message("assistant", raw="<tool_call>", calls=(ToolCall("c1", "current_time"),))
    world.transcript.append(world.chat, lost)
    model = ScriptedModel(["Late."])
    world.turn(world.agent(model), "Well?")
    assert [message.role for message in model.requests[0].messages[1:]] == ["user", "assistant", "tool", "user"]
