"""A small model guesses for a large one: the same answers, and only models that speak the same tokens."""

import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from desktop_agent.errors import UserFacingError
from desktop_agent.llm.draft_model import ModelSource, vocabularies_agree
from desktop_agent.llm.drafting_paced import PacedDrafter
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.llm.vocabulary import Vocabulary
from desktop_agent.llm.weights import Weights
from tests.helpers import random_gguf
from tests.helpers.asking import ask, chat

EXACT = EngineSettings(key_type="f16", value_type="q8_0", flash_attention=True, draft_most=6)
QUESTION = chat("What is the capital of France, and which river is it on?", max_tokens=24)


@pytest.fixture(scope="module")
def weights(tiny_path: Path) -> Iterator[Weights]:
    weights = Weights.load(tiny_path)
    yield weights
    weights.free()


@pytest.fixture(scope="module")
def source(tiny_path: Path, weights: Weights) -> Iterator[ModelSource]:
    """A model that guesses for itself, so that all it says is right."""
    source = ModelSource.load(tiny_path, weights, EXACT)
    yield source
    source.free()
    source.free()


@pytest.fixture(scope="module")
def tokens(weights: Weights) -> list[int]:
    vocabulary = Vocabulary(weights.vocabulary)
    return vocabulary._plain("The first ten numbers are one, two, three, four, five, six, seven,")


def guessed(source: ModelSource, tokens: list[int], count: int = 6) -> list[int]:
    return [guess.token for guess in islice(source.guesses(tokens), count)]


def test_it_goes_on_as_a_model_would(source, weights, tokens):
    guesses = guessed(source, tokens)
    assert b"".join(map(Vocabulary(weights.vocabulary).piece, guesses)).startswith(b" eight, nine,")
    assert all(0 <= guess.level <= 10 for guess in islice(source.guesses(tokens), 3))


def test_it_reads_only_what_is_new_and_follows_a_text_that_was_cut(source, tokens):
    anew = guessed(source, tokens)
    read = []
    plain = source._sequence.read

    def reading(missing):  # type: ignore[no-untyped-def]
        read.append(list(missing))
        return plain(missing)

    source._sequence.read = reading  # type: ignore[method-assign]
    try:
        assert guessed(source, [*tokens, *anew[:2]])[:4] == anew[2:6]
        assert sum(map(len, read)) <= 7  # what it guessed itself it has read already
        assert guessed(source, tokens[:-4]) != anew
        assert guessed(source, tokens) == anew
    finally:
        source._sequence.read = plain  # type: ignore[method-assign]


def test_of_a_long_text_it_reads_the_end_and_starts_over_where_its_context_ends(tmp_path):
    path = random_gguf.write(tmp_path / "model.gguf", "llama", seed=2)
    target = Weights.load(path)
    source = ModelSource.load(path, target, EXACT)
    try:
        text = list(range(200)) * 8
        assert len(guessed(source, text)) == 6
        assert len(source._sequence.tokens) < 300
        for _more in range(6):
            text += range(200)
            assert len(guessed(source, text, 2)) == 2
            assert len(source._sequence.tokens) <= source._sequence.size < len(text)
        short = list(range(9))
        assert len(guessed(source, short)) == 6
        assert source._sequence.tokens[:9] == short  # a text that it saw nothing of is read from its beginning
    finally:
        source.free()
        target.free()


def test_a_wish_to_stop_ends_its_guesses(source, tokens):
    cancel = threading.Event()
    stop = StopFlag(cancel)
    source.attach(stop)
    cancel.set()
    assert guessed(source, tokens) == []
    source.attach(StopFlag(threading.Event()))
    assert guessed(source, tokens)


def test_answers_are_the_same_with_a_draft_model(small_path):
    """It guesses for itself here; on no machine is that worth it, so the pace is made to think so."""
    with closing(Engine.load(small_path, plan=Plan(1024, EXACT.__class__(value_type="q8_0")))) as plain:
        expected, again = ask(plain, QUESTION), ask(plain, QUESTION)
    with closing(Engine.load(small_path, plan=Plan(1024, EXACT, draft=small_path))) as engine:
        drafter = engine._model._sequence.drafter
        assert isinstance(drafter, PacedDrafter)
        for paced in drafter._sources:
            paced.costs.note(0, 1.0)
        drafter.observe = lambda offered, seconds: None  # type: ignore[method-assign]
        found = ask(engine, QUESTION)
        assert found.message == expected.message
        assert found.stats.drafted_tokens > found.stats.answer_tokens / 2
        cancel = threading.Event()
        cancel.set()
        assert [*engine.generate(QUESTION, cancel)][-1].reason == "cancelled"
        assert ask(engine, QUESTION).message == again.message  # a prompt that is read again is read in other batches


def test_a_model_with_other_tokens_is_refused_in_words(tiny_path, small_path):
    for draft, problem in ((tiny_path, "their vocabularies differ"), (Path("nowhere.gguf"), "cannot be read")):
        with closing(Engine.load(small_path, plan=Plan(512, EXACT, draft=draft))) as engine:
            assert problem in engine.draft_problem


def test_a_model_with_a_running_state_is_refused(tmp_path):
    path = random_gguf.write(tmp_path / "model.gguf", "mamba", seed=1)
    target = Weights.load(path)
    try:
        with pytest.raises(UserFacingError, match="keeps a running state"):
            ModelSource.load(path, target, EXACT)
    finally:
        target.free()


def test_vocabularies_of_one_family_agree(weights, small_path, starter_path):
    one, other = (Weights.load(path) for path in (small_path, starter_path))
    try:
        assert vocabularies_agree(one.vocabulary, other.vocabulary)
        assert not vocabularies_agree(one.vocabulary, weights.vocabulary)
    finally:
        one.free()
        other.free()
