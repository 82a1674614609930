"""Reading ahead with a real model: what was read while it was typed is not read again, and a question never waits."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_agent.events import TextDelta, TurnFinished
from desktop_agent.llm.engine import Engine
from tests.helpers.world import World

QUESTION = "What is my cat called, and what does he like to eat for breakfast? Answer in one sentence."
TYPED = "What is my cat called, and what does he like to eat"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.store.saved.add("My cat is called Schrödinger and likes tuna.", "written")
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def engine(tiny_path: Path) -> Iterator[Engine]:
    made = Engine.load(tiny_path)
    yield made
    made.close()


def test_what_was_typed_is_not_read_again(world: World, engine: Engine) -> None:
    agent = world.agent(engine, world.memory())
    read = agent.read_ahead("", TYPED, world.stop)
    events = world.turn(agent, QUESTION, lambda event: world.stop.set() if isinstance(event, TextDelta) else None)
    stats = events[-1].stats
    assert not isinstance(events[-1], TurnFinished), "one word is enough here"
    assert stats.reused_tokens >= read - 1
    assert stats.read_tokens <= 20
    world.stop.clear()
    agent.read_ahead(world.chat, "And how", world.stop)
    events = world.turn(agent, "And how old?", lambda event: world.stop.set() if isinstance(event, TextDelta) else None)
    assert events[-1].stats.read_tokens <= 10


def test_a_question_does_not_wait_for_what_is_read_ahead(world: World, engine: Engine) -> None:
    agent = world.agent(engine)
    agent.read_ahead("", "", world.stop)
    stop, stopped = threading.Event(), []
    timer = threading.Timer(0.4, lambda: (stopped.append(time.monotonic()), stop.set()))
    timer.start()
    agent.read_ahead("", "word " * 3000, stop)
    late = time.monotonic() - stopped[0]
    timer.join()
    assert 0 <= late < 0.2
