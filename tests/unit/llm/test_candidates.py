"""Several answers to one prompt in one pass: each is what it would be alone, and the chat goes on as before."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.protocol import Completion, Request, Sampling
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.messages import Message, ToolSpec
from tests.helpers import random_gguf
from tests.helpers.asking import ask, chat

EXACT = EngineSettings(key_type="f16", value_type="q8_0", flash_attention=True)
WARM = Sampling(temperature=1.0, seed=11)
PARIS = "What is the capital of France?"
READ = ToolSpec(
    "read_file",
    "Read a text file.",
    {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)


@pytest.fixture(scope="module")
def engine(tiny_path: Path) -> Iterator[Engine]:
    with closing(Engine.load(tiny_path, plan=Plan(1024, EXACT))) as engine:
        yield engine


def warm(text: str, **changes: object) -> Request:
    return replace(chat(text, max_tokens=24), sampling=WARM, **changes)


def alone(engine: Engine, request: Request, count: int) -> list[Completion]:
    """Return the answers that the candidates should be, written one after the other behind a prompt that is read.

    A prompt that is read in other batches has other numbers in the last digits.
    """
    ask(engine, replace(request, max_tokens=1))
    seeds = range(request.sampling.seed, request.sampling.seed + count)
    return [ask(engine, replace(request, sampling=replace(request.sampling, seed=seed))) for seed in seeds]


def together(engine: Engine, request: Request, count: int) -> tuple[Completion, ...]:
    """Return the candidates; the cache must hold what it holds after reading the prompt, and nothing else."""
    import llama_cpp

    completions = engine.candidates(request, count, threading.Event())
    sequence = engine._model._sequence
    memory = llama_cpp.llama_get_memory(sequence.context)
    assert len(completions) == count
    assert sequence.tokens == engine._model._prompts.tokens(request)[: len(sequence.tokens)]
    assert len(sequence.tokens) >= completions[0].stats.prompt_tokens
    assert llama_cpp.llama_memory_seq_pos_max(memory, 0) == len(sequence.tokens) - 1
    if sequence.cuts:
        assert {llama_cpp.llama_memory_seq_pos_max(memory, number) for number in range(1, 8)} == {-1}
    return completions


def texts(completions: list[Completion] | tuple[Completion, ...]) -> list[tuple[str, str, int]]:
    return [(each.message.text, each.reason, each.stats.answer_tokens) for each in completions]


@pytest.mark.parametrize(
    "request_", [warm("Invent a name for a cat, and a story."), warm(PARIS), warm("Hi.", stop=("e",))]
)
def test_each_is_what_it_would_be_alone_and_ends_by_itself(engine, request_):
    expected = texts(alone(engine, request_, 5))
    assert texts(together(engine, request_, 5)) == expected
    assert len(set(expected)) > 1


def test_the_prompt_is_read_once_and_the_next_step_reads_nothing_again(engine):
    ask(engine, chat("Something else."))
    request = warm("Tell me about ships. " * 10)
    first, *others = together(engine, request, 4)
    assert first.stats.read_tokens > 50
    assert first.stats.write_seconds > 0
    assert all(other.stats.read_tokens == other.stats.write_seconds == 0 for other in others)
    assert ask(engine, request).stats.read_tokens == 1


def test_without_chance_all_are_the_plain_answer(engine):
    (plain,) = alone(engine, chat(PARIS), 1)
    assert texts(together(engine, chat(PARIS), 3)) == texts([plain] * 3)


def test_one_candidate_and_as_many_as_there_is_room_for(engine):
    expected = texts(alone(engine, warm(PARIS), 7))
    assert texts(together(engine, warm(PARIS), 1)) == expected[:1]
    assert texts(together(engine, warm(PARIS), 7)) == expected
    for count in (0, 8):
        with pytest.raises(ValueError, match="between 1 and 7"):
            engine.candidates(warm(PARIS), count, threading.Event())


def test_together_they_fit_the_context(tiny_path):
    with closing(Engine.load(tiny_path, plan=Plan(256, EXACT))) as engine:
        completions = together(engine, warm("Write a long story about a cat.", max_tokens=0), 5)
        room = (256 - completions[0].stats.prompt_tokens) // 5
        assert max(each.stats.answer_tokens for each in completions) == room
        assert {each.reason for each in completions} <= {"length", "end"}
        with pytest.raises(UserFacingError, match="holds 256"):
            engine.candidates(warm("word " * 300), 2, threading.Event())
        assert ask(engine, chat(PARIS)).message.text == "The capital of France is Paris."


@pytest.mark.parametrize("when", [0.0, 0.05, 0.6])
def test_they_can_be_stopped_and_leave_nothing_wrong_behind(engine, when):
    ask(engine, chat("Something else."))
    cancel = threading.Event()
    timer = threading.Timer(when, cancel.set)
    timer.start()
    asked = time.perf_counter()
    completions = engine.candidates(warm("Tell me a long story. " * 20, max_tokens=400), 3, cancel)
    print(f"stopped after {time.perf_counter() - asked:.2f} s, wanted after {when} s")
    timer.join()
    assert [each.reason for each in completions] == ["cancelled"] * 3
    assert ask(engine, chat(PARIS)).message.text == "The capital of France is Paris."
    expected = texts(alone(engine, warm(PARIS), 2))
    assert texts(together(engine, warm(PARIS), 2)) == expected


def test_what_is_wrong_with_a_request_leaves_nothing_behind(engine):
    broken = replace(chat(PARIS), schema={"enum": []})
    with pytest.raises(ValueError, match="enum needs"):
        engine.candidates(broken, 3, threading.Event())
    expected = texts(alone(engine, warm(PARIS), 2))
    assert texts(together(engine, warm(PARIS), 2)) == expected


def test_calls_are_steered_and_values_keep_to_their_schema(small_path):
    system = Message("system", "You are a helpful assistant that calls tools.")
    call = Request((system, Message("user", "Read the file notes.txt, please.")), (READ,), max_tokens=60, sampling=WARM)
    schema = {"type": "object", "properties": {"city": {"enum": ["Rome", "Paris"]}}, "required": ["city"]}
    with closing(Engine.load(small_path, plan=Plan(1024, EXACT))) as engine:
        expected = alone(engine, call, 4)
        calls = together(engine, call, 4)
        values = together(engine, warm(PARIS, schema=schema), 2)
    assert [each.message.raw for each in calls] == [each.message.raw for each in expected]
    assert any(each.message.calls and each.message.calls[0].arguments == {"path": "notes.txt"} for each in calls)
    assert [each.message.text.replace(" ", "") for each in values] == ['{"city":"Paris"}'] * 2


@pytest.mark.parametrize("architecture", random_gguf.architectures())
def test_models_of_every_family_write_them(tmp_path, architecture):
    """Those with a running state one after the other."""
    path = random_gguf.write(tmp_path / "model.gguf", architecture, seed=5)
    request = warm("Hello there, who are you?", max_tokens=8)
    with closing(Engine.load(path, plan=Plan(512))) as engine:
        expected = texts(alone(engine, request, 3))
        assert texts(engine.candidates(request, 3, threading.Event())) == expected
        assert texts(alone(engine, request, 3)) == expected
        stopped = threading.Event()
        stopped.set()
        assert [each.reason for each in engine.candidates(request, 3, stopped)] == ["cancelled"] * 3
