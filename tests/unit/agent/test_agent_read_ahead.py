"""Reading ahead: the model reads what is certain of a question before it is asked."""

import threading
import time

from desktop_agent.agent.context import ContextWindow
from desktop_agent.agent.prompt import head
from desktop_agent.events import TurnFinished
from desktop_agent.llm.protocol import Request
from desktop_agent.llm.scripted import ScriptedModel
from desktop_agent.messages import Message
from tests.helpers.world import World

WORDS = "word " * 60


def beginning(request: Request) -> str:
    """Return a request as one text, as a template would render it."""
    return "\n".join(f"{it.role}: {it.notes}|{it.raw or it.text}" for it in request.messages)


def test_what_is_typed_is_the_beginning_of_what_is_asked(world: World) -> None:
    model = ScriptedModel(["Paris.", "Rome."])
    agent = world.agent(model)
    world.turn(agent, "What is the capital of France?")
    before = world.history()
    assert agent.read_ahead(world.chat, "And what is the", world.stop) == model.count_tokens(model.prepared[0])
    assert world.history() == before
    world.turn(agent, "And what is the capital of Italy?")
    ahead, asked = model.prepared[0], model.requests[1]
    assert beginning(asked).startswith(beginning(ahead))
    assert ahead.messages[:-1] == asked.messages[:-1]
    assert (ahead.tools, ahead.allow_calls, ahead.chat, ahead.head) == (asked.tools, True, world.chat, asked.head)


def test_without_words_the_chat_itself_is_read(world: World) -> None:
    model = ScriptedModel(["Paris.", "Rome."])
    agent = world.agent(model)
    agent.read_ahead("", "", world.stop)
    world.turn(agent, "What is the capital of France?")
    agent.read_ahead(world.chat, " \n", world.stop)
    world.turn(agent, "And of Italy?")
    empty, chat = model.prepared
    assert empty.messages == head(model.parameters) == model.requests[0].messages[: empty.head]
    assert chat.messages == model.requests[1].messages[: len(chat.messages)]
    assert chat.messages[-1].text == "Paris."


def test_the_notes_are_those_of_the_question_and_no_memory_counts_as_used(world: World) -> None:
    saved = world.store.saved.add("My cat is called Schrödinger.", "written")
    model, memory = ScriptedModel(["Schrödinger."]), world.memory()
    agent = world.agent(model, memory)
    agent.read_ahead(world.chat, "What is my cat called?", world.stop)
    (unused,) = world.store.saved.list()
    assert not unused.used_at
    world.turn(agent, "What is my cat called? Tell me.")
    ahead, asked = model.prepared[0].messages[-1], model.requests[0].messages[-1]
    assert saved.text in ahead.notes
    assert (ahead.notes, ahead.noted) == (asked.notes, asked.noted)


def test_a_wish_that_is_only_typed_is_not_taken(world: World) -> None:
    agent = world.agent(ScriptedModel([]), world.memory())
    agent.read_ahead(world.chat, "Remember that my cat is called Tom.", world.stop)
    assert world.store.saved.list() == []


def test_a_long_draft_pushes_nothing_out_for_good(world: World) -> None:
    model = ScriptedModel([WORDS] * 3, context_size=700)
    agent = world.agent(model)
    for number in range(2):
        world.turn(agent, f"Question {number} {WORDS}")
    agent.read_ahead(world.chat, WORDS * 5, world.stop)
    assert len(model.prepared[0].messages) < 5
    world.turn(agent, "Short?")
    assert len(model.requests[-1].messages) == 6, "the draft was deleted, and all of the chat fits again"


class Full(ScriptedModel):
    """Refuses whatever it is to read."""

    def prepare(self, request: Request, cancel: threading.Event) -> int:
        return sum(1 for _ in self.generate(request, cancel))


def test_what_does_not_fit_is_no_matter_before_it_is_asked(world: World) -> None:
    agent = world.agent(Full([], context_size=50))
    assert agent.read_ahead(world.chat, WORDS, world.stop) == 0


def test_a_slow_look_up_does_not_hold_the_question_up(world: World) -> None:
    released = threading.Event()

    class Slow:
        def __getattr__(self, name: str) -> object:
            return lambda *_: released.wait(5) and ()

    model, stop = ScriptedModel(["Hi."]), threading.Event()
    agent = world.agent(model, Slow())  # type: ignore[arg-type]
    threading.Timer(0.05, stop.set).start()
    began = time.monotonic()
    assert agent.read_ahead(world.chat, "What is my cat", stop) == 0
    assert time.monotonic() - began < 0.25
    assert model.prepared == []
    released.set()
    assert isinstance(world.turn(agent, "Hi?")[-1], TurnFinished)


def test_each_request_says_whose_it_is_and_what_is_the_same_in_every_chat(world: World) -> None:
    thinks = [False, True]
    model = ScriptedModel(["Hello."])
    window = ContextWindow(model, lambda _chat: (), lambda: thinks[-1])
    stored = world.transcript.append(world.chat, Message("user", "Hi"))
    request, _ = window.request(world.chat, [stored], allow_calls=False)
    assert (request.chat, request.head, request.thinking) == (world.chat, 1, True)
    thinks.append(False)
    assert not window.request(world.chat, [stored], allow_calls=False)[0].thinking
