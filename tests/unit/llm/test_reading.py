"""Nothing is read twice: chats that were left, edited messages, heads on disk, what is typed."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.protocol import Request
from desktop_agent.llm.snapshots import Snapshots
from desktop_agent.messages import Message, ToolSpec
from tests.helpers.asking import ask

TOOL = ToolSpec("read_file", "Read a text file.", {"type": "object", "properties": {"path": {"type": "string"}}})
HEAD = Message("system", "You are a careful assistant. " + "Be brief and friendly, and say when you do not know. " * 8)
IDENTITY = "0" * 64
LONG = "Tell me about cats. " * 10


@pytest.fixture
def engine(tiny_path: Path, tmp_path: Path) -> Iterator[Engine]:
    with closing(started(tiny_path, tmp_path)) as engine:
        yield engine


def started(path: Path, home: Path, **changes: object) -> Engine:
    plan = Plan(2048, snapshots=Snapshots(home / "heads"), identity=IDENTITY)
    return Engine.load(path, plan=replace(plan, **changes))


def talk(name: str, *texts: str, head: bool = True) -> Request:
    """Return the next step of a chat: user and assistant take turns, the user has the last word."""
    said = [Message("assistant" if n % 2 else "user", text) for n, text in enumerate(texts)]
    return Request((HEAD, *said), (TOOL,), max_tokens=8, chat=name, head=1 if head else 0)


def test_a_chat_that_was_left_is_not_read_again(engine, tiny_path, tmp_path):
    first = talk("cats", LONG)
    answer = ask(engine, first).message.text
    ask(engine, talk("dogs", "Tell me about dogs. " * 10))
    back = talk("cats", first.messages[-1].text, answer, "Why?")
    again = ask(engine, back)
    assert again.stats.read_tokens < 30
    assert again.stats.reused_tokens > engine.count_tokens(first)
    with closing(started(tiny_path, tmp_path, snapshots=None)) as fresh:
        assert ask(fresh, back).message == again.message


def test_what_belongs_to_no_chat_disturbs_none(engine):
    first = talk("cats", LONG)
    answer = ask(engine, first).message.text
    ask(engine, replace(talk("", "Something else. " * 20), tools=(), head=0))
    again = ask(engine, talk("cats", first.messages[-1].text, answer, "Why?"))
    assert again.stats.read_tokens < 30


def test_an_edited_message_keeps_what_stands_before_it(engine):
    ask(engine, talk("cats", LONG, "They are small.", "And lions? " * 20))
    edited = ask(engine, talk("cats", LONG, "They are small.", "And tigers? " * 20))
    assert edited.stats.reused_tokens > engine.count_tokens(talk("cats", LONG))
    assert edited.stats.read_tokens < 90


def test_without_room_nothing_waits(tiny_path, tmp_path):
    with closing(started(tiny_path, tmp_path, parked=0)) as engine:
        first = talk("cats", LONG)
        answer = ask(engine, first).message.text
        ask(engine, talk("dogs", "Tell me about dogs."))
        again = ask(engine, talk("cats", first.messages[-1].text, answer, "Why?"))
        assert again.stats.read_tokens > 50


def test_a_chat_that_is_forgotten_is_read_again(engine):
    first = talk("cats", LONG)
    ask(engine, first)
    engine.forget("cats")
    assert ask(engine, first).stats.read_tokens > 50
    ask(engine, talk("dogs", "Tell me about dogs."))
    engine.forget("cats")
    assert ask(engine, first).stats.read_tokens > 50


def test_the_head_is_read_once_in_the_life_of_a_model(tiny_path, tmp_path):
    request = talk("one", "What is the capital of France?")
    with closing(started(tiny_path, tmp_path)) as engine:
        cold = ask(engine, request)
    with closing(started(tiny_path, tmp_path)) as engine:
        warm = ask(engine, replace(talk("two", "What is the capital of France?")))
    assert cold.stats.reused_tokens == 0
    assert warm.stats.read_tokens < 20
    assert warm.message == cold.message
    (file,) = (tmp_path / "heads").iterdir()
    assert b"France" not in file.read_bytes()


@pytest.mark.parametrize("changes", [{"identity": "1" * 64}, {"identity": ""}], ids=["another file", "an unknown file"])
def test_another_model_reads_the_head_itself(tiny_path, tmp_path, changes):
    for change in ({}, changes):
        with closing(started(tiny_path, tmp_path, **change)) as engine:
            assert ask(engine, talk("one", "Hi.")).stats.reused_tokens == 0


def test_a_damaged_head_is_read_again_without_a_word(tiny_path, tmp_path):
    with closing(started(tiny_path, tmp_path)) as engine:
        whole = ask(engine, talk("one", "Hi."))
    (file,) = (tmp_path / "heads").iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    with closing(started(tiny_path, tmp_path)) as engine:
        again = ask(engine, talk("one", "Hi."))
    assert again.stats.reused_tokens == 0
    assert again.message == whole.message


def test_another_head_has_a_snapshot_of_its_own(engine, tmp_path):
    ask(engine, talk("one", "Hi."))
    ask(engine, replace(talk("two", "Hi."), tools=()))
    engine.close()
    assert len(list((tmp_path / "heads").iterdir())) == 2


def test_what_is_typed_is_read_before_it_is_sent(engine):
    typed, sent = (
        "Please tell me everything that you know about the cap",
        "Please tell me everything that you know about the capital of France.",
    )
    ready = engine.prepare(talk("one", typed), threading.Event())
    answer = ask(engine, talk("one", sent))
    assert answer.stats.reused_tokens >= ready - 2 > 100
    assert answer.stats.read_tokens < 20


def test_reading_ahead_ends_at_once_and_keeps_what_it_has(engine):
    request = talk("one", LONG * 3)
    cancel = threading.Event()
    cancel.set()
    assert engine.prepare(request, cancel) == 0
    timer = threading.Timer(0.3, cancel.set)
    cancel.clear()
    timer.start()
    ready = engine.prepare(request, cancel)
    timer.join()
    assert ask(engine, request).stats.reused_tokens >= ready - 1


def test_an_empty_chat_is_its_head(engine, tmp_path):
    ready = engine.prepare(Request((HEAD,), (TOOL,), chat="one", head=1), threading.Event())
    assert ask(engine, talk("one", "Hi.")).stats.reused_tokens == ready > 100
    engine.close()
    assert len(list((tmp_path / "heads").iterdir())) == 1
