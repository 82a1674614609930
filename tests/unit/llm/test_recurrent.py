"""Models that keep a state and cannot forget a part of it chat as right as the others."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.events import PromptProgress
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.protocol import Completion, Request
from desktop_agent.messages import Message
from tests.helpers import random_gguf
from tests.helpers.asking import ask

HEAD = Message("system", "Be brief. " * 12)


@pytest.fixture(scope="module", params=random_gguf.architectures())
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_gguf.write(tmp_path_factory.mktemp("random") / "model.gguf", request.param, seed=5)


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    with closing(Engine.load(path, plan=Plan(1024))) as engine:
        yield engine


def talk(name: str, *texts: str) -> Request:
    said = [Message("assistant" if n % 2 else "user", text) for n, text in enumerate(texts)]
    return Request((HEAD, *said), max_tokens=10, chat=name, head=1)


def next_token(engine: Engine, request: Request) -> tuple[Completion, list[float]]:
    """Return the step, one token long, and the logits that this token was chosen from."""
    completion = ask(engine, replace(request, max_tokens=1))
    logits = engine._model._sequence.logits()
    return completion, [logits[token] for token in range(256)]


def reads_right(engine: Engine, path: Path, request: Request) -> int:
    """Return how many tokens were reused; what comes next must be what a model says that has read nothing before.

    Not to the last digit: how many tokens are computed together changes the rounding.
    """
    completion, reusing = next_token(engine, request)
    with closing(Engine.load(path, plan=Plan(1024))) as fresh:
        _, anew = next_token(fresh, request)
    assert max(abs(one - other) for one, other in zip(reusing, anew, strict=True)) < 0.05
    return completion.stats.reused_tokens


def test_a_chat_goes_on_where_it_was(engine, path):
    first = ask(engine, talk("a", "Hello there."))
    second = talk("a", "Hello there.", first.message.text, "And now?")
    assert reads_right(engine, path, second) >= first.stats.prompt_tokens


def test_an_edited_message_is_read_from_the_head_on(engine, path):
    ask(engine, talk("a", "Hello there."))
    edited = talk("a", "Good morning.")
    assert reads_right(engine, path, edited) > 100  # the head


def test_an_answer_that_was_taken_back_is_read_from_its_question_on(engine, path):
    first = ask(engine, talk("a", "Hello there."))
    other = talk("a", "Hello there.", "Something that was never said.", "And now?")
    assert reads_right(engine, path, other) >= first.stats.prompt_tokens - 30


def test_chats_take_turns(engine, path):
    one, other = ask(engine, talk("a", "Hello there.")), ask(engine, talk("b", "Good morning. " * 9))
    for name, question, answer in (("a", "Hello there.", one), ("b", "Good morning. " * 9, other)):
        request = talk(name, question, answer.message.text, "And now?")
        assert reads_right(engine, path, request) >= answer.stats.prompt_tokens


def test_a_stop_while_reading_leaves_nothing_wrong_behind(engine, path):
    request = talk("a", "Hello there. " * 40)
    cancel = threading.Event()
    for event in engine.generate(request, cancel):
        if isinstance(event, PromptProgress) and event.done > 150:
            cancel.set()
    assert reads_right(engine, path, request) > 100


def test_what_is_typed_is_read_ahead_and_may_change(engine, path):
    first = ask(engine, talk("a", "Hello there."))
    engine.prepare(talk("a", "Hello there.", first.message.text, "What I ty"), threading.Event())
    sent = talk("a", "Hello there.", first.message.text, "Something else")
    assert reads_right(engine, path, sent) >= first.stats.prompt_tokens


def test_the_same_question_twice(engine):
    request = talk("a", "Hello there.")
    first = ask(engine, request)
    again = ask(engine, request)
    assert again.message == first.message
    assert again.stats.reused_tokens > 100


def test_a_stop_string_and_the_next_turn(engine, path):
    whole = ask(engine, talk("a", "Hello there.")).message.text
    stop = whole[len(whole) // 2 :][:1]
    cut = ask(engine, replace(talk("a", "Hello there."), stop=(stop,)))
    assert whole.startswith(cut.message.text)
    request = talk("a", "Hello there.", cut.message.text, "And now?")
    assert reads_right(engine, path, request) > 100
