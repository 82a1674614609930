"""Guesses change no answer, only its speed, and are made only where they make it faster."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_agent.events import TextDelta
from desktop_agent.llm.drafting import LONGEST, SHORTEST, Guess, NgramSource
from desktop_agent.llm.drafting_pace import Costs
from desktop_agent.llm.drafting_paced import PacedDrafter
from desktop_agent.llm.engine import Engine
from desktop_agent.llm.loaded import Plan
from desktop_agent.llm.native import StopFlag
from desktop_agent.llm.protocol import Completion, Request, Sampling
from desktop_agent.llm.sequence import Sequence as Cache
from desktop_agent.llm.settings import EngineSettings
from desktop_agent.messages import Message, ToolSpec
from tests.helpers.asking import ask, chat

PLACES = 32
EXACT = EngineSettings(key_type="f16", value_type="q8_0", flash_attention=True, draft_most=6)
"""Settings under which the processor of any machine computes 7 tokens at once with the numbers of one by one."""

WORDS = "Amber boats carry dried eels, figs, grain, honey, ink, jars and kettles to Lisbon; none of them came back."
COPY = f"Repeat this word for word, three times, each time on a line of its own, and say nothing else:\n{WORDS}"
READ = ToolSpec(
    "read_file",
    "Read a text file.",
    {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)


# What is guessed


def naive(tokens: Sequence[int]) -> tuple[int, int]:
    """Return where the longest match of the last tokens ends, and how long it is, by trying everything."""
    ends = [end for end in range(SHORTEST, len(tokens)) if tokens[end - SHORTEST : end] == tokens[-SHORTEST:]]
    best = (0, 0)
    for end in ends[::-1][:PLACES]:
        length = next(n for n in range(1, LONGEST + 2) if tokens[end - n : end] != tokens[-n:] or end < n) - 1
        best = max(best, (end, min(length, LONGEST)), key=lambda match: match[1])
    return best


def guessed(source: NgramSource, tokens: Sequence[int], count: int = 12) -> list[Guess]:
    return list(islice(source.guesses(tokens), count))


texts = st.lists(st.integers(0, 2), max_size=120)


@given(texts)
def test_a_guess_is_what_followed_the_longest_and_then_latest_match(tokens):
    place, length = naive(tokens)
    guesses = guessed(NgramSource(), tokens)
    assert bool(length) == bool(guesses and guesses[0].level >= SHORTEST)
    if length:
        text = list(tokens)
        for guess in guesses:
            assert guess.token == text[place]
            text.append(guess.token)
            place += 1
        assert [guess.level for guess in guesses] == [min(length + n, LONGEST) for n in range(len(guesses))]


@given(texts, st.lists(st.tuples(st.integers(0, 30), st.lists(st.integers(0, 2), max_size=12)), max_size=8))
def test_a_text_that_is_cut_and_goes_on_is_known_as_if_it_had_always_been_so(tokens, edits):
    source = NgramSource()
    guessed(source, tokens)
    for unique, (cut, more) in enumerate(edits, start=3):
        tokens = [*tokens[: max(0, len(tokens) - cut)], unique, *more]
        ours, fresh = guessed(source, tokens), guessed(NgramSource(), tokens)
        if naive(tokens)[1]:
            assert ours == fresh
        else:  # only a source that saw the text grow may know what was copied last
            assert not fresh
            assert all(guess.level < SHORTEST for guess in ours[:1])


def test_a_copy_with_a_changed_word_goes_on_behind_it():
    source = NgramSource()
    text = list(range(100, 140))
    assert [guess.token for guess in guessed(source, [*text, 100, 101, 102], 2)] == [103, 104]
    assert guessed(source, [*text, 100, 101, 102, 7]) == []
    assert [guess.token for guess in guessed(source, [*text, 100, 101, 102, 7, 104], 2)] == [105, 106]
    assert [guess.token for guess in guessed(source, [*text, 100, 101, 102, 7, 104, 105], 2)] == [106, 107]


def test_a_step_costs_the_same_in_a_long_text():
    @dataclass
    class Counted(list):
        looked: int = 0

        def __init__(self, tokens: Sequence[int]) -> None:
            super().__init__(tokens)

        def __getitem__(self, index):  # type: ignore[no-untyped-def]
            found = super().__getitem__(index)
            self.looked += len(found) if isinstance(index, slice) else 1
            return found

        def __iter__(self):  # type: ignore[no-untyped-def]
            raise AssertionError("the whole text is read again")

    source = NgramSource()
    text = Random(1).choices(range(4), k=20_000)  # noqa: S311
    guessed(source, text)
    for more in range(50):
        text.append(more % 4)
        counted = Counted(text)
        guessed(source, counted, 6)
        assert counted.looked < 100


# When it is offered


def steps(drafter: PacedDrafter, prompt: list[int], answer: list[int], cost: float) -> tuple[float, int]:
    """Write an answer on a machine where a guess adds `cost` to a step; return the time and how much was guessed."""
    text, time, offered = list(prompt), 0.0, 0
    while len(text) < len(prompt) + len(answer):
        text.append(answer[len(text) - len(prompt)])
        guesses = drafter.draft(text, 6)
        right = 0
        while guesses[right : right + 1] == answer[len(text) - len(prompt) :][:1] != []:
            text.append(guesses[right])
            right += 1
        taken = 1.0 + cost * len(guesses)
        drafter.observe(len(guesses), taken)
        time += taken
        offered += len(guesses)
    return time, offered


NOVEL, OTHER = (Random(seed).choices(range(10_000), k=600) for seed in (1, 2))  # noqa: S311


def test_a_copy_is_written_faster():
    time, _ = steps(PacedDrafter(NgramSource(), most=6), NOVEL, NOVEL[:400], 0.3)
    assert time < 400 / 2


def test_where_guesses_are_dear_none_are_offered_for_long():
    drafter = PacedDrafter(NgramSource(), most=6)
    time, offered = steps(drafter, NOVEL, NOVEL[:400], 3.0)
    assert offered < 30
    assert time < 400 * 1.15


def test_text_that_repeats_nothing_is_written_plainly():
    assert steps(PacedDrafter(NgramSource(), most=6), NOVEL, OTHER[:400], 0.3) == (400, 0)


def test_what_looks_like_a_copy_and_is_none_loses_little():
    trap = [
        token for n in range(80) for token in (1, 2, 3, 100 + n, 200 + n)
    ]  # the start is the same, never what follows
    time, _ = steps(PacedDrafter(NgramSource(), most=6), trap[:100], trap[100:], 0.3)
    assert time < 300 * 1.08


def test_a_machine_that_was_busy_once_is_tried_again():
    drafter = PacedDrafter(NgramSource(), most=6)
    steps(drafter, NOVEL, NOVEL[:60], 4.0)
    assert steps(drafter, NOVEL, NOVEL[:30], 0.1)[1] == 0
    steps(drafter, NOVEL, OTHER, 0.1)
    steps(drafter, NOVEL, OTHER, 0.1)
    assert steps(drafter, NOVEL, NOVEL[:300], 0.1)[0] < 200


def test_a_single_disturbance_changes_no_mind():
    costs = Costs()
    for seconds in (1.0, 1.1, 40.0, 0.9, 1.0):
        costs.note(0, seconds)
        costs.note(4, 2 * seconds if seconds < 2 else 2.0)
    assert 1.5 < costs.of(4) < 2.5
    assert costs.best_width([0.9] * 6) > 0
    assert costs.best_width([0.1] * 6) == 0


# What comes of it, with real models


@dataclass
class Asked:
    """A costly source that is always wrong."""

    costly: bool = True
    asked: int = 0

    def guesses(self, tokens: Sequence[int]) -> Iterator[Guess]:
        self.asked += 1
        while True:
            yield Guess(-1, 0)

    def attach(self, stop: StopFlag) -> None: ...

    def free(self) -> None: ...


def test_a_costly_source_that_is_always_wrong_is_soon_left_in_peace():
    source = Asked()
    time, _ = steps(PacedDrafter(source, most=6), NOVEL, OTHER, 0.3)
    assert 1 < source.asked < 30
    assert time < len(OTHER) * 1.05


@dataclass
class Rubbish:
    """Guesses at random, sometimes what it was told; counts what it offers."""

    seed: int
    truth: list[int] = field(default_factory=list)
    offered: int = 0
    most_seen: int = 0

    def draft(self, tokens: Sequence[int], most: int) -> list[int]:
        random = Random(self.seed * 10_007 + len(tokens))  # noqa: S311
        right = self.truth[len(tokens) :]
        guesses = [right[n] if n < len(right) and random.random() < 0.6 else random.randrange(40_000) for n in range(6)]
        guesses = guesses[: random.randrange(min(most, 6) + 1)]
        self.offered += len(guesses)
        self.most_seen = max(self.most_seen, most)
        return guesses

    def observe(self, offered: int, seconds: float) -> None: ...

    def attach(self, stop: StopFlag) -> None: ...

    def free(self) -> None: ...


@pytest.fixture(scope="module")
def plain(tiny_path: Path) -> Iterator[Engine]:
    with closing(Engine.load(tiny_path, plan=Plan(1024, replace(EXACT, draft_most=0)))) as engine:
        yield engine


@pytest.fixture(scope="module")
def guessing(tiny_path: Path) -> Iterator[Engine]:
    """The same model with drafting on; tests may put in a drafter of their own."""
    with closing(Engine.load(tiny_path, plan=Plan(1024, EXACT))) as engine:
        yield engine


def cache(engine: Engine) -> Cache:
    return engine._model._sequence


class Steady(PacedDrafter):
    """Measures a machine that nobody else uses."""

    def __init__(self) -> None:
        super().__init__(NgramSource(), most=6)

    def observe(self, offered: int, seconds: float) -> None:
        super().observe(offered, 1.0 + 0.3 * offered)


def anew(engine: Engine, request: Request) -> Completion:
    """Ask with nothing read before: prompts that are read in other batches have other numbers in the last digits."""
    engine.forget(request.chat)
    return ask(engine, request)


@pytest.fixture
def rubbish(guessing: Engine) -> Iterator[Rubbish]:
    before, cache(guessing).drafter = cache(guessing).drafter, Rubbish(3)
    yield cache(guessing).drafter
    cache(guessing).drafter = before


def knowing(engine: Engine, plain: Engine, request: Request, rubbish: Rubbish) -> tuple[Completion, Completion]:
    """Answer plainly, then with a drafter that knows much of that answer."""
    expected = anew(plain, request)
    rubbish.truth = list(cache(plain).tokens)
    return expected, anew(engine, request)


def same(one: Completion, other: Completion) -> None:
    assert [call.arguments for call in other.message.calls] == [call.arguments for call in one.message.calls]
    assert (other.message.text, other.message.raw) == (one.message.text, one.message.raw)
    assert (other.reason, other.call_error) == (one.reason, one.call_error)
    assert other.stats.answer_tokens == one.stats.answer_tokens


REQUESTS = {
    "copy": chat(COPY, max_tokens=120),
    "prose": chat("Write a story about a cat.", max_tokens=40),
    "stop": chat(COPY, max_tokens=120, stop=("honey", "never")),
    "limit": chat(COPY, max_tokens=17),
    "one": chat(COPY, max_tokens=1),
    "warm": replace(chat("Invent words.", max_tokens=40), sampling=Sampling(temperature=1.2, seed=5)),
    "end": chat("What is the capital of France?"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_answers_are_the_same_with_guesses(plain, guessing, name):
    assert isinstance(cache(guessing).drafter, PacedDrafter)
    same(anew(plain, REQUESTS[name]), anew(guessing, REQUESTS[name]))


def test_copying_is_guessed_right(plain, guessing):
    cache(guessing).drafter = Steady()
    expected, found = anew(plain, REQUESTS["copy"]), anew(guessing, REQUESTS["copy"])
    same(expected, found)
    assert found.stats.drafted_tokens > found.stats.answer_tokens / 3
    assert expected.stats.drafted_tokens == 0


@pytest.mark.parametrize("name", REQUESTS)
def test_answers_are_the_same_with_guesses_that_are_half_wrong(plain, guessing, rubbish, name):
    """The end, a stop string, and the last token all come within guesses that are right."""
    expected, found = knowing(guessing, plain, REQUESTS[name], rubbish)
    same(expected, found)
    assert name == "one" or rubbish.offered > 0
    assert cache(guessing).tokens == cache(plain).tokens[: len(cache(guessing).tokens)]
    assert ask(guessing, chat("What is the capital of France?")).message.text == "The capital of France is Paris."


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**20), st.booleans())
def test_no_guess_changes_an_answer(plain, guessing, seed, knows):
    request = chat("List three colours.", max_tokens=20)
    expected = anew(plain, request)
    before = cache(guessing).drafter
    cache(guessing).drafter = Rubbish(seed, list(cache(plain).tokens) if knows else [])
    try:
        found = anew(guessing, request)
    finally:
        cache(guessing).drafter = before
    same(expected, found)
    assert knows or found.stats.drafted_tokens == 0


def test_guesses_go_to_the_end_of_the_context_and_not_beyond(tiny_path):
    request = chat("Write a long story about a cat who learns to sail a boat.", max_tokens=0)
    with closing(Engine.load(tiny_path, plan=Plan(256, replace(EXACT, draft_most=0)))) as plain:
        expected = ask(plain, request)
        truth = list(cache(plain).tokens)
    with closing(Engine.load(tiny_path, plan=Plan(256, EXACT))) as guessing:
        cache(guessing).drafter = Rubbish(1, truth)
        found = ask(guessing, request)
    same(expected, found)
    assert found.reason == "length"
    assert found.stats.prompt_tokens + found.stats.answer_tokens == 256


def test_a_stop_in_the_middle_of_right_guesses_leaves_nothing_wrong_behind(plain, guessing, rubbish):
    request = REQUESTS["copy"]
    whole, again = anew(plain, request).message.text, ask(plain, request).message.text
    rubbish.truth = list(cache(plain).tokens)
    guessing.forget("")
    cancel, shown = threading.Event(), ""
    for event in guessing.generate(request, cancel):
        if isinstance(event, TextDelta):
            shown += event.text
            if len(shown) > 30:
                cancel.set()
    assert event.reason == "cancelled"
    assert event.message.text == shown
    assert whole.startswith(shown)
    assert ask(guessing, request).message.text == again


def test_another_chat_and_a_read_prompt_know_nothing_of_guesses(plain, guessing, rubbish):
    request = replace(REQUESTS["limit"], chat="a")
    expected, found = knowing(guessing, plain, request, rubbish)
    same(expected, found)
    other = replace(chat("What is the capital of France?"), chat="b")
    same(ask(plain, other), ask(guessing, other))
    more = replace(chat(COPY, found.message.text, "Go on.", max_tokens=20), chat="a")
    expected = ask(plain, more)
    rubbish.truth = list(cache(plain).tokens)
    same(expected, ask(guessing, more))


def test_calls_and_values_are_the_same_with_guesses(small_path):
    path = "archive/2024/reports/quarterly_summary_final_v2.txt"
    system = Message("system", "You are a helpful assistant that calls tools.")
    call = Request((system, Message("user", f"Read the file {path}, please.")), (READ,), max_tokens=80)
    schema = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}
    value = replace(chat(f"Which file is this? {path} As JSON with the key path.", max_tokens=60), schema=schema)
    found = []
    for most in (0, 6):
        with closing(Engine.load(small_path, plan=Plan(1024, replace(EXACT, draft_most=most)))) as engine:
            cache(engine).drafter = Steady() if most else None
            found.append([ask(engine, request) for request in (call, value, call)])
    for one, other in zip(*found, strict=True):
        same(one, other)
    assert found[1][0].message.calls[0].arguments == {"path": path}
    assert path in found[1][1].message.text
    assert sum(completion.stats.drafted_tokens for completion in found[1]) > 0
